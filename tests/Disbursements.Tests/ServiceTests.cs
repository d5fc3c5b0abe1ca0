using Grants.Disbursements.Domain;
using Grants.Testing;

namespace Grants.Disbursements.Tests;

[Trait("Database", "both")]
public sealed class ServiceTests
{
    [Fact]
    public async Task Every_route_names_its_access_rule()
    {
        await using var service = await ServiceFixture.StartAsync(DisbursementsService.Definition);
        service.AssertEveryRouteHasAccessRule();
    }

    [Fact]
    public async Task Every_entity_survives_both_databases() => await new RoundTrip(DisbursementsService.Definition)
        .With<Grant>(nameof(Grant.AgreedMinor), 7L)
        .With<Grant>(nameof(Grant.AwardedMinor), 9L)
        .With<Grant>(nameof(Grant.CorrectedMinor), 8L)
        .With<Instalment>(nameof(Instalment.State), InstalmentState.Paid)
        .With<BudgetCorrection>(nameof(BudgetCorrection.TotalMinor), 9L)
        .With<BudgetCorrection>(nameof(BudgetCorrection.GrantMinor), 7L)
        .With<CorrectedLine>(nameof(CorrectedLine.BeforeMinor), 9L)
        .With<CorrectedLine>(nameof(CorrectedLine.TotalMinor), 7L)
        .With<GranteeDocument>(nameof(GranteeDocument.State), GranteeDocumentState.Accepted)
        .With<LedgerAccount>(nameof(LedgerAccount.Kind), LedgerAccountKind.Funder)
        .With<LedgerAccount>(nameof(LedgerAccount.Currency), "BAM")
        .With<LedgerTransfer>(nameof(LedgerTransfer.Kind), LedgerTransferKind.Budget)
        .With<LedgerTransfer>(nameof(LedgerTransfer.CreditAccountId), LedgerAccount.CallOf(Guid.Empty))
        .First(db => db.Add(LedgerAccount.ForCall(Guid.Empty, "BAM")))
        .CheckAsync();

    [Fact]
    public void Texts_are_complete_in_every_language() => Assert.Equal("", string.Join("\n", TextsCheck.Problems(typeof(DisbursementsService).Assembly)));
}

using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Disbursements.Tests;

public sealed class LifeTests
{
    [Fact]
    public async Task A_grant_goes_from_award_to_paid_through_the_pages()
    {
        await using var life = await Life.AwardedAsync();
        Assert.Contains("Give bank account", await life.PageAsync(life.President, life.GrantUrl), StringComparison.Ordinal);
        await life.GiveAccountAsync();
        Assert.Contains("Prepare agreement", await life.PageAsync(life.Officer, life.GrantUrl), StringComparison.Ordinal);
        Assert.Contains("6,400.00 BAM", await life.PageAsync(life.Officer, $"{life.GrantUrl}/preparation"), StringComparison.Ordinal);
        await life.OfferAsync();

        var offered = Assert.Single(await life.Service.Events<AgreementOffered>());
        Assert.Equal(("L4C-2026-00042/A1", 8_000_00L, "BAM"), (offered.AgreementNumber, offered.AmountMinor, offered.Currency));
        var agreement = await life.PageAsync(life.President, $"{life.GrantUrl}/agreement");
        Assert.Contains("6,400.00 BAM: when this agreement is in force", agreement, StringComparison.Ordinal);
        Assert.Contains("Čist grad {title}", agreement, StringComparison.Ordinal);
        Assert.Contains(offered.TextSha256, agreement, StringComparison.Ordinal);

        await life.AcceptAsync(life.President);
        await life.AcceptAsync(life.DecisionMaker);
        var signed = await life.Service.Events<AgreementSigned>();
        Assert.Equal([("grantee", false), ("funder", true)], signed.Select(s => (s.Side, s.InForce)));
        Assert.All(signed, s => Assert.Equal(offered.TextSha256, s.TextSha256));
        var requested = Assert.Single(await life.Service.Events<InstalmentRequested>());
        Assert.Equal((1, 6_400_00L), (requested.Number, requested.AmountMinor));

        await life.ApproveAsync(life.Finance1, requested.InstalmentId);
        await life.ApproveAsync(life.Finance2, requested.InstalmentId);
        Assert.Equal([(1, false), (2, true)], (await life.Service.Events<PaymentApproved>()).Select(a => (a.Approvals, a.Complete)));

        var list = await life.ListAsync(life.Finance1);
        Assert.Contains("6,400.00 BAM", await life.PageAsync(life.Auditor, list), StringComparison.Ordinal);
        await life.DoAsync(life.Finance2, $"/payments/{requested.InstalmentId}/settlement", new { statementLine = "14/3", paidOn = "2027-01-04" });
        var settled = Assert.Single(await life.Service.Events<PaymentSettled>());
        Assert.Equal((6_400_00L, new DateOnly(2027, 1, 4)), (settled.AmountMinor, settled.PaidOn));

        var page = await life.PageAsync(life.President, life.GrantUrl);
        Assert.Contains("Remaining 1,600.00 BAM", page, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounters(0, 0, 1_600_00, 6_400_00), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        Assert.Contains("The books are right", await life.PageAsync(life.Auditor, $"/ledger/{life.CallId}"), StringComparison.Ordinal);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Grants_and_payments_are_told_to_the_neighbours_as_figures()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        Assert.Equal(new Dictionary<string, string> { ["definitions"] = "1 0", ["awarded"] = "1 800000 BAM", ["paid"] = "0 0" }, await life.Service.FiguresAsync(life.CallId));
        await life.DoAsync(life.Finance2, $"/payments/{instalment}/settlement", new { statementLine = "14/3", paidOn = "2027-01-04" });
        Assert.Equal("1 640000 BAM", (await life.Service.FiguresAsync(life.CallId))["paid"]);
    }

    [Fact]
    public async Task Versions_of_a_grants_events_only_grow()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        await life.DoAsync(life.Finance2, $"/payments/{instalment}/settlement", new { statementLine = "14/3", paidOn = "2027-01-04" });
        var versions = (await life.Service.Events<AgreementOffered>()).Select(e => e.SubjectVersion).Concat((await life.Service.Events<AgreementSigned>()).Select(e => e.SubjectVersion))
            .Concat((await life.Service.Events<InstalmentRequested>()).Select(e => e.SubjectVersion)).Concat((await life.Service.Events<PaymentApproved>()).Select(e => e.SubjectVersion))
            .Concat((await life.Service.Events<PaymentSettled>()).Select(e => e.SubjectVersion)).ToList();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(versions.Count, versions.Distinct().Count());
    }

    [Fact]
    public async Task Every_action_is_in_the_audit_trail_with_its_person()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        var trail = await life.Db(db => db.Set<Platform.Persistence.AuditEntry>().AsNoTracking().ToListAsync());
        Assert.Contains(trail, entry => entry.Action == "grant.account-given" && entry.PersonId == life.President.PersonId);
        Assert.Contains(trail, entry => entry.Action == "grant.agreement-offered" && entry.PersonId == life.Officer.PersonId);
        Assert.Contains(trail, entry => entry.Action == "grant.accepted-by-funder" && entry.PersonId == life.DecisionMaker.PersonId);
        Assert.Contains(trail, entry => entry.Action == "payment.approved-last" && entry.PersonId == life.Finance2.PersonId && entry.Subject == instalment.ToString());
    }

    [Fact]
    public async Task The_agreements_bytes_are_stored_under_their_hash()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.OfferAsync();
        var agreement = await life.Db(db => db.Agreements.SingleAsync());
        var bytes = await life.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Agreements, agreement.TextSha256);
        Assert.Equal(agreement.TextSha256, CanonicalJson.Sha256Hex(bytes));
        Assert.DoesNotContain((byte)'\r', bytes!);
    }
}

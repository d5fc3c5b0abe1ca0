using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;

namespace Grants.Disbursements.Tests.Features.Payments;

[Trait("Database", "both")]
public sealed class SettlementTests
{
    static string Url(Guid instalment) => $"/payments/{instalment}/settlement";

    [Theory]
    [InlineData("", "2027-01-04", "statementLine")]
    [InlineData("12345678901234567890123456789012345678", "2027-01-04", "statementLine")]
    [InlineData("14/3", "", "paidOn")]
    [InlineData("14/3", "yesterday", "paidOn")]
    [InlineData("14/3", "2027-02-30", "paidOn")]
    [InlineData("14/3", "2027-01-05", "paidOn")]
    [InlineData("14/3", "2027-01-03", "paidOn")]
    public async Task What_is_wrong_is_told_beside_its_field_and_nothing_is_paid(string statementLine, string paidOn, string field)
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        using var answer = await life.PostAsync(life.Finance1, Url(instalment), new { statementLine, paidOn });
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains($"id=\"{field}-error\"", html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{paidOn}\"", html, StringComparison.Ordinal);
        Assert.Equal(0, (await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId))).CreditsPosted);
    }

    [Fact]
    public async Task The_booking_day_is_the_calls_day_and_not_the_servers()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        // 23:30 UTC is half past midnight in Sarajevo: the 5th is today there.
        life.Service.Clock.Set(new DateTimeOffset(2027, 1, 4, 23, 30, 0, TimeSpan.Zero));
        await life.DoAsync(life.Finance1, Url(instalment), new { statementLine = "14/3", paidOn = "5. 1. 2027." });
        Assert.Equal(new DateOnly(2027, 1, 5), (await life.InstalmentAsync(instalment)).PaidOn);
    }

    [Fact]
    public async Task Twenty_clicks_of_two_officers_at_once_pay_once()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() =>
            life.PostAsync(number % 2 == 0 ? life.Finance1 : life.Finance2, Url(instalment), new { statementLine = $"14/{number}", paidOn = "2027-01-04" }))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        Assert.Single(await life.Service.Events<PaymentSettled>());
        Assert.Equal(new LedgerCounters(0, 0, 1_600_00, 6_400_00), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_instalment_whose_payment_is_in_the_ledger_already_is_not_paid_again()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        // Another amount under the instalment's key: something is wrong, and people are told instead of money moved.
        await life.Db(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.RecordAsync(LedgerTransfer.Payment(life.CallId, life.ApplicationId, instalment, LedgerDatabase.Bam(1), life.Now, Guid.Empty), default);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return 0;
        });
        Assert.Contains("another amount was paid", await life.RefusedAsync(life.Finance1, Url(instalment), new { statementLine = "1", paidOn = "2027-01-04" }), StringComparison.Ordinal);
        Assert.Equal(InstalmentState.Listed, (await life.InstalmentAsync(instalment)).State);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task What_is_on_no_list_cannot_be_marked_paid()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        await life.RefusedAsync(life.Finance1, Url(instalment), new { statementLine = "1", paidOn = "2027-01-04" });
        Assert.Equal(0, (await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId))).CreditsPosted);
    }

    [Fact]
    public async Task Only_finance_officers_in_scope_who_are_not_tied_record_payments()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        foreach (var person in new[] { life.President, life.Stranger, life.Officer, life.DecisionMaker, life.Auditor })
        {
            using var shown = await life.GetAsync(person, Url(instalment));
            using var posted = await life.PostAsync(person, Url(instalment), new { statementLine = "1", paidOn = "2027-01-04" });
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shown.StatusCode, posted.StatusCode));
        }

        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Finance3.PersonId, true)]));
        await life.RefusedAsync(life.Finance3, Url(instalment), new { statementLine = "1", paidOn = "2027-01-04" });
        Assert.Equal(InstalmentState.Listed, (await life.InstalmentAsync(instalment)).State);
    }
}

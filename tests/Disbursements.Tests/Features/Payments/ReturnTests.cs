using System.Net;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Payments;

[Trait("Database", "both")]
public sealed class ReturnTests
{
    static string Url(Guid instalment) => $"/payments/{instalment}/return";

    static object Back(int round = 0, string line = "15/1", string day = "2027-01-04", string reason = "Account closed") => new { round, reason, statementLine = line, bookedOn = day };

    [Fact]
    public async Task A_payment_that_came_back_is_reserved_again_and_needs_all_its_approvals_anew()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.PaidAsync();
        await life.DoAsync(life.Finance1, Url(instalment), Back());
        // A second click finds the first.
        await life.DoAsync(life.Finance1, Url(instalment), Back());
        Assert.Equal(new LedgerCounters(0, 0, 8_000_00, 0), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        var failed = Assert.Single(await life.Service.Events<PaymentFailed>());
        Assert.Equal((6_400_00L, "Account closed", life.Finance1.PersonId), (failed.AmountMinor, failed.Reason, failed.RecordedBy));
        var held = await life.InstalmentAsync(instalment);
        Assert.Equal((InstalmentState.Requested, 1, null), (held.State, held.Round, held.StatementLine));
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance1));

        await life.ApproveAsync(life.Finance1, instalment);
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance1));
        await life.ApproveAsync(life.Finance2, instalment);
        await life.ListAsync(life.Finance1);
        await life.SettleAsync(instalment, "16/1");
        Assert.Equal(new LedgerCounters(0, 0, 1_600_00, 6_400_00), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        Assert.Equal(2, (await life.Service.Events<PaymentSettled>()).Count);
        Assert.Contains("Came back", await life.PageAsync(life.Auditor, $"/payments/{instalment}"), StringComparison.Ordinal);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_order_that_the_bank_did_not_carry_out_moves_no_money()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        await life.DoAsync(life.Finance1, Url(instalment), Back(line: "", day: ""));
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
        Assert.Equal(0, await life.Db(db => db.LedgerTransfers.CountAsync(transfer => transfer.Kind == LedgerTransferKind.Return)));
        Assert.Single(await life.Service.Events<PaymentFailed>());
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task What_came_back_stands_on_a_line_of_its_own_with_a_reason()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.PaidAsync();
        Assert.Contains("stands for another payment", await life.RefusedAsync(life.Finance1, Url(instalment), Back(line: "14 / 3")), StringComparison.Ordinal);
        Assert.Contains("Enter the number of the line", await life.RefusedAsync(life.Finance1, Url(instalment), Back(line: "")), StringComparison.Ordinal);
        Assert.Contains("Write the reason", await life.RefusedAsync(life.Finance1, Url(instalment), Back(reason: "")), StringComparison.Ordinal);
        Assert.Contains("cannot be before", await life.RefusedAsync(life.Finance1, Url(instalment), Back(day: "2027-01-03")), StringComparison.Ordinal);
        using var hidden = await life.PostAsync(life.Officer, Url(instalment), Back());
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        Assert.Empty(await life.Service.Events<PaymentFailed>());
    }

    [Fact]
    public async Task One_line_of_a_statement_settles_one_payment_only()
    {
        await using var life = await Life.AwardedAsync();
        var first = await life.PaidAsync();
        var other = Guid.CreateVersion7();
        await life.Service.DeliverAsync(life.Award(applicationId: other, reference: "L4C-2026-00043"));
        await life.Service.DeliverAsync(life.Told(other));
        await life.DoAsync(life.President, $"/grants/{other}/account", life.Account());
        var account = await life.Db(db => db.AwardedGrants.Where(grant => grant.ApplicationId == other).Select(grant => grant.BankAccountId).SingleAsync());
        await life.DoAsync(life.Officer, $"/grants/{other}/preparation", new { amount = "8000", accountChecked = "yes", account });
        var hash = await life.Db(db => db.Agreements.Where(agreement => agreement.ApplicationId == other).Select(agreement => agreement.TextSha256).SingleAsync());
        foreach (var person in new[] { life.President, life.DecisionMaker })
            await life.DoAsync(person, $"/grants/{other}/agreement", new { fullName = "A", position = "B", accept = "yes", textSha256 = hash });
        var second = LedgerTransfer.IdOf($"instalment:{other}:1");
        await life.ApproveAsync(life.Finance1, second);
        await life.ApproveAsync(life.Finance2, second);
        await life.ListAsync(life.Finance1);
        Assert.NotEqual(first, second);
        Assert.Contains("stands for another payment", await life.RefusedAsync(life.Finance1, $"/payments/{second}/settlement", new { statementLine = " 14/ 3", paidOn = "2027-01-04" }), StringComparison.Ordinal);
        await life.SettleAsync(second, "14/4");
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Another_account_in_force_stops_payments_until_an_officer_confirms_it_and_undoes_what_was_approved()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        await life.DoAsync(life.President, $"{life.GrantUrl}/account", life.Account("MK07250120000058984"));
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance1));
        Assert.Contains("gave another bank account", await life.PageAsync(life.Finance1, "/payments"), StringComparison.Ordinal);

        var account = await life.Db(db => db.AwardedGrants.Select(grant => grant.BankAccountId).SingleAsync());
        var both = life.Officer with { Roles = [.. life.Officer.Roles, new HeldRole(Role.FinanceOfficer, "*")] };
        await life.RefusedAsync(both, $"{life.GrantUrl}/account/confirmation", new { account, accountChecked = "" });
        await life.DoAsync(both, $"{life.GrantUrl}/account/confirmation", new { account, accountChecked = "yes" });
        await life.DoAsync(both, $"{life.GrantUrl}/account/confirmation", new { account, accountChecked = "yes" });
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance1));
        Assert.Equal((InstalmentState.Requested, 1), await life.Db(async db =>
        {
            var held = await db.Instalments.SingleAsync(known => known.Id == instalment);
            return (held.State, held.Round);
        }));
        Assert.Contains("asked for this payment", await life.RefusedAsync(both, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict), StringComparison.Ordinal);
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance3, instalment);
        await life.ListAsync(life.Finance1);
        Assert.Equal("MK07250120000058984", await life.Db(db => db.PaymentLines.Select(line => line.Iban).SingleAsync()));
    }

    [Fact]
    public async Task One_person_with_every_role_cannot_take_one_payment_through()
    {
        await using var life = await Life.AwardedAsync();
        var all = Life.Person("Everything", Role.ProgrammeOfficer, Role.DecisionMaker, Role.FinanceOfficer, Role.Chair, Role.NationalCoordinator, Role.Auditor);
        await life.GiveAccountAsync();
        await life.DoAsync(all, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000"));
        await life.AcceptAsync(life.President);
        await life.DoAsync(all, $"{life.GrantUrl}/agreement", await life.AcceptanceAsync());
        var instalment = LedgerTransfer.IdOf($"instalment:{life.ApplicationId}:1");
        await life.RefusedAsync(all, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict);
        Assert.Equal("/payments/lists", await life.ListAsync(all));
        await life.RefusedAsync(all, $"/payments/{instalment}/settlement", new { statementLine = "1/1", paidOn = "2027-01-04" });
        Assert.Equal(0, (await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId))).CreditsPosted);
    }

    [Fact]
    public async Task What_a_grantee_pays_back_is_free_for_the_call_again_and_never_more_than_was_paid()
    {
        await using var life = await Life.AwardedAsync();
        await life.PaidAsync();
        var url = $"{life.GrantUrl}/repayments";
        object Repaid(string amount, string line = "20/1") => new { amount, reason = "Spent less", statementLine = line, bookedOn = "2027-01-04" };
        Assert.Contains("more than was paid", await life.RefusedAsync(life.Finance1, url, Repaid("6400.01")), StringComparison.Ordinal);
        Assert.Contains("stands for another payment", await life.RefusedAsync(life.Finance1, url, Repaid("1", "14/3")), StringComparison.Ordinal);
        await life.DoAsync(life.DecisionMaker, $"{life.GrantUrl}/cancellation", new { reason = "Ended", confirmed = "yes" });
        await life.DoAsync(life.Finance1, url, Repaid("400.50"));
        // A second click: the same line cannot come back twice.
        await life.RefusedAsync(life.Finance1, url, Repaid("400.50"));
        Assert.Equal(new LedgerCounters(0, 5_999_50, 0, 100_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        Assert.Contains("Paid back 400.50 BAM", await life.PageAsync(life.President, life.GrantUrl), StringComparison.Ordinal);
        Assert.Contains("The books are right", await life.PageAsync(life.Auditor, $"/ledger/{life.CallId}"), StringComparison.Ordinal);
        using var hidden = await life.PostAsync(life.Officer, url, Repaid("1", "21/1"));
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        await life.AssertBooksAreRightAsync();
    }
}

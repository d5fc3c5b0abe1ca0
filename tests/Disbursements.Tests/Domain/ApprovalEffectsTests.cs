using System.Text;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Domain;

/// <summary>The table of what undoes which approval, and that the service does what it says.</summary>
public sealed class ApprovalEffectsTests
{
    [Fact]
    public void The_table_in_the_docs_is_the_table_and_has_every_change_once()
    {
        Assert.Equal(Enum.GetValues<PaymentChange>().Order(), ApprovalEffects.Table.Select(row => row.Change).Order());
        var page = new StringBuilder(
            "# What undoes an approval\n\nWritten by a test from `services/Disbursements/Domain/ApprovalEffects.cs`.\n\n| change | approvals | why |\n|---|---|---|\n");
        foreach (var (change, effect, why) in ApprovalEffects.Table) page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {Words($"{change}")} | {Words($"{effect}")} | {why} |\n");
        Snapshot.Matches("docs/lifecycles/approvals.md", page.ToString());
    }

    [Theory]
    [InlineData(PaymentChange.AccountGiven)]
    [InlineData(PaymentChange.AccountConfirmed)]
    [InlineData(PaymentChange.RuleChanged)]
    [InlineData(PaymentChange.RuleUnreadable)]
    [InlineData(PaymentChange.ApproverTied)]
    [InlineData(PaymentChange.OrderFailed)]
    [InlineData(PaymentChange.PaymentReturned)]
    [InlineData(PaymentChange.GrantEnded)]
    public async Task A_payment_that_two_people_approved_is_after_the_change_what_the_table_says(PaymentChange change)
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        await HappenAsync(life, instalment, change);

        var state = (await life.InstalmentAsync(instalment)).State;
        var lists = await life.Db(db => db.PaymentLists.CountAsync());
        await life.ListAsync(life.Finance1);
        Assert.Equal(lists, await life.Db(db => db.PaymentLists.CountAsync()));
        var fourth = Life.Person("Finance 4", Platform.Http.Role.FinanceOfficer);
        // How many more people it takes until it can be ordered.
        var people = 0;
        foreach (var officer in new[] { life.Finance3, fourth, life.Finance2 })
        {
            using var approved = await life.PostAsync(officer, $"/payments/{instalment}/approval", new { });
            if (approved.StatusCode != System.Net.HttpStatusCode.Found) break;
            people++;
            if (await life.ListAsync(life.Finance3) != "/payments/lists") break;
        }

        var ordered = (await life.InstalmentAsync(instalment)).State == InstalmentState.Listed;
        Assert.Equal(
            ApprovalEffects.Of(change) switch
            {
                ApprovalEffect.AllUndone => (InstalmentState.Requested, 2, true),
                ApprovalEffect.OneUndone => (InstalmentState.Approved, 1, true),
                // Two had approved and the newer version asks for three.
                ApprovalEffect.CountedAgain => (InstalmentState.Approved, 1, true),
                ApprovalEffect.Blocked => (InstalmentState.Approved, 0, false),
                _ => (InstalmentState.Cancelled, 0, false),
            },
            (state, people, ordered));
    }

    static async Task HappenAsync(Life life, Guid instalment, PaymentChange change)
    {
        switch (change)
        {
            case PaymentChange.AccountGiven or PaymentChange.AccountConfirmed:
                await life.DoAsync(life.President, $"{life.GrantUrl}/account", life.Account("MK07250120000058984"));
                if (change == PaymentChange.AccountGiven) break;
                var account = await life.Db(db => db.AwardedGrants.Select(grant => grant.BankAccountId).SingleAsync());
                await life.DoAsync(life.Officer, $"{life.GrantUrl}/account/confirmation", new { account, accountChecked = "yes" });
                break;
            case PaymentChange.RuleChanged:
                await life.Service.DeliverAsync(life.Published(life.Definition(approvals: 3), 2));
                break;
            case PaymentChange.RuleUnreadable:
                // Limits without a last rule say nothing of this amount.
                await life.Service.DeliverAsync(life.Published(life.Definition() with { Approvals = [new ApprovalRule(1_00, 2)] }, 2));
                break;
            case PaymentChange.ApproverTied:
                await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Finance2.PersonId, true)]));
                break;
            case PaymentChange.OrderFailed or PaymentChange.PaymentReturned:
                await life.ListAsync(life.Finance1);
                if (change == PaymentChange.PaymentReturned) await life.SettleAsync(instalment);
                var line = change == PaymentChange.PaymentReturned ? "15/1" : "";
                await life.DoAsync(life.Finance1, $"/payments/{instalment}/return", new { round = 0, reason = "Closed", statementLine = line, bookedOn = line.Length > 0 ? "2027-01-04" : "" });
                break;
            case PaymentChange.GrantEnded:
                await life.DoAsync(life.DecisionMaker, $"{life.GrantUrl}/cancellation", new { reason = "Ended", confirmed = "yes" });
                break;
            default:
                Assert.Fail($"{change} has no test.");
                break;
        }
    }

    // AccountGiven: account given.
    static string Words(string name) => string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}

using System.Net;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Budget;

[Trait("Database", "both")]
public sealed class BudgetTests
{
    static Task<Life> StartAsync(params BudgetLimit[] limits) => Life.AwardedAsync(
        call => call with
        {
            Budget = new([new("people", SampleCall.Text(["bs", "en"], "People")), new("other", SampleCall.Text(["bs", "en"], "Other"))], limits),
        },
        async (life, award) => award with { DossierSha256 = await life.SealAsync() });

    static async Task<Dictionary<string, string>> FieldsAsync(Life life, string first = "7000", string second = "2500", string reason = "Dearer than the market")
    {
        var current = await life.Db(db => db.AwardedGrants.Select(grant => grant.BudgetCorrectionId).SingleAsync());
        return new() { ["correction"] = $"{current}", ["total-l1"] = first, ["reason-l1"] = reason, ["total-l2"] = second, ["reason-l2"] = reason };
    }

    static string Url(Life life) => $"{life.GrantUrl}/budget";

    static async Task AcceptAsync(Life life) => await life.DoAsync(
        life.President, $"{Url(life)}/acceptance", new { correction = await life.Db(db => db.AwardedGrants.Select(grant => grant.BudgetCorrectionId).SingleAsync()), accept = "yes" });

    [Fact]
    public async Task A_lowered_line_lowers_the_grant_once_the_grantee_accepts()
    {
        await using var life = await StartAsync();
        await life.GiveAccountAsync();
        await life.DoAsync(life.Officer, Url(life), await FieldsAsync(life, first: "6500.50"));
        // 6,500.50 + 2,500.00 less the 1,500.00 that are added.
        Assert.Equal(7_500_50, await life.Db(db => db.BudgetCorrections.Select(correction => correction.GrantMinor).SingleAsync()));
        Assert.Equal(8_000_00, (await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId))).CreditsPending);
        Assert.Contains("has not accepted the corrected budget", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000")), StringComparison.Ordinal);
        Assert.Contains("Dearer than the market", await life.PageAsync(life.President, Url(life)), StringComparison.Ordinal);

        await AcceptAsync(life);
        Assert.Equal(new LedgerCounters(0, 0, 7_500_50, 0), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        Assert.Contains("the amount is 7,500.50 BAM", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000")), StringComparison.Ordinal);
        await life.OfferAsync("7500.50");
        Assert.Equal([6_000_40L, 1_500_10L], await life.Db(db => db.Instalments.OrderBy(i => i.Number).Select(i => i.AmountMinor).ToListAsync()));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task A_line_never_goes_up_and_a_lowered_one_has_a_reason()
    {
        await using var life = await StartAsync();
        Assert.Contains("cannot go up: at most 7,000.00 BAM", await life.RefusedAsync(life.Officer, Url(life), await FieldsAsync(life, first: "7000.01")), StringComparison.Ordinal);
        Assert.Contains("Write why the line is lowered", await life.RefusedAsync(life.Officer, Url(life), await FieldsAsync(life, first: "1", reason: "")), StringComparison.Ordinal);
        Assert.Contains("nothing to save", await life.RefusedAsync(life.Officer, Url(life), await FieldsAsync(life)), StringComparison.Ordinal);
        await life.RefusedAsync(life.Officer, Url(life), await FieldsAsync(life, first: "-1"));
        Assert.Equal(0, await life.Db(db => db.BudgetCorrections.CountAsync()));
    }

    [Fact]
    public async Task A_cost_that_is_not_eligible_counts_nothing_whatever_was_typed_for_it()
    {
        await using var life = await StartAsync();
        var fields = await FieldsAsync(life);
        fields["ineligible-l2"] = "yes";
        await life.DoAsync(life.Officer, Url(life), fields);
        await AcceptAsync(life);
        Assert.Equal(5_500_00, (await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId))).CreditsPending);
        // Once accepted it is the measure: what was taken out does not come back.
        Assert.Contains("at most 0.00 BAM", await life.RefusedAsync(life.Officer, Url(life), await FieldsAsync(life)), StringComparison.Ordinal);
        await life.DoAsync(life.Officer, Url(life), await FieldsAsync(life, first: "6000", second: "0"));
        await AcceptAsync(life);
        Assert.Equal(new LedgerCounters(0, 0, 4_500_00, 0), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        await life.AssertBooksAreRightAsync();
    }

    [Theory]
    [InlineData("2333.34", true)]
    [InlineData("2333.33", false)]
    public async Task Limits_of_the_call_are_kept_to_the_cent(string first, bool passes)
    {
        // Other costs of at most 30 % of the costs of people: 700 is exactly 30 % of 2,333.33⅓.
        await using var life = await StartAsync(new BudgetLimit("cap", SampleCall.Text(["bs", "en"], "Other at most 30 %"), ["other"], ["people"], 3_000, null));
        var fields = await FieldsAsync(life, first, "700");
        if (passes) await life.DoAsync(life.Officer, Url(life), fields);
        else Assert.Contains("passes a limit of the call: Other at most 30 %", await life.RefusedAsync(life.Officer, Url(life), fields), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_grantee_adds_is_never_paid_by_the_grant()
    {
        await using var life = await StartAsync();
        Assert.Contains("nothing is left of the grant", await life.RefusedAsync(life.Officer, Url(life), await FieldsAsync(life, "1000", "500")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_officers_at_once_and_an_acceptance_of_another_budget_overwrite_nothing()
    {
        await using var life = await StartAsync();
        var fields = await FieldsAsync(life, first: "6000");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => life.PostAsync(life.Officer, Url(life), fields))));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Found));
        Assert.Contains("has changed meanwhile", await life.RefusedAsync(life.President, $"{Url(life)}/acceptance", new { correction = Guid.CreateVersion7(), accept = "yes" }), StringComparison.Ordinal);
        Assert.Contains("Tick the box", await life.RefusedAsync(
            life.President, $"{Url(life)}/acceptance", new { correction = await life.Db(db => db.BudgetCorrections.Select(c => c.Id).SingleAsync()), accept = "" }), StringComparison.Ordinal);
        using var volunteer = await life.PostAsync(life.Volunteer, $"{Url(life)}/acceptance", new { accept = "yes" });
        Assert.Equal(HttpStatusCode.NotFound, volunteer.StatusCode);
    }

    [Fact]
    public async Task Who_corrected_the_budget_approves_no_payment_of_it()
    {
        await using var life = await StartAsync();
        var other = Life.Person("Other officer", Platform.Http.Role.ProgrammeOfficer, Platform.Http.Role.FinanceOfficer);
        await life.DoAsync(other, Url(life), await FieldsAsync(life, first: "6000"));
        await AcceptAsync(life);
        var instalment = await life.InForceAsync("7000");
        Assert.Contains("asked for this payment", await life.RefusedAsync(other, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_without_a_budget_has_no_such_page_and_is_offered_as_before()
    {
        await using var life = await Life.AwardedAsync(call => call, async (life, award) => award with { DossierSha256 = await life.SealAsync(withBudget: false) });
        using var shown = await life.GetAsync(life.Officer, Url(life));
        Assert.Equal(HttpStatusCode.NotFound, shown.StatusCode);
        await life.InForceAsync();
    }
}

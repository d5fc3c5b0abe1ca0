using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Endings;
using Grants.Platform.Hosting;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Endings;

[Trait("Database", "both")]
public sealed class EndingTests
{
    static readonly object Sure = new { reason = "We found\nother money", confirmed = "yes" };

    static async Task AssertLapsedAsync(Life life, string cause, Guid? by)
    {
        Assert.Equal(GrantState.Lapsed, await life.StateAsync());
        var lapsed = Assert.Single(await life.Service.Events<AwardLapsed>());
        Assert.Equal((8_000_00L, "BAM", cause, by), (lapsed.AmountMinor, lapsed.Currency, lapsed.Cause, lapsed.By));
        Assert.Equal(new LedgerCounters(0, 0, 0, 100_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        await life.AssertBooksAreRightAsync();
    }

    static async Task AssertNothingCanBeDoneAsync(Life life)
    {
        var acceptances = await life.Db(db => db.Acceptances.CountAsync());
        var answers = new[]
        {
            await life.PostAsync(life.President, $"{life.GrantUrl}/account", life.Account()),
            await life.PostAsync(life.Officer, $"{life.GrantUrl}/preparation", new { amount = "8000", accountChecked = "yes", account = "x" }),
            await life.PostAsync(life.President, $"{life.GrantUrl}/agreement", new { fullName = "A", position = "B", accept = "yes", textSha256 = "x" }),
            await life.PostAsync(life.DecisionMaker, $"{life.GrantUrl}/agreement", new { fullName = "A", position = "B", accept = "yes", textSha256 = "x" }),
        };
        // Found is a second click of somebody who had accepted before.
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound, HttpStatusCode.Found }));
        Assert.Equal(acceptances, await life.Db(db => db.Acceptances.CountAsync()));
        foreach (var answer in answers) answer.Dispose();
        Assert.Equal(GrantState.Lapsed, await life.StateAsync());
        Assert.Equal(0, await life.Db(db => db.Instalments.CountAsync(instalment => instalment.State != InstalmentState.Cancelled)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_grantee_who_refuses_gives_the_money_back_however_far_the_agreement_is(int steps)
    {
        await using var life = await Life.AwardedAsync();
        if (steps > 0) await life.GiveAccountAsync();
        if (steps > 1) await life.OfferAsync();
        if (steps > 2) await life.AcceptAsync(life.President);
        Assert.Contains("gives up 8,000.00 BAM", await life.PageAsync(life.President, $"{life.GrantUrl}/refusal"), StringComparison.Ordinal);
        await life.DoAsync(life.President, $"{life.GrantUrl}/refusal", Sure);
        // A second click finds the first.
        await life.DoAsync(life.President, $"{life.GrantUrl}/refusal", Sure);
        await AssertLapsedAsync(life, "refused", life.President.PersonId);
        await AssertNothingCanBeDoneAsync(life);
        Assert.Contains("The grantee refused the award", await life.PageAsync(life.Officer, life.GrantUrl), StringComparison.Ordinal);
        Assert.Contains("We found", await life.Db(db => db.Set<Platform.Persistence.AuditEntry>().Where(entry => entry.Action == "grant.lapsed-refused").Select(entry => entry.Reason!).SingleAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_needs_a_reason_and_a_tick_and_somebody_who_may_sign()
    {
        await using var life = await Life.AwardedAsync();
        var words = await life.RefusedAsync(life.President, $"{life.GrantUrl}/refusal", new { reason = " ", confirmed = "" });
        Assert.Contains("Write the reason", words, StringComparison.Ordinal);
        Assert.Contains("Tick the box if you mean it", words, StringComparison.Ordinal);
        foreach (var person in new[] { life.Volunteer, life.Stranger, life.Officer, life.DecisionMaker })
        {
            using var answer = await life.PostAsync(person, $"{life.GrantUrl}/refusal", Sure);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal(GrantState.InPreparation, await life.StateAsync());
    }

    [Fact]
    public async Task An_officer_who_is_not_tied_ends_an_award_whose_preparation_failed()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Officer.PersonId, true)]));
        Assert.Contains("somebody else must do this", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/failure", Sure), StringComparison.Ordinal);
        var other = Life.Person("Other officer", Platform.Http.Role.ProgrammeOfficer);
        await life.DoAsync(other, $"{life.GrantUrl}/failure", Sure);
        await AssertLapsedAsync(life, "failed", other.PersonId);
        await AssertNothingCanBeDoneAsync(life);
    }

    [Fact]
    public async Task An_agreement_in_force_does_not_lapse()
    {
        await using var life = await Life.AwardedAsync();
        await life.InForceAsync();
        Assert.Contains("agreement is in force", await life.RefusedAsync(life.President, $"{life.GrantUrl}/refusal", Sure), StringComparison.Ordinal);
        Assert.Contains("agreement is in force", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/failure", Sure), StringComparison.Ordinal);
        Assert.Empty(await life.Service.Events<AwardLapsed>());
    }

    [Fact]
    public async Task An_application_withdrawn_before_the_agreement_is_in_force_lapses()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.OfferAsync();
        await life.AcceptAsync(life.President);
        await life.Service.DeliverAsync(life.Withdrawn());
        await AssertLapsedAsync(life, "withdrawn", life.President.PersonId);
        await AssertNothingCanBeDoneAsync(life);
    }

    [Fact]
    public async Task A_withdrawal_that_comes_before_the_award_lets_it_lapse_without_reserving_anything()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition()));
        await life.Service.DeliverAsync(life.Organisation());
        await life.Service.DeliverAsync(life.Withdrawn());
        await life.Service.DeliverAsync(life.Award());
        await life.Service.DeliverAsync(life.Award());
        await AssertLapsedAsync(life, "withdrawn", life.President.PersonId);
        Assert.Equal(0, await life.Db(db => db.LedgerTransfers.CountAsync(transfer => transfer.Kind == LedgerTransferKind.Award)));
    }

    [Fact]
    public async Task A_withdrawal_that_comes_too_late_changes_nothing_and_staff_see_it()
    {
        await using var life = await Life.AwardedAsync();
        await life.InForceAsync();
        await life.Service.DeliverAsync(life.Withdrawn());
        Assert.Equal(GrantState.InForce, await life.StateAsync());
        Assert.Empty(await life.Service.Events<AwardLapsed>());
        Assert.Contains("but the agreement was in force", await life.PageAsync(life.Officer, life.GrantUrl), StringComparison.Ordinal);
        Assert.DoesNotContain("but the agreement was in force", await life.PageAsync(life.President, life.GrantUrl), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_and_last_acceptance_at_once_leave_either_an_agreement_in_force_or_a_lapsed_award()
    {
        await using var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.OfferAsync();
        await life.AcceptAsync(life.President);
        var acceptance = await life.AcceptanceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => n % 2 == 0
            ? life.PostAsync(life.President, $"{life.GrantUrl}/refusal", Sure)
            : life.PostAsync(life.DecisionMaker, $"{life.GrantUrl}/agreement", acceptance))));
        Assert.All(answers, answer => Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{answer.StatusCode}"));
        var (state, lapsed, requested) = (await life.StateAsync(), (await life.Service.Events<AwardLapsed>()).Count, (await life.Service.Events<InstalmentRequested>()).Count);
        Assert.Contains((state, lapsed, requested), new[] { (GrantState.Lapsed, 1, 0), (GrantState.InForce, 0, 1) });
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_award_lapses_when_its_term_ends_without_an_answer_and_not_a_moment_before()
    {
        await using var life = await Life.AwardedAsync();
        Assert.Contains("at least until tomorrow", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/term", new { lastDay = "2027-01-04" }), StringComparison.Ordinal);
        await life.DoAsync(life.Officer, $"{life.GrantUrl}/term", new { lastDay = "6.1.2027." });
        // The 6th counts whole, by the clock of Sarajevo: it ends at 23:00 UTC.
        var end = new DateTimeOffset(2027, 1, 6, 23, 0, 0, TimeSpan.Zero);
        Assert.Equal(end, await life.Db(db => db.AwardedGrants.Select(grant => grant.AnswerDueAt).SingleAsync()));
        Assert.Contains("Without an answer the award lapses", await life.PageAsync(life.President, life.GrantUrl), StringComparison.Ordinal);
        await ExpireAsync(life, end.AddMilliseconds(-1));
        Assert.Equal(GrantState.InPreparation, await life.StateAsync());
        await ExpireAsync(life, end);
        await ExpireAsync(life, end);
        await AssertLapsedAsync(life, "expired", null);
        await AssertNothingCanBeDoneAsync(life);
    }

    [Fact]
    public async Task Whoever_answers_in_time_keeps_the_award()
    {
        await using var life = await Life.AwardedAsync();
        await life.DoAsync(life.Officer, $"{life.GrantUrl}/term", new { lastDay = "2027-01-06" });
        await life.GiveAccountAsync();
        await ExpireAsync(life, life.Now.AddDays(30));
        Assert.Equal(GrantState.AccountGiven, await life.StateAsync());
        // Now the officer is who is waited for, so no term can run.
        Assert.Contains("does not owe anything", await life.RefusedAsync(life.Officer, $"{life.GrantUrl}/term", new { lastDay = "2027-01-20" }), StringComparison.Ordinal);
        await life.OfferAsync();
        await life.DoAsync(life.Officer, $"{life.GrantUrl}/term", new { lastDay = "2027-01-20" });
        await life.DoAsync(life.Officer, $"{life.GrantUrl}/term", new { @do = "remove" });
        Assert.Null(await life.Db(db => db.AwardedGrants.Select(grant => grant.AnswerDueAt).SingleAsync()));
    }

    [Fact]
    public async Task What_an_award_releases_goes_to_one_that_the_budget_did_not_cover()
    {
        await using var life = await Life.AwardedAsync(call => call.Budgeted(10_000_00));
        var other = Guid.CreateVersion7();
        await life.Service.DeliverAsync(life.Award(applicationId: other, reference: "L4C-2026-00043"));
        Assert.Equal(GrantState.Incident, await life.Db(db => db.AwardedGrants.Where(grant => grant.ApplicationId == other).Select(grant => grant.State).SingleAsync()));
        await life.DoAsync(life.President, $"{life.GrantUrl}/refusal", Sure);
        Assert.Equal(GrantState.InPreparation, await life.Db(db => db.AwardedGrants.Where(grant => grant.ApplicationId == other).Select(grant => grant.State).SingleAsync()));
        Assert.Equal(8_000_00, (await life.CountersAsync(LedgerAccount.CallOf(life.CallId))).DebitsPending);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_agreement_in_force_that_is_ended_releases_what_was_not_paid()
    {
        await using var life = await Life.AwardedAsync();
        await life.PaidAsync();
        using (var hidden = await life.PostAsync(life.Officer, $"{life.GrantUrl}/cancellation", Sure)) Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        await life.DoAsync(life.DecisionMaker, $"{life.GrantUrl}/cancellation", Sure);
        await life.DoAsync(life.DecisionMaker, $"{life.GrantUrl}/cancellation", Sure);
        Assert.Equal(GrantState.Cancelled, await life.StateAsync());
        Assert.Equal(new LedgerCounters(0, 6_400_00, 0, 100_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        Assert.Equal([InstalmentState.Paid, InstalmentState.Cancelled], await life.Db(db => db.Instalments.OrderBy(i => i.Number).Select(i => i.State).ToListAsync()));
        Assert.Contains("The agreement was ended", await life.PageAsync(life.President, life.GrantUrl), StringComparison.Ordinal);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task A_payment_at_the_bank_keeps_the_agreement_from_being_ended_until_it_is_known_what_became_of_it()
    {
        await using var life = await Life.AwardedAsync();
        await life.ListedAsync();
        Assert.Contains("lies at the bank", await life.RefusedAsync(life.DecisionMaker, $"{life.GrantUrl}/cancellation", Sure), StringComparison.Ordinal);
        Assert.Equal(GrantState.InForce, await life.StateAsync());
    }

    static Task ExpireAsync(Life life, DateTimeOffset now) => life.Db(async db =>
    {
        await ExpireTerms.Run(db, new AppTime(new FakeTime(now)), default);
        return 0;
    });
}

using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Grants.Reviews.Tests.Features.Committee;
using Grants.Reviews.Tests.Features.Decide;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Reserve;

[Trait("Database", "both")]
public sealed class ReserveTests
{
    [Fact]
    public async Task A_lapsed_award_moves_up_the_next_that_fits_once_however_often_the_news_comes()
    {
        // At least 80 %: the first on the list asks for too much for what becomes free, the second does not.
        await using var world = await StartAsync(share: 8_000);
        var (best, _, big, small) = await DecidedAsync(world, 600_000, 400_000, 800_000, 500_000);
        Assert.Equal([(big.ApplicationId, 1), (small.ApplicationId, 2)], (await world.Service.Events<PutOnReserve>()).Select(one => (one.ApplicationId, one.Place)));

        await world.Service.DeliverAsync(Lapse(best));
        await world.Service.DeliverAsync(Lapse(best, version: 7));

        var moved = Assert.Single(await world.Service.Events<AwardDecided>(), one => one.FromReserve);
        Assert.Equal((small.ApplicationId, 500_000, world.Decider.PersonId, small.OrganisationId), (moved.ApplicationId, moved.AmountMinor, moved.DecidedBy, moved.OrganisationId));
        Assert.NotNull(moved.Findings);
        Assert.Equal(900_000, await AwardedAsync(world));
        Assert.Equal((CaseState.Lapsed, CaseState.OnReserve, CaseState.Awarded), ((await world.CaseAsync(best)).State, (await world.CaseAsync(big)).State, (await world.CaseAsync(small)).State));
        var decisions = await world.Service.Db<ReviewsDb, List<Decision>>(db => db.Decisions.Where(one => one.ApplicationId == small.ApplicationId).OrderBy(one => one.Number).ToListAsync());
        Assert.Equal([(1, DecisionOutcome.Reserve), (2, DecisionOutcome.Award)], decisions.Select(one => (one.Number, one.Outcome)));
        Assert.Contains($"\"follows\":\"{decisions[0].Sha256}\"", decisions[1].Sealed);
        Assert.Equal(moved.DecisionSha256, decisions[1].Sha256);
        Assert.True(moved.SubjectVersion > (await world.Service.Events<PutOnReserve>()).Single(one => one.ApplicationId == small.ApplicationId).SubjectVersion);
        Assert.Contains("Decision 2", await world.PageAsync(world.Auditor, $"/decisions/{small.ApplicationId}"));
        var page = await world.PageAsync(world.Officer, $"/ranking/{world.Call.Id}/reserve");
        Assert.Contains(big.Reference, page);
        Assert.DoesNotContain(small.Reference, page);
    }

    [Fact]
    public async Task A_part_is_awarded_where_the_rules_allow_it_and_more_than_one_moves_up_while_money_is_left()
    {
        await using var world = await StartAsync(share: 0);
        var (best, _, big, small) = await DecidedAsync(world, 800_000, 200_000, 500_000, 500_000);

        await world.Service.DeliverAsync(Lapse(best));
        Assert.Equal([(big.ApplicationId, 500_000), (small.ApplicationId, 300_000)],
            (await world.Service.Events<AwardDecided>()).Where(one => one.FromReserve).Select(one => (one.ApplicationId, one.AmountMinor)));
        Assert.Equal(1_000_000, await AwardedAsync(world));
        Assert.Contains("Nothing is on the reserve list", await world.PageAsync(world.Auditor, $"/ranking/{world.Call.Id}/reserve"));
    }

    [Fact]
    public async Task What_moved_up_may_lapse_in_turn()
    {
        await using var world = await StartAsync(share: 10_000);
        var (best, _, first, second) = await DecidedAsync(world, 600_000, 400_000, 600_000, 600_000);
        await world.Service.DeliverAsync(Lapse(best));
        await world.Service.DeliverAsync(Lapse(first));

        Assert.Equal([first.ApplicationId, second.ApplicationId], (await world.Service.Events<AwardDecided>()).Where(one => one.FromReserve).Select(one => one.ApplicationId));
        Assert.Equal(1_000_000, await AwardedAsync(world));
        await world.Service.DeliverAsync(Lapse(second));
        Assert.Equal(400_000, await AwardedAsync(world));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_withdrew_is_never_awarded_whichever_news_comes_first(bool lapseFirst)
    {
        await using var world = await StartAsync(share: 10_000);
        var (best, _, first, second) = await DecidedAsync(world, 600_000, 400_000, 500_000, 600_000);
        var withdrawn = new ApplicationWithdrawn(first.ApplicationId, 9, first.At, first.CallId, first.Reference, first.OrganisationId, "No time.", Guid.NewGuid());
        if (!lapseFirst) await world.Service.DeliverAsync(withdrawn);
        await world.Service.DeliverAsync(Lapse(best));
        if (lapseFirst)
        {
            // It moved up before the news came; the award ends with the news of Disbursements.
            await world.Service.DeliverAsync(withdrawn);
            await world.Service.DeliverAsync(Lapse(first));
        }

        Assert.Equal(CaseState.Awarded, (await world.CaseAsync(second)).State);
        Assert.Equal(lapseFirst ? CaseState.Lapsed : CaseState.Withdrawn, (await world.CaseAsync(first)).State);
        Assert.Equal(1_000_000, await AwardedAsync(world));
    }

    [Fact]
    public async Task An_organisation_that_has_its_grant_does_not_move_up()
    {
        await using var world = await StartAsync(share: 0);
        var organisation = Guid.CreateVersion7();
        var (best, _, same, other) = await DecidedAsync(world, 600_000, 400_000, 300_000, 300_000, organisation);

        await world.Service.DeliverAsync(Lapse(best));
        Assert.Equal([other.ApplicationId], (await world.Service.Events<AwardDecided>()).Where(one => one.FromReserve).Select(one => one.ApplicationId));
        Assert.Equal(CaseState.OnReserve, (await world.CaseAsync(same)).State);
    }

    [Fact]
    public async Task Lapses_and_decisions_at_the_same_time_never_exceed_the_budget_or_lose_money()
    {
        await using var world = await StartAsync(share: 10_000);
        var (best, next, first, second) = await DecidedAsync(world, 600_000, 400_000, 600_000, 400_000);
        var late = await world.RecommendedAsync("Centar Zora", 600_000);
        var recommendation = await world.Service.Db<ReviewsDb, Guid>(db => db.Recommendations.Where(one => one.ApplicationId == late.ApplicationId).Select(one => one.Id).SingleAsync());
        var lapses = new[] { best, next }.Select(one => Task.Run(() => world.Service.DeliverOnceAsync(Lapse(one))));
        var decisions = Enumerable.Range(0, 3).Select(_ => Task.Run(() => world.PostAsync(world.Decider, $"/decisions/{late.ApplicationId}", new { outcome = "award", reason = "Good.", recommendation })));

        var answers = await Task.WhenAll(decisions);
        foreach (var outcome in await Task.WhenAll(lapses)) Assert.All(outcome.Values, delivery => Assert.Equal(Delivery.Handled, delivery));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.UnprocessableEntity }));

        var awards = await world.Service.Events<AwardDecided>();
        var held = awards.Where(one => one.ApplicationId != best.ApplicationId && one.ApplicationId != next.ApplicationId).ToList();
        Assert.Equal(held.Sum(one => one.AmountMinor), await AwardedAsync(world));
        Assert.True(await AwardedAsync(world) <= 1_000_000);
        Assert.Equal(awards.Count, awards.Select(one => one.ApplicationId).Distinct().Count());
        Assert.Contains(held, one => one.ApplicationId == second.ApplicationId || one.ApplicationId == first.ApplicationId);
    }

    [Fact]
    public async Task What_was_awarded_never_goes_below_zero_and_what_was_never_awarded_cannot_lapse()
    {
        await using var world = await StartAsync(share: 0);
        var (best, _, big, _) = await DecidedAsync(world, 600_000, 400_000, 800_000, 500_000);
        await world.Service.Db<ReviewsDb>(db => db.LotBudgets.ExecuteUpdateAsync(set => set.SetProperty(lot => lot.AwardedMinor, 100).SetProperty(lot => lot.BudgetMinor, 100)));
        await world.Service.DeliverAsync(Lapse(best));

        Assert.Equal(0, await AwardedAsync(world));
        Assert.Equal(Delivery.DeadLettered, Assert.Single(await world.Service.DeliverOnceAsync(Lapse(big))).Value);
    }

    [Fact]
    public async Task Money_that_became_free_otherwise_is_given_by_the_decision_maker_in_the_same_order()
    {
        await using var world = await StartAsync(share: 8_000);
        var (_, _, big, small) = await DecidedAsync(world, 600_000, 400_000, 800_000, 500_000);
        await world.Service.DeliverAsync(World.Published(world.Call.Budgeted(1_500_000), 2));
        var path = $"/ranking/{world.Call.Id}/reserve";
        var other = World.Person("Petra Novak", Role.DecisionMaker);

        foreach (var caller in new[] { world.Chair, world.Officer, world.Auditor }) Assert.True((await world.PostAsync(caller, path, new { })).IsHidden());
        var both = world.Chair with { Roles = [.. world.Chair.Roles, new(Role.DecisionMaker, "*")] };
        await world.RefusedAsync(both, path, new { }, HttpStatusCode.Conflict);
        Assert.Contains("5,000.00", await world.PageAsync(other, path));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.SeeOtherAsync(other, path, new { })));

        var moved = Assert.Single(await world.Service.Events<AwardDecided>(), one => one.FromReserve);
        Assert.Equal((small.ApplicationId, 500_000, other.PersonId), (moved.ApplicationId, moved.AmountMinor, moved.DecidedBy));
        Assert.Equal(CaseState.OnReserve, (await world.CaseAsync(big)).State);
        Assert.Equal(1_500_000, await AwardedAsync(world));
    }

    static async Task<World> StartAsync(int share)
    {
        var call = Sample.Definition(budget: 1_000_000, evaluators: 1);
        return await World.StartAsync(call with { Allocation = call.Allocation with { MinShareHundredths = share, MaxAwardsPerOrganisation = 1 } });
    }

    /// <summary>Two awards that use up the budget of 10,000 and two on the reserve list, decided as one list. The organisation, if given, has the second and the third.</summary>
    static async Task<(ApplicationSubmitted Best, ApplicationSubmitted Next, ApplicationSubmitted Third, ApplicationSubmitted Fourth)> DecidedAsync(
        World world, long best, long next, long third, long fourth, Guid? organisation = null)
    {
        var (a, b, c, d) = (
            await world.ReviewedAsync("Klub Most", best, 500), await world.ReviewedAsync("Udruga Izvor", next, 400, organisation), await world.ReviewedAsync("Udruga Izvor", third, 400, organisation),
            await world.ReviewedAsync("Društvo Lipa", fourth, 300));
        await world.CloseAsync();
        // The second and third are told apart by the reference only, which is random: the committee says which stands first.
        await world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/committee/list", CommitteeTests.List(
            (a, 1, "fund", $"{best / 100}", "As we see it."), (b, 2, "fund", $"{next / 100}", "As we see it."), (c, 3, "reserve", $"{third / 100}", "As we see it."),
            (d, 4, "reserve", $"{fourth / 100}", "As we see it.")));
        var path = $"/decisions/calls/{world.Call.Id}";
        await world.SeeOtherAsync(world.Decider, path, DecideListTests.Fields(await world.PageAsync(world.Decider, path)));
        return (a, b, c, d);
    }

    static AwardLapsed Lapse(ApplicationSubmitted of, long version = 5) => new(
        of.ApplicationId, version, new DateTimeOffset(2027, 2, 1, 9, 0, 0, TimeSpan.Zero), of.CallId, of.OrganisationId, of.RequestedMinor, "BAM", "refused", "The grantee does not want it.", null);

    static Task<long> AwardedAsync(World world) => world.Service.Db<ReviewsDb, long>(db => db.LotBudgets.SumAsync(lot => lot.AwardedMinor));
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Reviews.Tests.Features.Committee;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Decide;

[Trait("Database", "both")]
public sealed partial class DecideListTests
{
    [Fact]
    public async Task The_whole_list_is_decided_in_one_act_that_names_everything_first()
    {
        await using var world = await World.StartAsync(Sample.Definition(budget: 1_000_000, evaluators: 1).With(stage => stage.Decision is { } decision
            ? stage with { Decision = decision with { Objection = new ObjectionRule(8, false, true, SampleCall.Text(["bs", "en"], "The head")) } } : stage));
        var (best, next, last, poor) = await RecommendedAsync(world);
        var path = $"/decisions/calls/{world.Call.Id}";

        Assert.Contains(path, await world.PageAsync(world.Decider, "/decisions"));
        var page = await world.PageAsync(world.Decider, path);
        foreach (var one in new[] { best, next, last, poor }) Assert.Contains(one.Reference, page);
        Assert.Contains("10,000.00", page);
        var fields = Fields(page);
        Assert.Contains("Confirm that you have read the list", await world.RefusedAsync(world.Decider, path, With(fields, "sure", "")));
        Assert.Contains("Give the applicant a reason", await world.RefusedAsync(world.Decider, path, With(fields, "reason-Reserve", " ")));
        Assert.Empty(await world.Service.Events<AwardDecided>());

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.SeeOtherAsync(world.Decider, path, fields)));

        var awards = await world.Service.Events<AwardDecided>();
        Assert.Equal([(best.ApplicationId, 600_000), (next.ApplicationId, 400_000)], awards.Select(one => (one.ApplicationId, one.AmountMinor)));
        Assert.All(awards, one => Assert.Equal((false, null, new DateTimeOffset(2027, 1, 12, 23, 0, 0, TimeSpan.Zero)), (one.FromReserve, one.Lot, one.ContractingFrom)));
        Assert.Equal((2000, 2000), (awards[0].Findings!.ScoreHundredths, awards[0].Findings!.MaxHundredths));
        Assert.Equal(["Because.", "Because.", "Because."], awards[0].Findings!.Sections.Single().Comments);
        Assert.DoesNotContain(world.Amra.PersonId.ToString(), JsonSerializer.Serialize(awards), StringComparison.Ordinal);
        var reserve = Assert.Single(await world.Service.Events<PutOnReserve>());
        Assert.Equal((last.ApplicationId, 1, "No money is left.", 1200), (reserve.ApplicationId, reserve.Place, reserve.Reason, reserve.Findings!.ScoreHundredths));
        var rejected = Assert.Single(await world.Service.Events<ApplicationRejected>());
        Assert.Equal((poor.ApplicationId, "Not enough points.", 800), (rejected.ApplicationId, rejected.Reason, rejected.Findings!.ScoreHundredths));
        Assert.Equal(4, await world.Service.Db<ReviewsDb, int>(db => db.Decisions.CountAsync()));
        Assert.Equal(CaseState.OnReserve, (await world.CaseAsync(last)).State);
        Assert.Contains("Place on the reserve list", await world.PageAsync(world.Auditor, $"/decisions/{last.ApplicationId}"));
        await world.Service.Db<ReviewsDb>(db => Assert.ThrowsAnyAsync<Exception>(() => db.Decisions.ExecuteUpdateAsync(set => set.SetProperty(one => one.ReservePlace, 7))));
    }

    [Fact]
    public async Task When_the_money_does_not_reach_for_one_none_is_decided()
    {
        await using var world = await World.StartAsync(budget: 1_000_000, evaluators: 1);
        await RecommendedAsync(world);
        await world.Service.DeliverAsync(World.Published(world.Call.Budgeted(900_000), 2));
        var path = $"/decisions/calls/{world.Call.Id}";

        Assert.Contains("Nothing was decided", await world.RefusedAsync(world.Decider, path, Fields(await world.PageAsync(world.Decider, path))));
        Assert.Equal((0, 0L), await world.Service.Db<ReviewsDb, (int, long)>(async db => (await db.Decisions.CountAsync(), await db.LotBudgets.SumAsync(lot => lot.AwardedMinor))));
        Assert.Empty(await world.Service.Events<AwardDecided>());
    }

    [Fact]
    public async Task What_changed_since_the_page_was_read_is_not_decided()
    {
        await using var world = await World.StartAsync(budget: 1_000_000, evaluators: 1);
        var (best, _, _, _) = await RecommendedAsync(world);
        var path = $"/decisions/calls/{world.Call.Id}";
        var fields = Fields(await world.PageAsync(world.Decider, path));
        await world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{best.ApplicationId}", new { fund = "yes", amount = "5000", reason = "Less." });

        await world.RefusedAsync(world.Decider, path, fields, HttpStatusCode.Conflict);
        Assert.Empty(await world.Service.Events<AwardDecided>());
    }

    [Fact]
    public async Task Lists_and_single_decisions_of_several_people_at_once_award_the_money_once()
    {
        await using var world = await World.StartAsync(budget: 1_000_000, evaluators: 1);
        var (best, next, last, _) = await RecommendedAsync(world);
        await world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{last.ApplicationId}", new { fund = "yes", amount = "5000", reason = "The committee wants all three." });
        var path = $"/decisions/calls/{world.Call.Id}";
        var fields = Fields(await world.PageAsync(world.Decider, path));
        var recommendations = await world.Service.Db<ReviewsDb, Dictionary<Guid, Guid>>(async db =>
            (await db.Recommendations.ToListAsync()).GroupBy(one => one.ApplicationId).ToDictionary(group => group.Key, group => group.MaxBy(one => one.Number)!.Id));
        var posts = new List<Task<HttpResponseMessage>>();
        foreach (var decider in Enumerable.Range(0, 3).Select(number => World.Person($"Decider {number}", Role.DecisionMaker)))
        {
            posts.Add(Task.Run(() => world.PostAsync(decider, path, fields)));
            foreach (var one in new[] { last, best, next })
                posts.Add(Task.Run(() => world.PostAsync(decider, $"/decisions/{one.ApplicationId}", new { outcome = "award", reason = "Good.", recommendation = recommendations[one.ApplicationId] })));
        }

        Assert.All(await Task.WhenAll(posts), answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity }));
        var awards = await world.Service.Events<AwardDecided>();
        Assert.True(awards.Sum(award => award.AmountMinor) <= 1_000_000);
        Assert.Equal(awards.Count, awards.Select(award => award.ApplicationId).Distinct().Count());
        Assert.Equal(awards.Sum(award => award.AmountMinor), await world.Service.Db<ReviewsDb, long>(db => db.LotBudgets.SumAsync(lot => lot.AwardedMinor)));
    }

    [Fact]
    public async Task One_person_with_all_roles_cannot_carry_an_application_from_recommendation_to_award()
    {
        await using var world = await World.StartAsync(CommitteeTests.WithQuorum(2));
        await CommitteeTests.SeatAsync(world);
        var all = world.Chair with { Roles = [.. new[] { Role.Chair, Role.CommitteeMember, Role.DecisionMaker, Role.ProgrammeOfficer, Role.Evaluator, Role.Auditor }.Select(role => new HeldRole(role, "*"))] };
        var member = world.CommitteeMember with { Roles = [.. world.CommitteeMember.Roles, new(Role.DecisionMaker, "*")] };
        var submitted = await world.ReviewedAsync("Klub Most", 600_000, 500);
        await world.CloseAsync();
        await world.SeeOtherAsync(all, $"/ranking/{world.Call.Id}/committee/meeting", new List<KeyValuePair<string, string>>
        {
            new("held", "2027-01-03"), new("minutes", "All."), new("present", all.PersonId.ToString()), new("present", member.PersonId.ToString()),
        });
        await world.SeeOtherAsync(all, $"/ranking/{world.Call.Id}/committee/list", CommitteeTests.List((submitted, 1, "fund", "6000", "")));
        var recommendation = await world.Service.Db<ReviewsDb, Guid>(db => db.Recommendations.Select(one => one.Id).SingleAsync());

        // Neither who recorded it nor who was at the meeting.
        foreach (var person in new[] { all, member })
        {
            await world.RefusedAsync(person, $"/decisions/{submitted.ApplicationId}", new { outcome = "award", reason = "Good.", recommendation }, HttpStatusCode.Conflict);
            Assert.Contains("1 more application waits that you do not decide on", await world.PageAsync(person, $"/decisions/calls/{world.Call.Id}"));
            await world.SeeOtherAsync(person, $"/decisions/calls/{world.Call.Id}", new Dictionary<string, string> { ["sure"] = "yes", ["reason-Award"] = "Good." });
        }

        Assert.Empty(await world.Service.Events<AwardDecided>());
        await world.SeeOtherAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", new { outcome = "award", reason = "Good.", recommendation });
        Assert.Single(await world.Service.Events<AwardDecided>());
    }

    [Fact]
    public async Task Each_lot_has_its_own_budget_ranking_and_reserve_list()
    {
        var one = Sample.Definition(budget: 1_000_000, evaluators: 1);
        await using var world = await World.StartAsync(one with { Lots = [one.Lots[0] with { BudgetMinor = 600_000 }, one.Lots[0] with { Id = "rural", BudgetMinor = 400_000 }] });
        var (town, first, second) = (
            await world.ReviewedAsync("Klub Most", 600_000, 300), await world.ReviewedAsync("Udruga Izvor", 400_000, 500, lot: "rural"), await world.ReviewedAsync("Centar Zora", 400_000, 400, lot: "rural"));
        await world.CloseAsync();
        await world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/committee/list", CommitteeTests.List(
            (town, 1, "fund", "6000", ""), (first, 1, "fund", "4000", ""), (second, 2, "reserve", "4000", "")));
        var path = $"/decisions/calls/{world.Call.Id}";
        await world.SeeOtherAsync(world.Decider, path, Fields(await world.PageAsync(world.Decider, path)));

        Assert.Equal([("all", 600_000), ("rural", 400_000)], (await world.Service.Events<AwardDecided>()).Select(award => (award.Lot!, award.AmountMinor)).Order());
        Assert.Equal((second.ApplicationId, 1), (await world.Service.Events<PutOnReserve>()).Select(put => (put.ApplicationId, put.Place)).Single());
        // What becomes free in one lot is not for the list of another.
        await world.Service.DeliverAsync(new Contracts.Disbursements.AwardLapsed(
            town.ApplicationId, 5, town.At, town.CallId, town.OrganisationId, 600_000, "BAM", "expired", "Nobody answered.", null));
        Assert.DoesNotContain(await world.Service.Events<AwardDecided>(), award => award.FromReserve);
        Assert.Equal([("all", 0L), ("rural", 400_000L)], await world.Service.Db<ReviewsDb, List<(string, long)>>(async db =>
            [.. (await db.LotBudgets.OrderBy(lot => lot.LotId).ToListAsync()).Select(lot => (lot.LotId, lot.AwardedMinor))]));
    }

    [Fact]
    public async Task Only_decision_makers_in_scope_decide_on_lists()
    {
        await using var world = await World.StartAsync(budget: 1_000_000, evaluators: 1);
        await RecommendedAsync(world);
        var elsewhere = new Caller(Guid.NewGuid(), "Elsewhere", "en", [new(Role.DecisionMaker, "programme:ALTER")]);
        foreach (var caller in new[] { world.Chair, world.CommitteeMember, world.Officer, world.Auditor, world.Amra, elsewhere })
        {
            Assert.True((await world.GetAsync(caller, $"/decisions/calls/{world.Call.Id}")).IsHidden());
            Assert.True((await world.PostAsync(caller, $"/decisions/calls/{world.Call.Id}", new { sure = "yes" })).IsHidden());
        }
    }

    /// <summary>Two to fund, one for the reserve list and one to reject, recommended with the list.</summary>
    internal static async Task<(ApplicationSubmitted Best, ApplicationSubmitted Next, ApplicationSubmitted Last, ApplicationSubmitted Poor)> RecommendedAsync(World world)
    {
        var (best, next, last, poor) = (
            await world.ReviewedAsync("Klub Most", 600_000, 500), await world.ReviewedAsync("Udruga Izvor", 800_000, 400), await world.ReviewedAsync("Centar Zora", 500_000, 300),
            await world.ReviewedAsync("Društvo Lipa", 500_000, 200));
        await world.CloseAsync();
        await world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/committee/list", CommitteeTests.List(
            (best, 1, "fund", "6000", ""), (next, 2, "fund", "4000", ""), (last, 3, "reserve", "5000", ""), (poor, 4, "reject", "", "")));
        return (best, next, last, poor);
    }

    internal static Dictionary<string, string> Fields(string page) => new()
    {
        ["list"] = ListHash().Match(page).Groups[1].Value,
        ["reason-Award"] = "Convincing.",
        ["reason-Reserve"] = "No money is left.",
        ["reason-Rejection"] = "Not enough points.",
        ["sure"] = "yes",
    };

    static Dictionary<string, string> With(Dictionary<string, string> fields, string name, string value) => new(fields) { [name] = value };

    [GeneratedRegex("name=\"list\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex ListHash();
}

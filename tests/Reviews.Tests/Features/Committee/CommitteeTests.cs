using System.Net;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Committee;

public sealed class CommitteeTests
{
    [Fact]
    public async Task The_whole_list_is_recommended_as_the_rules_propose_it_once_however_often_it_is_sent()
    {
        await using var world = await World.StartAsync(Sample.Definition(budget: 1_000_000, evaluators: 1));
        var (best, next, last, poor) = (
            await world.ReviewedAsync("Klub Most", 600_000, 500), await world.ReviewedAsync("Udruga Izvor", 800_000, 400), await world.ReviewedAsync("Centar Zora", 500_000, 300),
            await world.ReviewedAsync("Društvo Lipa", 500_000, 200));
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/committee/list";

        var page = await world.PageAsync(world.Chair, path);
        Assert.Contains("It gets the rest of the budget, 4,000.00", page.Replace('\u00A0', ' '));
        Assert.Contains("The budget is spent.", page);
        var fields = List((best, 1, "fund", "6000", ""), (next, 2, "fund", "4000", ""), (last, 3, "reserve", "5000", ""), (poor, 4, "reject", "", ""));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.SeeOtherAsync(world.Chair, path, fields)));

        var told = await world.Service.Events<RankingRecommended>();
        Assert.Equal([(best.ApplicationId, true, 600_000), (next.ApplicationId, true, 400_000), (last.ApplicationId, false, 500_000), (poor.ApplicationId, false, 0L)],
            told.Select(one => (one.ApplicationId, one.Fund, one.AmountMinor)));
        var recorded = await world.Service.Db<ReviewsDb, List<Recommendation>>(db => db.Recommendations.OrderBy(one => one.Place).ToListAsync());
        Assert.Equal([(true, false, 1), (true, false, 2), (false, true, 3), (false, false, 4)], recorded.Select(one => (one.Fund, one.Reserve, one.Place!.Value)));
        Assert.All(recorded, one => Assert.NotEmpty(one.Reason));
        Assert.Contains("Reserve list", await world.PageAsync(world.CommitteeMember, $"/ranking/{world.Call.Id}/applications/{last.ApplicationId}"));
    }

    [Fact]
    public async Task What_the_committee_changes_has_a_reason_and_what_was_typed_is_kept()
    {
        await using var world = await World.StartAsync(Sample.Definition(budget: 1_000_000, evaluators: 1));
        var (best, next) = (await world.ReviewedAsync("Klub Most", 600_000, 500), await world.ReviewedAsync("Udruga Izvor", 400_000, 400));
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/committee/list";

        Assert.Contains("differs from the proposal", await world.RefusedAsync(world.Chair, path, List((best, 1, "fund", "5500", ""), (next, 2, "fund", "4000", ""))));
        Assert.Contains("differs from the proposal", await world.RefusedAsync(world.Chair, path, List((best, 1, "reject", "", ""), (next, 2, "fund", "4000", ""))));
        Assert.Contains("Say why the place of", await world.RefusedAsync(world.Chair, path, List((best, 2, "fund", "6000", ""), (next, 1, "fund", "4000", ""))));
        Assert.Contains("Place 1 is given twice", await world.RefusedAsync(world.Chair, path, List((best, 1, "fund", "6000", ""), (next, 1, "fund", "4000", ""))));
        Assert.Contains("must be from 2,000.00", (await world.RefusedAsync(world.Chair, path, List((best, 1, "fund", "6000", ""), (next, 2, "fund", "4000.01", "More.")))).Replace('\u00A0', ' '));
        var kept = await world.RefusedAsync(world.Chair, path, List((best, 1, "fund", "55x", "They need less."), (next, 2, "fund", "4000", "")));
        Assert.Contains("value=\"55x\"", kept);
        Assert.Contains("They need less.", kept);
        Assert.Empty(await world.Service.Events<RankingRecommended>());

        await world.SeeOtherAsync(world.Chair, path, List((best, 2, "fund", "5500", "They need less."), (next, 1, "fund", "4000", "")));
        Assert.Equal([(550_000, 2, "They need less.")], await world.Service.Db<ReviewsDb, List<(long, int, string)>>(async db =>
            [.. (await db.Recommendations.Where(one => one.ApplicationId == best.ApplicationId).ToListAsync()).Select(one => (one.AmountMinor, one.Place!.Value, one.Reason))]));
    }

    [Fact]
    public async Task A_list_never_goes_beyond_budget_number_and_threshold()
    {
        await using var world = await World.StartAsync(Sample.Definition(budget: 1_000_000, evaluators: 1));
        var organisation = Guid.CreateVersion7();
        var (best, next, poor) = (
            await world.ReviewedAsync("Klub Most", 600_000, 500, organisation), await world.ReviewedAsync("Klub Most", 500_000, 400, organisation), await world.ReviewedAsync("Društvo Lipa", 300_000, 200));
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/committee/list";

        var page = await world.RefusedAsync(world.Chair, path, List((best, 1, "fund", "6000", ""), (next, 2, "fund", "5000", "Both."), (poor, 3, "fund", "3000", "Needed.")));
        Assert.Contains("The grants cost 14,000.00", page.Replace('\u00A0', ' '));
        Assert.Contains("Klub Most would have more than 1 grants", page);
        Assert.Contains("It can only be rejected", page);
        Assert.Empty(await world.Service.Events<RankingRecommended>());
    }

    [Fact]
    public async Task A_call_with_a_quorum_wants_a_meeting_in_which_enough_take_part_in_each_application()
    {
        await using var world = await World.StartAsync(WithQuorum(2));
        await SeatAsync(world);
        var (first, second) = (await world.ReviewedAsync("Klub Most", 600_000, 500), await world.ReviewedAsync("Udruga Izvor", 300_000, 400));
        await world.CloseAsync();
        var (committee, single) = ($"/ranking/{world.Call.Id}/committee", $"/ranking/{world.Call.Id}/applications/{first.ApplicationId}");
        Assert.Contains("Record the meeting first", await world.RefusedAsync(world.Chair, single, new { fund = "yes", amount = "6000", reason = "Good." }, HttpStatusCode.Conflict));
        Assert.Contains("Record a meeting first", await world.PageAsync(world.Chair, $"{committee}/list"));

        Assert.Contains("1 are ticked", await world.RefusedAsync(world.Chair, $"{committee}/meeting", Meeting("2027-01-03", world.Chair)));
        Assert.Contains("yet to come", await world.RefusedAsync(world.Chair, $"{committee}/meeting", Meeting("2027-01-05", world.Chair, world.CommitteeMember)));
        await world.SeeOtherAsync(world.Chair, $"{committee}/meeting", Meeting("2027-01-03", world.Chair, world.CommitteeMember));
        await world.SeeOtherAsync(world.Chair, $"{committee}/meeting", Meeting("2027-01-03", world.Chair, world.CommitteeMember));
        Assert.Equal(1, await world.Service.Db<ReviewsDb, int>(db => db.Set<CommitteeMeeting>().CountAsync()));
        var page = await world.PageAsync(world.Auditor, committee);
        Assert.Contains("We spoke of all applications.", page);
        Assert.Contains("Lejla Softić, Marko Jurić", page);

        // Who is recused does not count: for this application the committee was one person.
        await world.SeeOtherAsync(world.CommitteeMember, $"{committee}/recusal", new { application = first.ApplicationId, person = world.CommitteeMember.PersonId, reason = "My sister works there." });
        await world.RefusedAsync(world.Chair, single, new { fund = "yes", amount = "6000", reason = "Good." }, HttpStatusCode.Conflict);
        Assert.Contains("Record a meeting first", await world.PageAsync(world.Chair, $"{committee}/list"));
        await world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{second.ApplicationId}", new { fund = "yes", amount = "3000", reason = "Good." });
        await world.Service.Db<ReviewsDb>(db => Assert.ThrowsAnyAsync<Exception>(() => db.Set<CommitteeMeeting>().ExecuteDeleteAsync()));
    }

    [Fact]
    public async Task Who_is_recused_sees_nothing_scores_nothing_and_the_recommendation_goes_back()
    {
        await using var world = await World.StartAsync();
        await SeatAsync(world);
        var own = await world.RecommendedAsync("Klub Most");
        var other = await world.ReviewedAsync("Udruga Izvor", 300_000);
        var (committee, path) = ($"/ranking/{world.Call.Id}/committee", $"/ranking/{world.Call.Id}/applications/{own.ApplicationId}");
        var member = world.Amra with { Roles = [.. world.Amra.Roles, new(Role.CommitteeMember, "programme:L4C"), new(Role.DecisionMaker, "programme:L4C")] };
        Assert.Contains("Klub Most", await world.PageAsync(member, path));

        // Members recuse themselves; only the chair recuses others.
        Assert.Contains("Choose who takes no part", await world.RefusedAsync(
            world.CommitteeMember, $"{committee}/recusal", new { application = own.ApplicationId, person = member.PersonId, reason = "Friends." }));
        var recusal = new { application = own.ApplicationId, person = member.PersonId, reason = "She advises them." };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.SeeOtherAsync(world.Chair, $"{committee}/recusal", recusal)));

        Assert.Equal(1, await world.Service.Db<ReviewsDb, int>(db => db.Set<Recusal>().CountAsync()));
        Assert.True((await world.GetAsync(member, path)).IsHidden());
        Assert.True((await world.GetAsync(member, $"/decisions/{own.ApplicationId}")).IsHidden());
        var page = await world.PageAsync(member, $"/ranking/{world.Call.Id}");
        Assert.DoesNotContain("Klub Most", page);
        Assert.Contains(other.Reference, page);
        Assert.DoesNotContain("Klub Most", await world.PageAsync(member, committee));
        Assert.Contains("1 of 2 reviews", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
        Assert.Equal(CaseState.Reviewed, (await world.CaseAsync(own)).State);
        Assert.Contains("with the committee again", await world.PageAsync(world.Decider, $"/decisions/{own.ApplicationId}"));
        await world.Service.Db<ReviewsDb>(db => Assert.ThrowsAnyAsync<Exception>(() => db.Set<Recusal>().ExecuteDeleteAsync()));
    }

    [Fact]
    public async Task Only_the_chair_in_scope_records_meetings_and_lists_and_only_the_committee_recuses()
    {
        await using var world = await World.StartAsync(evaluators: 1);
        await world.ReviewedAsync();
        await world.CloseAsync();
        var committee = $"/ranking/{world.Call.Id}/committee";
        var elsewhere = new Caller(Guid.NewGuid(), "Elsewhere", "en", [new(Role.Chair, "programme:ALTER"), new(Role.CommitteeMember, "programme:ALTER")]);
        foreach (var caller in new[] { world.CommitteeMember, world.Officer, world.Decider, world.Auditor, world.Amra, elsewhere })
        {
            foreach (var path in new[] { $"{committee}/meeting", $"{committee}/list" })
            {
                Assert.True((await world.GetAsync(caller, path)).IsHidden());
                Assert.True((await world.PostAsync(caller, path, new { })).IsHidden());
            }
        }

        foreach (var caller in new[] { world.Officer, world.Decider, world.Auditor, world.Amra, elsewhere }) Assert.True((await world.PostAsync(caller, $"{committee}/recusal", new { })).IsHidden());
        foreach (var caller in new[] { world.Amra, elsewhere }) Assert.True((await world.GetAsync(caller, committee)).IsHidden());
    }

    [Fact]
    public async Task A_seat_that_was_taken_back_before_it_was_given_is_none()
    {
        await using var world = await World.StartAsync(WithQuorum(1));
        var grant = Guid.CreateVersion7();
        await world.Service.DeliverAsync(World.Changed(world.CommitteeMember));
        await world.Service.DeliverAsync(new RoleRevoked(world.CommitteeMember.PersonId, 3, DateTimeOffset.UnixEpoch, grant, Role.CommitteeMember, "programme:L4C"));
        await world.Service.DeliverAsync(new RoleGranted(world.CommitteeMember.PersonId, 2, DateTimeOffset.UnixEpoch, grant, Role.CommitteeMember, "programme:L4C"));

        Assert.Contains("Nobody sits in the committee", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}/committee/meeting"));
    }

    internal static CallDefinition WithQuorum(int quorum) =>
        Sample.Definition(evaluators: 1).With(stage => stage.Decision is { } decision ? stage with { Decision = decision with { Quorum = quorum } } : stage);

    internal static async Task SeatAsync(World world)
    {
        foreach (var (person, role) in new[] { (world.Chair, Role.Chair), (world.CommitteeMember, Role.CommitteeMember) })
        {
            await world.Service.DeliverAsync(World.Changed(person));
            await world.Service.DeliverAsync(new RoleGranted(person.PersonId, 2, DateTimeOffset.UnixEpoch, Guid.CreateVersion7(), role, "programme:L4C"));
        }
    }

    static List<KeyValuePair<string, string>> Meeting(string held, params Caller[] present) =>
    [
        new("held", held), new("minutes", "We spoke of all applications."), .. present.Select(one => KeyValuePair.Create("present", one.PersonId.ToString())),
    ];

    internal static Dictionary<string, string> List(params (ApplicationSubmitted Of, int Place, string Outcome, string Amount, string Reason)[] lines) => lines.SelectMany(line => new[]
    {
        ($"place-{line.Of.ApplicationId}", $"{line.Place}"), ($"outcome-{line.Of.ApplicationId}", line.Outcome), ($"amount-{line.Of.ApplicationId}", line.Amount),
        ($"reason-{line.Of.ApplicationId}", line.Reason),
    }).ToDictionary(pair => pair.Item1, pair => pair.Item2);
}

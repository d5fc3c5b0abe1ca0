using System.Net;
using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Features.Review;

/// <summary>What evaluators see of each other and of the applicant, as the call says.</summary>
public sealed class PhaseTests
{
    [Theory]
    [InlineData(Sees.Never, false, false)]
    [InlineData(Sees.AfterOwn, true, true)]
    [InlineData(Sees.WhenAllIn, false, true)]
    [InlineData(Sees.AtMeeting, false, false)]
    public async Task Others_scores_are_seen_from_when_the_call_says_and_never_before_the_own_review(Sees sees, bool afterOwn, bool whenAllIn)
    {
        await using var world = await World.StartAsync(Call(sees, names: false));
        var submitted = await world.ReadyAsync();
        var (amra, ivan, zoran) = (await world.AssignAsync(submitted, world.Amra), await world.AssignAsync(submitted, world.Ivan), await FurtherAsync(world, submitted.ApplicationId));
        await SendAsync(world, amra, world.Amra, "Amra finds it sound.");
        await world.DeclareAsync(ivan, world.Ivan);
        Assert.DoesNotContain("Amra finds it sound.", await world.PageAsync(world.Ivan, $"/reviews/{ivan}"));
        await SendAsync(world, ivan, world.Ivan, "Ivan has doubts.");

        Assert.Equal(afterOwn, (await world.PageAsync(world.Ivan, $"/reviews/{ivan}")).Contains("Amra finds it sound.", StringComparison.Ordinal));
        await SendAsync(world, zoran, world.Zoran, "Zoran is in between.");
        var page = await world.PageAsync(world.Ivan, $"/reviews/{ivan}");
        Assert.Equal(whenAllIn, page.Contains("Amra finds it sound.", StringComparison.Ordinal));
        Assert.Equal(whenAllIn, page.Contains("Zoran is in between.", StringComparison.Ordinal));
        Assert.Contains("Ivan has doubts.", page);
        Assert.DoesNotContain("Begić", page);
        Assert.DoesNotContain(world.Amra.PersonId.ToString(), page);
        Assert.DoesNotContain(amra.ToString(), page);
    }

    [Fact]
    public async Task Names_stand_beside_scores_where_the_call_says_so()
    {
        await using var world = await World.StartAsync(Call(Sees.AfterOwn, names: true));
        await world.ReviewedAsync();
        var mine = (await world.Service.Events<ReviewsAssigned>()).Single(one => one.EvaluatorId == world.Ivan.PersonId).AssignmentId;
        Assert.Contains("Amra Begić", await world.PageAsync(world.Ivan, $"/reviews/{mine}"));
    }

    [Fact]
    public async Task An_applicant_whom_the_call_hides_stands_on_no_page_of_an_evaluator()
    {
        await using var world = await World.StartAsync(Call(Sees.AfterOwn, names: false, applicants: false));
        var submitted = await world.ReadyAsync("Krug Sjenka");
        var (mine, other) = (await world.AssignAsync(submitted, world.Amra), await world.AssignAsync(submitted, world.Ivan));
        var path = $"/reviews/{mine}";
        async Task NamelessAsync(params string[] paths)
        {
            foreach (var one in paths)
            {
                var answer = await world.GetAsync(world.Amra, one);
                var all = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()) + answer.Headers + answer.Content.Headers;
                Assert.DoesNotContain("Sjenka", all);
                Assert.DoesNotContain("Glavna", all);
                Assert.DoesNotContain("rješenje.pdf", all);
                Assert.DoesNotContain(submitted.OrganisationId.ToString(), all);
            }
        }

        await NamelessAsync("/reviews", path, path + "/check");
        Assert.DoesNotContain("Sjenka", await world.RefusedAsync(world.Amra, $"{path}/declaration", new { declaration = "conflict", reason = "" }));
        await world.DeclareAsync(mine, world.Amra);
        await NamelessAsync("/reviews", path, path + "/check");
        Assert.Contains(submitted.Reference, await world.PageAsync(world.Amra, path));
        Assert.DoesNotContain("Sjenka", await world.RefusedAsync(world.Amra, $"{path}/scores", World.Scores("999")));
        Assert.DoesNotContain("Sjenka", await world.RefusedAsync(world.Amra, $"{path}/declaration", new { declaration = "decline", reason = "" }));
        await world.DeclareAsync(other, world.Ivan);
        // Papers name the applicant: there are none, by whatever address.
        var document = await DocumentAsync(world, submitted.DossierSha256);
        Assert.True((await world.GetAsync(world.Amra, $"{path}/documents/{document}")).IsHidden());
        await world.SeeOtherAsync(world.Amra, $"{path}/scores", World.Scores("300"));
        await NamelessAsync(path + "/check");
        await world.SeeOtherAsync(world.Amra, $"{path}/submission", new { });
        await NamelessAsync("/reviews", path);
        await world.SeeOtherAsync(world.Ivan, $"/reviews/{other}/declaration", new { declaration = "decline", reason = "Ill." });
        Assert.DoesNotContain("Sjenka", await world.PageAsync(world.Ivan, $"/reviews/{other}"));
        // The committee and the officer are not meant.
        Assert.Contains("Sjenka", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
    }

    [Fact]
    public async Task Who_evaluates_stands_on_no_page_of_the_committee_the_decision_maker_or_another_evaluator()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        var mine = (await world.Service.Events<ReviewsAssigned>()).Single(one => one.EvaluatorId == world.Ivan.PersonId).AssignmentId;
        (Caller Who, string Path)[] pages =
        [
            (world.Chair, "/ranking"), (world.Chair, $"/ranking/{world.Call.Id}"), (world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}"),
            (world.CommitteeMember, $"/ranking/{world.Call.Id}"), (world.CommitteeMember, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}"),
            (world.CommitteeMember, world.ListPath), (world.Decider, "/decisions"), (world.Decider, $"/decisions/{submitted.ApplicationId}"),
            (world.Decider, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}"), (world.Ivan, "/reviews"), (world.Ivan, $"/reviews/{mine}"), (world.Ivan, world.ListPath),
        ];
        foreach (var (who, path) in pages)
        {
            var answer = await world.GetAsync(who, path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var all = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()) + answer.Headers + answer.Content.Headers;
            Assert.DoesNotContain("Begić", all);
            Assert.DoesNotContain(world.Amra.PersonId.ToString(), all);
        }

        // Applicants have no page here at all.
        var applicant = new Caller(Guid.CreateVersion7(), "Nada Kovač", "bs", []);
        await world.Service.DeliverAsync(World.Of(submitted, 5, applicant.PersonId));
        foreach (var path in pages.Select(page => page.Path).Append($"/reviews/assign/{submitted.ApplicationId}").Append($"/reviews/assign/calls/{world.Call.Id}"))
            Assert.True((await world.GetAsync(applicant, path)).IsHidden(), path);
    }

    [Fact]
    public async Task A_review_keeps_the_grid_that_the_dossier_was_made_with()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var mine = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(mine, world.Amra);
        await world.SeeOtherAsync(world.Amra, $"/reviews/{mine}/scores", World.Scores("400"));
        await world.Service.DeliverAsync(World.Published(
            world.Call.ScoredBy(SampleCall.Grid(100, SampleCall.Criterion("other", new() { ["bs"] = "Drugo", ["en"] = "Something else" }, 100, 300, 1))), 2));

        var page = await world.PageAsync(world.Amra, $"/reviews/{mine}");
        Assert.Contains("points-needs", page);
        Assert.DoesNotContain("Something else", page);
        await world.SeeOtherAsync(world.Amra, $"/reviews/{mine}/submission", new { });
        Assert.Equal(1600, (await world.AssignmentAsync(mine)).TotalHundredths);
    }

    static async Task<string> DocumentAsync(World world, string dossier)
    {
        var page = await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{await world.Service.Db<ReviewsDb, Guid>(db => Task.FromResult(db.Cases.Single(one => one.DossierSha256 == dossier).ApplicationId))}");
        return page.Split("/documents/")[1][..64];
    }

    static async Task<Guid> FurtherAsync(World world, Guid application)
    {
        await world.SeeOtherAsync(world.Officer, $"/reviews/assign/{application}", new { evaluator = world.Zoran.PersonId, reason = "A third opinion." });
        return (await world.Service.Events<ReviewsAssigned>())[^1].AssignmentId;
    }

    static async Task SendAsync(World world, Guid assignment, Caller evaluator, string comment)
    {
        if ((await world.AssignmentAsync(assignment)).State == AssignmentState.Assigned) await world.DeclareAsync(assignment, evaluator);
        await world.SeeOtherAsync(evaluator, $"/reviews/{assignment}/scores", World.Scores("400", comment));
        await world.SeeOtherAsync(evaluator, $"/reviews/{assignment}/submission", new { });
    }

    static CallDefinition Call(Sees sees, bool names, bool applicants = true) => Sample.Definition().With(stage => stage.Evaluation is { } evaluation
        ? stage with { Evaluation = evaluation with { Phases = [new("scoring", new() { ["bs"] = "Bodovanje", ["en"] = "Scoring" }, "evaluator", sees, names, applicants)] } }
        : stage);
}

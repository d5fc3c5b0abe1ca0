using System.Net;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Tests.Features.Evaluations;

/// <summary>A call whose applications are evaluated nationally first, and those that pass internationally.</summary>
public sealed class TwoEvaluationsTests
{
    readonly Caller national = new(Guid.CreateVersion7(), "Vesna Radić", "en", [new(Role.Evaluator, "country:BA")]);

    [Fact]
    public async Task Who_passes_the_national_evaluation_goes_on_and_is_ranked_by_the_international_one()
    {
        await using var world = await StartAsync();
        var submitted = await world.ReadyAsync();
        await NationalAsync(world, submitted, 400);

        var held = await world.CaseAsync(submitted);
        Assert.Equal((CaseState.ReadyForReview, 1), (held.State, held.Evaluation));
        var told = Assert.Single(await world.Service.Events<ReviewSubmitted>());
        Assert.Equal((0, 1), (told.Evaluation!.Value, told.NextEvaluation!.Value));
        Assert.Contains("0 of 2 reviews", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));

        await world.ReviewAsync(await world.AssignAsync(submitted, world.Amra), world.Amra, 300);
        Assert.Equal(CaseState.InReview, (await world.CaseAsync(submitted)).State);
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Ivan), world.Ivan, 500);
        Assert.Equal((CaseState.Reviewed, 1), ((await world.CaseAsync(submitted)).State, (await world.CaseAsync(submitted)).Evaluation));
        Assert.Equal([0, 1, 1], (await world.Service.Events<ReviewsAssigned>()).Select(assigned => assigned.Evaluation));
        Assert.Equal([1, null, null], (await world.Service.Events<ReviewSubmitted>()).Select(review => review.NextEvaluation));

        var page = await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}");
        Assert.Contains("International evaluation", page);
        Assert.Contains("16.00", page); // (12 + 20) / 2, without the national 8
        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}";
        Assert.Contains("Review of an earlier evaluation: National evaluation", (await world.PageAsync(world.Chair, path)).Replace("<span lang=\"en\">", "", StringComparison.Ordinal));
        await world.SeeOtherAsync(world.Chair, path, new { fund = "yes", amount = "8000", reason = "Convincing." });
        Assert.True(Assert.Single(await world.Service.Events<RankingRecommended>()).Fund);
    }

    [Fact]
    public async Task Who_misses_the_national_threshold_stays_there_and_cannot_be_funded()
    {
        await using var world = await StartAsync();
        var (poor, good) = (await world.ReadyAsync("Društvo Lipa"), await world.ReadyAsync("Udruga Izvor"));
        await NationalAsync(world, poor, 200);
        await NationalAsync(world, good, 300); // exactly the threshold

        var held = await world.CaseAsync(poor);
        Assert.Equal((CaseState.Reviewed, 0), (held.State, held.Evaluation));
        Assert.Equal(CaseState.ReadyForReview, (await world.CaseAsync(good)).State);
        var list = await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}");
        Assert.Contains("Below the threshold of the evaluation: National evaluation", list);
        Assert.Contains("4.00 in the earlier evaluation", list);

        await world.CloseAsync();
        var path = $"/ranking/{world.Call.Id}/applications/{poor.ApplicationId}";
        Assert.Contains("Funding cannot be recommended", await world.PageAsync(world.Chair, path));
        Assert.Contains("Funding cannot be recommended", await world.RefusedAsync(world.Chair, path, new { fund = "yes", amount = "8000", reason = "Still." }));
        await world.SeeOtherAsync(world.Chair, path, new { fund = "no", amount = "", reason = "Below the threshold." });
        Assert.Equal(CaseState.Recommended, (await world.CaseAsync(poor)).State);
        // Nobody recommends what is still to be evaluated.
        await world.RefusedAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{good.ApplicationId}", new { fund = "no", amount = "", reason = "Late." }, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Further_reviews_that_the_officer_asks_for_may_lift_it_over_the_threshold()
    {
        await using var world = await StartAsync();
        var second = new Caller(Guid.CreateVersion7(), "Ilija Pavić", "en", [new(Role.Evaluator, "country:BA")]);
        await KnowAsync(world, second);
        var submitted = await world.ReadyAsync();
        await NationalAsync(world, submitted, 200);
        await world.SeeOtherAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator = second.PersonId, reason = "A second opinion." });
        var assignment = (await world.Service.Events<ReviewsAssigned>())[^1].AssignmentId;
        await world.ReviewAsync(assignment, second, 400);

        Assert.Equal((CaseState.ReadyForReview, 1), ((await world.CaseAsync(submitted)).State, (await world.CaseAsync(submitted)).Evaluation));
    }

    [Fact]
    public async Task Nationally_only_evaluators_of_the_applicants_country_and_internationally_nobody_who_scored_before()
    {
        await using var world = await StartAsync();
        var submitted = await world.ReadyAsync();
        var path = $"/reviews/assign/{submitted.ApplicationId}";

        var page = await world.PageAsync(world.Officer, path);
        Assert.Contains("National evaluation", page);
        Assert.Contains("Vesna Radić: 0 open reviews", page);
        Assert.Contains("hold their role for the country of the applicant (BA). They do not: Amra Begić, Ivan Marić, Zoran Petrović", page);
        Assert.DoesNotContain(world.Amra.PersonId.ToString(), page);
        Assert.Contains("Amra Begić does not", await world.RefusedAsync(world.Officer, path, new { evaluator = world.Amra.PersonId }));

        await NationalAsync(world, submitted, 400);
        page = await world.PageAsync(world.Officer, path);
        Assert.Contains("International evaluation", page);
        Assert.Contains("Took part in an earlier evaluation of this application: Vesna Radić", page);
        Assert.Contains("Amra Begić: 0 open reviews", page);
        Assert.Contains("cannot score it again", await world.RefusedAsync(world.Officer, path, new { evaluator = national.PersonId }));
        Assert.Contains("lang=\"bs\"", await world.PageAsync(world.Officer with { Language = "bs" }, path));
    }

    [Fact]
    public async Task Each_review_is_scored_by_the_grid_of_its_evaluation_and_says_which_it_is()
    {
        await using var world = await StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, national);
        await world.DeclareAboutAsync(national);
        Assert.Contains("National evaluation", await world.PageAsync(national, $"/reviews/{assignment}"));
        await world.DeclareAsync(assignment, national);
        var page = await world.PageAsync(national, $"/reviews/{assignment}");
        Assert.Contains("Needs of the country", page);
        Assert.DoesNotContain("points-design", page);
        await ScoreAsync(world, assignment, 400);

        // What was sent stays by its own grid, wherever the application is now.
        Assert.Contains("Needs of the country", await world.PageAsync(national, $"/reviews/{assignment}"));
        Assert.Contains("National evaluation", await world.PageAsync(national, "/reviews"));
        var next = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(next, world.Amra);
        page = await world.PageAsync(world.Amra, $"/reviews/{next}");
        Assert.Contains("points-design", page);
        Assert.Contains("International evaluation", page);
    }

    [Fact]
    public async Task However_often_the_last_review_is_sent_the_application_goes_on_once()
    {
        await using var world = await StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, national);
        await world.DeclareAsync(assignment, national);
        await world.SeeOtherAsync(national, $"/reviews/{assignment}/scores", Scores(400));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.SeeOtherAsync(national, $"/reviews/{assignment}/submission", new { })));

        Assert.Equal((CaseState.ReadyForReview, 1), ((await world.CaseAsync(submitted)).State, (await world.CaseAsync(submitted)).Evaluation));
        Assert.Single(await world.Service.Events<ReviewSubmitted>());
    }

    [Fact]
    public async Task A_review_that_was_not_sent_in_time_no_longer_counts()
    {
        await using var world = await StartAsync();
        var slow = new Caller(Guid.CreateVersion7(), "Ilija Pavić", "en", [new(Role.Evaluator, "country:BA")]);
        await KnowAsync(world, slow);
        var submitted = await world.ReadyAsync();
        await world.SeeOtherAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator = slow.PersonId, reason = "In case." });
        var late = (await world.Service.Events<ReviewsAssigned>())[^1].AssignmentId;
        await world.DeclareAsync(late, slow);
        await world.SeeOtherAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator = national.PersonId, reason = "The other is slow." });
        var assignment = (await world.Service.Events<ReviewsAssigned>())[^1].AssignmentId;
        await world.DeclareAsync(assignment, national);
        await ScoreAsync(world, assignment, 400);

        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(slow, $"/reviews/{late}/scores", Scores(100))).StatusCode);
        await world.AssignAsync(submitted, world.Amra);
        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(slow, $"/reviews/{late}/scores", Scores(100))).StatusCode);
    }

    async Task<World> StartAsync()
    {
        var world = await World.StartAsync(Sample.InTwoEvaluations());
        await KnowAsync(world, national);
        return world;
    }

    static async Task KnowAsync(World world, Caller evaluator)
    {
        await world.Service.DeliverAsync(World.Changed(evaluator));
        await world.Service.DeliverAsync(new RoleGranted(evaluator.PersonId, 2, new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero), Guid.CreateVersion7(), Role.Evaluator, "country:BA"));
    }

    async Task NationalAsync(World world, ApplicationSubmitted submitted, int points)
    {
        var assignment = await world.AssignAsync(submitted, national);
        await world.DeclareAsync(assignment, national);
        await ScoreAsync(world, assignment, points);
    }

    async Task ScoreAsync(World world, Guid assignment, int points)
    {
        await world.SeeOtherAsync(national, $"/reviews/{assignment}/scores", Scores(points));
        await world.SeeOtherAsync(national, $"/reviews/{assignment}/submission", new { });
    }

    static object Scores(int points) => new Dictionary<string, string> { ["points-needs"] = $"{points}", ["comment-needs"] = "Because.", ["then"] = "check" };
}

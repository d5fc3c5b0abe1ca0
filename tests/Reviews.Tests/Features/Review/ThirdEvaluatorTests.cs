using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Features.Review;

public sealed class ThirdEvaluatorTests
{
    [Fact]
    public async Task Reviews_far_apart_make_the_call_want_one_more_without_a_special_reason()
    {
        await using var world = await World.StartAsync(Call());
        var submitted = await world.ReadyAsync();
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Amra), world.Amra, 500);
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Ivan), world.Ivan, 300);

        Assert.Equal([false, true], (await world.Service.Events<ReviewSubmitted>()).Select(review => review.ThirdNeeded));
        Assert.Equal(CaseState.InReview, (await world.CaseAsync(submitted)).State);
        Assert.Contains("2 of 3 reviews", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
        var page = await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}");
        Assert.Contains("One more evaluator is needed", page);
        Assert.DoesNotContain("Why is a further review needed?", page);

        // Twelve and twenty lie eight apart; with eighteen the closest two are eighteen and twenty. The third does not see what the others gave.
        var third = await world.AssignAsync(submitted, world.Zoran);
        await world.DeclareAsync(third, world.Zoran);
        Assert.DoesNotContain("20.00", await world.PageAsync(world.Zoran, $"/reviews/{third}"));
        var fields = World.Scores("500");
        fields["points-design"] = "300";
        await world.SeeOtherAsync(world.Zoran, $"/reviews/{third}/scores", fields);
        await world.SeeOtherAsync(world.Zoran, $"/reviews/{third}/submission", new { });

        Assert.False((await world.Service.Events<ReviewSubmitted>())[^1].ThirdNeeded);
        Assert.Equal(CaseState.Reviewed, (await world.CaseAsync(submitted)).State);
        Assert.Contains("19.00", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
    }

    [Fact]
    public async Task Reviews_that_agree_are_enough()
    {
        await using var world = await World.StartAsync(Call());
        var submitted = await world.ReviewedAsync();
        Assert.Equal(CaseState.Reviewed, (await world.CaseAsync(submitted)).State);
        Assert.All(await world.Service.Events<ReviewSubmitted>(), review => Assert.False(review.ThirdNeeded));
        Assert.Contains("Why is a further review needed?", await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}"));
    }

    static CallDefinition Call() => Sample.Definition().With(stage => stage.Evaluation is { } evaluation
        ? stage with { Evaluation = evaluation with { Third = new ThirdRule(800, null, true, ThirdResult.ClosestTwo) } }
        : stage);
}

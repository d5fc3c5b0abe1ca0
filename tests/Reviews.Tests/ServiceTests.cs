using System.Diagnostics;
using Grants.Platform.Hosting;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests;

[Trait("Database", "both")]
public sealed class ServiceTests
{
    [Fact]
    public async Task Every_route_has_an_access_rule()
    {
        await using var service = await ServiceFixture.StartAsync(ReviewsService.Definition);
        service.AssertEveryRouteHasAccessRule();
    }

    [Fact]
    public void Texts_are_complete_in_English_and_Bosnian() => Assert.Empty(TextsCheck.Problems(typeof(ReviewsService).Assembly));

    [Fact]
    public Task Every_entity_comes_back_from_both_databases_as_it_was_stored() =>
        new RoundTrip(ReviewsService.Definition).With<LotBudget>("BudgetMinor", 9_007_199_254_740_991L).With<LotBudget>("AwardedMinor", 9_007_199_254_740_990L).CheckAsync();

    [Fact]
    public async Task Every_span_about_an_application_carries_its_id()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Grants.", StringComparison.Ordinal) || source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await World.StartAsync(evaluators: 1);
        var submitted = await world.RecommendedAsync();
        var id = submitted.ApplicationId.ToString();

        List<Activity> mine;
        lock (spans) mine = [.. spans.Where(span => Equals(span.GetTagItem(Tracing.LifecycleTag), id))];
        string[] actions = ["review case open", "review eligibility", "review assign", "review declare", "review save", "review submit", "recommendation record"];
        Assert.All(actions, action => Assert.Contains(mine, span => span.OperationName == action));
        // The address of an assignment does not name the application; its request is marked all the same.
        Assert.Contains(mine, span => span.DisplayName.Contains("/reviews/{assignmentId:guid}/submission", StringComparison.Ordinal));
        Assert.All(mine, span => Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains("Begić", StringComparison.Ordinal) == true));
    }
}

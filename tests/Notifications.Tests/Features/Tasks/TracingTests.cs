using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Platform.Hosting;

namespace Grants.Notifications.Tests.Features.Tasks;

/// <summary>Listens to all spans of this process, so that no other test may run beside it.</summary>
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
[Collection(nameof(TracingTests))]
public sealed class TracingTests
{
    [Fact]
    public async Task Every_span_about_an_application_carries_its_id_and_nothing_personal()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Grants.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.Enqueue(span),
        };
        ActivitySource.AddActivityListener(listener);
        await story.Deliver(story.Submitted());
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        await story.Deliver(story.Reviewed());
        await story.Deliver(story.Recommended());
        await story.Deliver(story.Awarded());
        await story.Release(story.Officer, Assert.Single(await story.Letters()).Id);
        await story.Deliver(story.Offered());
        await story.Deliver(story.Signed("grantee", false));
        await story.Deliver(story.Signed("funder", true));
        await story.Deliver(story.Requested());
        await story.Deliver(story.Approved(story.Finance, 1, false));
        await story.Deliver(story.Settled());

        var ours = spans.Where(span => span.Source.Name == Tracing.Source.Name).ToList();
        Assert.Contains(ours, span => span.OperationName == "letter release");
        Assert.All(ours, span => Assert.Equal(story.ApplicationId.ToString(), span.GetTagItem(Tracing.LifecycleTag)));
        var told = string.Join('\n', ours.SelectMany(span => span.TagObjects).Select(tag => tag.Value));
        Assert.DoesNotContain("Amina", told);
        Assert.DoesNotContain(Story.Association, told);
        Assert.DoesNotContain(Story.Reason, told);
    }
}

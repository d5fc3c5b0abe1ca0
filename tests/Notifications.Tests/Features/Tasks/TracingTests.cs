using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Platform.Hosting;

namespace Grants.Notifications.Tests.Features.Tasks;

public sealed class TracingTests
{
    [Fact]
    public async Task Every_span_about_an_application_carries_its_id_and_nothing_personal()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        var spans = new ConcurrentQueue<Activity>();
        var mine = new AsyncLocal<bool> { Value = true }; // other tests of this process run at the same time
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Grants.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => mine.Value ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
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

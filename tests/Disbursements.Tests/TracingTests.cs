using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Platform.Hosting;

namespace Grants.Disbursements.Tests;

public sealed class TracingTests
{
    [Fact]
    public async Task Every_action_of_a_grants_life_is_a_span_with_its_id_and_without_names_or_accounts()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        await using var life = await Life.AwardedAsync();
        var instalment = await life.ListedAsync();
        await life.DoAsync(life.Finance2, $"/payments/{instalment}/settlement", new { statementLine = "14/3", paidOn = "2027-01-04" });

        var mine = spans.Where(span => Equals(span.GetTagItem(Tracing.LifecycleTag), life.ApplicationId.ToString())).ToList();
        string[] actions = ["award reserve", "award told", "account give", "agreement offer", "agreement accept", "payment approve", "payment list", "payment settle"];
        Assert.All(actions, action => Assert.Contains(mine, span => span.OperationName == action));
        Assert.All(mine.Where(span => span.OperationName.StartsWith("payment", StringComparison.Ordinal)), span => Assert.Equal(instalment.ToString(), span.GetTagItem("grants.instalment_id")));
        var said = string.Join('\n', mine.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName)));
        string[] secrets = ["Амела", "Удружење", "Нада", "BA39", "129007", "Prva banka", "Čist grad"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.EndToEnd.Tests;

/// <summary>Collects the spans of a grant's whole life and reads them as somebody would who has to find out what happened.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_grants_life_is_one_lifecycle_id_without_orphans_and_without_personal_data()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => Telemetry.Sources.Any(name => name.EndsWith('*') ? source.Name.StartsWith(name[..^1], StringComparison.Ordinal) : source.Name == name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        var folder = Directory.CreateTempSubdirectory("grants-trace-").FullName;
        Guid application;
        var organisation = "Udruženje „Trag“ Trebinje";
        await using (var app = AllInOne.Host.Build([$"--Data:Folder={folder}", "--environment=Development", "--urls=http://127.0.0.1:0", $"--contentRoot={AppContext.BaseDirectory}"]))
        {
            await GrantsHost.PrepareAsync(app);
            await app.StartAsync();
            var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            using (var nobody = new Visitor(new Uri($"http://localhost:{port}"))) await nobody.OpenWhenAsync("/health/ready", _ => true);
            using var life = new Life(new Uri($"http://localhost:{port}"));
            application = await life.WholeAsync(organisation);
            await app.Services.GetRequiredService<MessagingIdle>().WaitAsync(CancellationToken.None);
            await app.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
        var own = spans.Where(span => span.GetTagItem(Tracing.LifecycleTag) is not null).ToList();
        Assert.Equal([application.ToString()], own.Select(span => (string)span.GetTagItem(Tracing.LifecycleTag)!).Distinct());

        // Every handling of an event about the application, and every page of it, carries the id.
        var handled = spans.Where(span => span.OperationName.StartsWith("handle ", StringComparison.Ordinal)).ToList();
        foreach (var name in new[] { "ApplicationSubmitted", "EligibilityDecided", "ReviewsAssigned", "ReviewSubmitted", "RankingRecommended", "AwardDecided", "AgreementOffered", "AgreementSigned", "InstalmentRequested", "PaymentApproved", "PaymentSettled", "NotificationDelivered" })
            Assert.All(handled.Where(span => span.OperationName == "handle " + name), span => Assert.NotNull(span.GetTagItem(Tracing.LifecycleTag)));
        Assert.All(spans.Where(span => (span.GetTagItem("http.route") as string)?.Contains("applicationId", StringComparison.Ordinal) == true), span => Assert.NotNull(span.GetTagItem(Tracing.LifecycleTag)));
        Assert.Contains(own, span => span.OperationName == "handle PaymentSettled");

        // No orphan: whoever names a parent names a span of this collection.
        var known = spans.Select(span => span.SpanId.ToString()).ToHashSet();
        Assert.Empty(own.Where(span => span.ParentSpanId != default && !known.Contains(span.ParentSpanId.ToString())).Select(span => $"{span.Source.Name} {span.DisplayName}"));

        // What people are called, where they can be reached and where their money goes is in no span.
        string[] personal = ["Kovačević", "Hadžić", "Begić", "Alić", "Marić", "Suljić", "Babić", "@zelenikrug", "@grants.example", "BA39", "1290079401028494", "Zeleni krug", "Trag"];
        var said = spans.SelectMany(span => span.TagObjects.Select(tag => $"{span.Source.Name} {span.DisplayName} {tag.Key}={tag.Value}").Append(span.DisplayName)
            .Concat(span.Events.SelectMany(e => e.Tags.Select(tag => $"{span.DisplayName} {e.Name} {tag.Key}={tag.Value}"))).Concat(span.Baggage.Select(item => $"{item.Key}={item.Value}"))).ToList();
        Assert.Empty(said.Where(text => personal.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))).Distinct());
    }
}

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
    const string Organisation = "Udruženje „Trag“ Trebinje";

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
        await using (var app = AllInOne.Host.Build([$"--Data:Folder={folder}", "--environment=Development", "--urls=http://127.0.0.1:0", $"--contentRoot={AppContext.BaseDirectory}"]))
        {
            await GrantsHost.PrepareAsync(app);
            await app.StartAsync();
            var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            using (var nobody = new Visitor(new Uri($"http://localhost:{port}"))) await nobody.OpenWhenAsync("/health/ready", _ => true);
            using var life = new Life(new Uri($"http://localhost:{port}"));
            application = await life.WholeAsync(Organisation);
            await app.Services.GetRequiredService<MessagingIdle>().WaitAsync(CancellationToken.None);
            await app.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
        AssertReadable([.. spans.Select(Span.Of)], application);
    }

    [Fact]
    public async Task So_it_is_when_gateway_and_services_run_apart()
    {
        await using var collector = await Collector.StartAsync();
        Guid application;
        await using (var cluster = await Cluster.StartAsync(collector.Settings))
        {
            using var life = new Life(cluster.Address);
            application = await life.WholeAsync(Organisation);
            Assert.Empty(await cluster.FindingsAsync([application]));
            // Asked to end, each sends what it has not sent yet.
            await Task.WhenAll(cluster.Processes.Select(cluster.StopAsync));
        }

        AssertReadable([.. collector.Spans], application);
    }

    static void AssertReadable(IReadOnlyList<Span> spans, Guid application)
    {
        var own = spans.Where(span => span.Tag(Tracing.LifecycleTag) is not null).ToList();
        Assert.Equal([application.ToString()], own.Select(span => span.Tag(Tracing.LifecycleTag)!).Distinct());

        // Every handling of an event about the application, and every page of it, carries the id.
        var handled = spans.Where(span => span.Name.StartsWith("handle ", StringComparison.Ordinal)).ToList();
        foreach (var name in new[] { "ApplicationSubmitted", "EligibilityDecided", "ReviewsAssigned", "ReviewSubmitted", "RankingRecommended", "AwardDecided", "AgreementOffered", "AgreementSigned", "InstalmentRequested", "PaymentApproved", "PaymentSettled", "NotificationDelivered" })
            Assert.All(handled.Where(span => span.Name == "handle " + name), span => Assert.NotNull(span.Tag(Tracing.LifecycleTag)));
        Assert.All(spans.Where(span => span.Tag("http.route")?.Contains("applicationId", StringComparison.Ordinal) == true), span => Assert.NotNull(span.Tag(Tracing.LifecycleTag)));
        Assert.Contains(own, span => span.Name == "handle PaymentSettled");

        // No orphan: whoever names a parent names a span of this collection.
        var known = spans.Select(span => span.Id).ToHashSet();
        Assert.Empty(own.Where(span => span.Parent != "" && !known.Contains(span.Parent)).Select(span => $"{span.Source} {span.Name}"));

        // What people are called, where they can be reached and where their money goes is in no span.
        string[] personal = ["Kovačević", "Hadžić", "Begić", "Alić", "Marić", "Suljić", "Babić", "@zelenikrug", "@grants.example", "BA39", "1290079401028494", "Zeleni krug", "Trag"];
        var said = spans.SelectMany(span => span.Tags.Select(tag => $"{span.Source} {span.Name} {tag.Key}={tag.Value}").Append(span.Name));
        Assert.Empty(said.Where(text => personal.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))).Distinct());
    }
}

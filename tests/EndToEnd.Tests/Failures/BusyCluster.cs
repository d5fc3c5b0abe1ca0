using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Grants.Applications;
using Grants.Applications.Features.Calls;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.EndToEnd.Tests.Failures;

/// <summary>
/// The services apart, and people who work with them all the time: they apply to the demonstration's call and review, and they award and pay what was submitted to
/// calls that have closed. One for all tests of failures; each ends with the auditor.
/// </summary>
public sealed class BusyCluster : IAsyncLifetime
{
    /// <summary>The variable <c>GRANTS_LONG=1</c> asks for the long round: a hundred kills, and outages of half a minute and a minute.</summary>
    public static readonly bool IsLong = Environment.GetEnvironmentVariable("GRANTS_LONG") == "1";

    /// <summary>People who work beside each other: two apply, one pays.</summary>
    const int Workers = 3;

    readonly ConcurrentQueue<(Guid Application, string Reference, Guid Call)> awaiting = new();
    Life[] lives = [];
    int calls;

    /// <summary>The services.</summary>
    public Cluster Cluster { get; private set; } = null!;

    /// <summary>What was done.</summary>
    public Load Load { get; private set; } = null!;

    /// <summary>Somebody who is not busy with the load.</summary>
    public Life Life { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await Cluster.StartAsync();
        Load = new Load(Cluster);
        Life = new Life(Cluster.Address);
        lives = [.. Enumerable.Range(0, Workers).Select(_ => new Life(Cluster.Address))];
        await RefillAsync(IsLong ? 60 : 12);
    }

    public async Task DisposeAsync()
    {
        foreach (var life in lives) life.Dispose();
        Life?.Dispose();
        if (Cluster is not null) await Cluster.DisposeAsync();
    }

    /// <summary>An application that was reviewed, to a call that has closed; nobody else has it.</summary>
    public async Task<(Guid Application, string Reference, Guid Call)> ReviewedAsync()
    {
        (Guid, string, Guid) taken;
        while (!awaiting.TryDequeue(out taken)) await RefillAsync(Workers);
        return taken;
    }

    /// <summary>Lets things fail while people work. Afterwards everything runs again, and the auditor finds nothing wrong.</summary>
    /// <returns>How many applications were accepted meanwhile.</returns>
    public async Task<int> UnderLoadAsync(Func<Task> failures)
    {
        var before = Load.Accepted.Count;
        using var stop = new CancellationTokenSource();
        Task[] workers = [ApplyAsync(lives[0], stop.Token), ApplyAsync(lives[1], stop.Token), PayAsync(lives[2], stop.Token)];
        try
        {
            await failures();
            await Cluster.StartAllAsync();
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(workers);
        await AuditAsync();
        return Load.Accepted.Count - before;
    }

    /// <summary>Fails with what the auditor finds.</summary>
    public async Task AuditAsync() => Assert.Empty(await Cluster.FindingsAsync([.. Load.Accepted.Keys]));

    /// <summary>Waits for a moment of the given length.</summary>
    public static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Waits until something is so, with patience.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await isSo())
        {
            if (patience.IsCancellationRequested) Assert.Fail($"Not within two minutes: {what}");
            await pause.WaitForNextTickAsync();
        }
    }

    async Task ApplyAsync(Life life, CancellationToken stop)
    {
        do
        {
            await Load.ApplyAndReviewAsync(life);
        }
        while (!stop.IsCancellationRequested);
    }

    async Task PayAsync(Life life, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && awaiting.TryDequeue(out var next))
        {
            life.CallId = next.Call;
            await Load.AwardAndPayAsync(life, next.Application, next.Reference);
        }
    }

    // A call of its own, which is over once all have applied: the demonstration's stays open.
    async Task RefillAsync(int applications)
    {
        var call = await PublishAsync();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            lives[worker].CallId = call.Id;
            for (var number = worker; number < applications; number += Workers)
            {
                var application = await Load.ApplyAndReviewAsync(lives[worker]);
                awaiting.Enqueue((application, Load.Accepted[application], call.Id));
            }

            lives[worker].CallId = Life.Call;
        }));
        await Life.MoveClockAsync(call.ClosesAt[..16]);
        await UntilAsync("the call is closed", () => Task.FromResult(Cluster.Auditor.Number("reviews", "select count(*) from calls where id = @id and closed_at is not null", call.Id) == 1));
    }

    async Task<CallDefinition> PublishAsync()
    {
        var json = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "demo", "link4cooperation.json"));
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Sarajevo");
        var now = TimeZoneInfo.ConvertTime(Cluster.Now, zone);
        // Long enough for a slow machine to fill it.
        var closes = now.AddHours(2);
        var demo = JsonSerializer.Deserialize<CallDefinition>(json, MessageJson.Options)!;
        var definition = (demo with { Id = Guid.CreateVersion7(), ReferencePrefix = $"C{++calls}-2026" }).Budgeted(100_000_000)
            .Opening(now.AddHours(-1).ToString("s", CultureInfo.InvariantCulture))
            .Closing(new DateTimeOffset(closes.Year, closes.Month, closes.Day, closes.Hour, closes.Minute, 0, closes.Offset).ToString("s", CultureInfo.InvariantCulture));
        var options = new DbContextOptionsBuilder<PostgresApplicationsDb>().UseNpgsql(Cluster.ConnectionString("applications")).Options;
        await using var db = new PostgresApplicationsDb(options);
        await CallPublishing.Publish(db, definition, new AppTime(offsetFile: Path.Combine(Cluster.Folder, "data", "clock-offset")));
        return definition;
    }
}

/// <summary>Tests that share the busy cluster, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BusyClusterTests : ICollectionFixture<BusyCluster>
{
    public const string Name = "busy cluster";
}

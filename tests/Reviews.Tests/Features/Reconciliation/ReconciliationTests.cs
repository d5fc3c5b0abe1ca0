using Grants.Contracts.Applications;
using Grants.Contracts.Reconciliation;
using Grants.Platform.Http;
using Grants.Platform.Reconciliation;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grants.Reviews.Tests.Features.Reconciliation;

/// <summary>The evaluation compares with what Applications and Notifications say; what they say is delivered by hand, and the clock moved.</summary>
[Trait("Database", "both")]
public sealed class ReconciliationTests : IAsyncLifetime
{
    static readonly string[] Neighbours = ["applications", "notifications"];
    static readonly DateTimeOffset Nine = new(2027, 1, 4, 9, 0, 0, TimeSpan.Zero);

    readonly Guid call = Guid.CreateVersion7();
    ServiceFixture service = null!;

    public async Task InitializeAsync() => service = await ServiceFixture.StartAsync(ReviewsService.Definition);

    public async Task DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task Figures_are_published_when_they_are_a_minute_old_and_again_only_when_they_change()
    {
        await service.DeliverAsync(Submission(Nine));
        await CompareAsync(Nine.AddSeconds(30));
        Assert.Empty(await service.Events<CallTotals>());

        await CompareAsync(Nine.AddSeconds(90));
        var first = Assert.Single(await service.Events<CallTotals>());
        Assert.Equal(("reviews", call, 1L, Nine.AddSeconds(30)), (first.Service, first.CallId, first.SubjectVersion, first.Until));
        Assert.Equal((1L, 0L, ""), Of(first, CallFigures.Submitted));
        Assert.Equal((1L, 800_000L, "BAM"), Of(first, CallFigures.Dossiers));
        Assert.Equal((0L, 0L, ""), Of(first, CallFigures.Awarded));

        for (var minute = 3; minute < 30; minute++) await CompareAsync(Nine.AddMinutes(minute));
        Assert.Single(await service.Events<CallTotals>());
        await service.DeliverAsync(Submission(Nine.AddMinutes(30)));
        await CompareAsync(Nine.AddMinutes(32));
        Assert.Equal((2L, 2L), ((await service.Events<CallTotals>())[^1].SubjectVersion, Of((await service.Events<CallTotals>())[^1], CallFigures.Submitted).Count));

        // In case the last one was lost.
        await CompareAsync(Nine.AddHours(7));
        Assert.Equal([1L, 2L, 3L], (await service.Events<CallTotals>()).Select(totals => totals.SubjectVersion));
    }

    [Fact]
    public async Task A_message_under_way_is_no_incident()
    {
        var submission = Submission(Nine);
        await TellAsync(1, Nine.AddMinutes(1), submission);
        await CompareAsync(Nine.AddMinutes(2));
        await CompareAsync(Nine.AddMinutes(3));
        Assert.NotEmpty(await DifferencesAsync());
        await service.DeliverAsync(submission);
        await CompareAsync(Nine.AddMinutes(5));
        Assert.Empty(await DifferencesAsync());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
    }

    [Fact]
    public async Task A_message_that_is_lost_is_an_incident_until_it_arrives()
    {
        var (here, lost) = (Submission(Nine), Submission(Nine));
        await service.DeliverAsync(here);
        await TellAsync(1, Nine.AddMinutes(1), here, lost);
        await CompareAsync(Nine.AddMinutes(2));
        await CompareAsync(Nine.AddMinutes(3));
        Assert.All(await DifferencesAsync(), difference => Assert.Null(difference.OpenedAt));
        await CompareAsync(Nine.AddMinutes(4));
        var incidents = await DifferencesAsync();
        Assert.Equal(
            [(CallFigures.Dossiers, "applications", 800_000L, 1_600_000L, "BAM"), (CallFigures.Submitted, "applications", 0L, 0L, ""), (CallFigures.Submitted, "notifications", 0L, 0L, "")],
            incidents.Select(one => (one.Figure, one.Neighbour, one.OurAmountMinor, one.TheirAmountMinor, one.Currency)).Order());
        Assert.All(incidents, incident => Assert.Equal((1, 2, Nine.AddMinutes(2), Nine.AddMinutes(4)), (incident.OurCount, incident.TheirCount, incident.FirstSeenAt, incident.OpenedAt)));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync());
        Assert.Contains("3 incidents", await PageAsync(""), StringComparison.Ordinal);
        var page = await PageAsync("/differences");
        Assert.Contains("Applications submitted", page, StringComparison.Ordinal);
        Assert.Contains("16,000.00", page, StringComparison.Ordinal);

        await service.DeliverAsync(lost);
        await CompareAsync(Nine.AddMinutes(5));
        Assert.All(await DifferencesAsync(), incident => Assert.Equal(Nine.AddMinutes(5), incident.ClosedAt));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
        Assert.Contains("All figures agree", await PageAsync(""), StringComparison.Ordinal);
        Assert.Contains("Agree again", await PageAsync("/differences"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_many_but_others_are_an_incident_too()
    {
        await service.DeliverAsync(Submission(Nine));
        await TellAsync(1, Nine.AddMinutes(1), Submission(Nine));
        foreach (var minute in (int[])[2, 3, 4]) await CompareAsync(Nine.AddMinutes(minute));
        Assert.All(await DifferencesAsync(), incident => Assert.Equal((1L, 1L, Nine.AddMinutes(4)), (incident.OurCount, incident.TheirCount, incident.OpenedAt)));
        Assert.Contains("the same number, but others", await PageAsync("/differences"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_text_of_a_version_is_an_incident()
    {
        var definition = Sample.Definition(call);
        var published = World.Published(definition, 1);
        await service.DeliverAsync(published);
        var figure = Totals.Of(CallFigures.Definitions, [new Fact { Note = $"1 {published.DefinitionSha256}" }]);
        await SayAsync("applications", figure);
        await SayAsync("disbursements", figure);
        await SayAsync("notifications", Totals.Of(CallFigures.Definitions, [new Fact { Note = $"1 {new string('f', 64)}" }]));
        foreach (var minute in (int[])[2, 3, 4]) await CompareAsync(Nine.AddMinutes(minute));

        var incident = Assert.Single(await DifferencesAsync());
        Assert.Equal((CallFigures.Definitions, "notifications", 1L, 1L, Nine.AddMinutes(4)), (incident.Figure, incident.Neighbour, incident.OurCount, incident.TheirCount, incident.OpenedAt));
        Assert.Contains("Versions of the call, word for word", await PageAsync("/differences"), StringComparison.Ordinal);

        Task SayAsync(string neighbour, CallFigure definitions) => service.DeliverAsync(new CallTotals(neighbour, call, 1, Nine.AddMinutes(2), Nine.AddMinutes(1),
        [
            .. CallFigures.KnownBy.Where(known => known.Value.Contains(neighbour)).Select(known => known.Key == CallFigures.Definitions ? definitions : Totals.Of(known.Key, [])),
        ]));
    }

    [Fact]
    public async Task A_steady_load_makes_no_difference()
    {
        var all = new List<ApplicationSubmitted>();
        var arrived = 0;
        for (var minute = 1; minute <= 20; minute++)
        {
            var now = Nine.AddMinutes(minute);
            service.Clock.Set(now);
            all.AddRange(Enumerable.Range(0, 6).Select(tenth => Submission(now.AddSeconds(-60 + 10 * tenth))));
            // Each message takes 50 seconds.
            for (; arrived < all.Count && all[arrived].At <= now.AddSeconds(-50); arrived++) await service.DeliverOnceAsync(all[arrived]);
            await TellAsync(minute, now.AddSeconds(-60), [.. all.Where(one => one.At < now.AddSeconds(-60))]);
            await CompareAsync(now);
            Assert.Empty(await DifferencesAsync());
        }
    }

    [Fact]
    public async Task Who_is_silent_after_something_happened_is_missed()
    {
        var submission = Submission(Nine);
        await service.DeliverAsync(submission);
        await TellAsync(1, Nine.AddMinutes(1), ["applications"], submission);
        for (var minute = 2; minute <= 10; minute++) await CompareAsync(Nine.AddMinutes(minute));
        Assert.Empty(await DifferencesAsync());
        for (var minute = 11; minute <= 13; minute++) await CompareAsync(Nine.AddMinutes(minute));
        var incident = Assert.Single(await DifferencesAsync());
        Assert.Equal(("notifications", 1L, 0L, Nine.AddMinutes(13)), (incident.Neighbour, incident.OurCount, incident.TheirCount, incident.OpenedAt));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task Of_a_neighbours_figures_the_newest_count_in_whichever_order_they_come(int first, int second)
    {
        var submission = Submission(Nine);
        foreach (var version in (int[])[first, second]) await TellAsync(version, Nine.AddMinutes(version), version == 2 ? [submission] : []);
        var held = await service.Db<ReviewsDb, List<PublishedTotals>>(db => db.Set<PublishedTotals>().ToListAsync());
        Assert.Equal(Neighbours, held.Select(totals => totals.Service).Order());
        Assert.All(held, totals => Assert.Equal((2L, Nine.AddMinutes(2)), (totals.Version, totals.Until)));
        Assert.All(held, totals => Assert.Contains("\"name\":\"submitted\",\"count\":1", totals.Figures, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_several_replicas_one_compares()
    {
        await service.DeliverAsync(Submission(Nine));
        service.Clock.Set(Nine.AddMinutes(2));
        var turns = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var scope = service.Services.CreateAsyncScope();
            var reconciler = scope.ServiceProvider.GetRequiredService<Reconciler>();
            var mine = await reconciler.TakeTurnAsync(scope.ServiceProvider, TimeSpan.FromHours(1));
            if (mine) await reconciler.RunAsync(scope.ServiceProvider);
            return mine;
        })));
        Assert.Equal(1, turns.Count(mine => mine));
        Assert.Single(await service.Events<CallTotals>());
    }

    ApplicationSubmitted Submission(DateTimeOffset at)
    {
        var id = Guid.CreateVersion7();
        return new(id, 2, at, call, 1, new string('d', 64), $"L4C-2026-{id.ToString()[^5..]}", 1, new string('a', 64), Guid.CreateVersion7(), "Udruženje", "Naslov", 800_000, "BAM", Guid.CreateVersion7());
    }

    Task TellAsync(long version, DateTimeOffset until, params ApplicationSubmitted[] submitted) => TellAsync(version, until, Neighbours, submitted);

    async Task TellAsync(long version, DateTimeOffset until, string[] neighbours, params ApplicationSubmitted[] submitted)
    {
        foreach (var neighbour in neighbours)
        {
            var figures = CallFigures.KnownBy.Where(figure => figure.Value.Contains(neighbour)).Select(figure => figure.Key switch
            {
                CallFigures.Submitted => Totals.Of(figure.Key, submitted.Select(one => new Fact { ApplicationId = one.ApplicationId })),
                CallFigures.Dossiers => Totals.Of(figure.Key, submitted.Select(one => new Fact
                {
                    ApplicationId = one.ApplicationId, AmountMinor = one.RequestedMinor, Currency = one.Currency, Note = one.DossierSha256,
                })),
                _ => Totals.Of(figure.Key, []),
            });
            await service.DeliverAsync(new CallTotals(neighbour, call, version, until.AddSeconds(60), until, [.. figures]));
        }
    }

    async Task CompareAsync(DateTimeOffset now)
    {
        service.Clock.Set(now);
        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Reconciler>().RunAsync(scope.ServiceProvider);
    }

    Task<List<TotalsDifference>> DifferencesAsync() => service.Db<ReviewsDb, List<TotalsDifference>>(db => db.Set<TotalsDifference>().AsNoTracking().ToListAsync());

    async Task<HealthStatus> HealthAsync() => (await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "outbox")).Status;

    Task<string> PageAsync(string page) =>
        service.Client(new Caller(Guid.CreateVersion7(), "Adnan", "en", [new HeldRole(Role.Administrator, "*")])).GetStringAsync(new Uri("/operations/reviews" + page, UriKind.Relative));

    static (long Count, long AmountMinor, string Currency) Of(CallTotals totals, string name)
    {
        var figure = totals.Figures.Single(one => one.Name == name);
        return (figure.Count, figure.AmountMinor, figure.Currency);
    }
}

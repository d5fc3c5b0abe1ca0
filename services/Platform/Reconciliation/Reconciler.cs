using Grants.Contracts.Reconciliation;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Reconciliation;

/// <summary>A figure of a service and what it counts.</summary>
sealed record Figure(string Name, Func<DbContext, IQueryable<Fact>> Facts);

/// <summary>
/// Publishes a service's figures and compares its neighbours' with them. Both sides count what happened before one instant, by the time in the events, so
/// that a steady load makes no difference; what a neighbour published holds until it publishes something else, so that a quiet platform is silent.
/// </summary>
public sealed partial class Reconciler
{
    // A message has this long to arrive before anybody misses it.
    static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(60);

    // A difference that stays for this long, and for two comparisons, is an incident.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Who has not said otherwise for so long must have had the time to: its last figures are its figures now.
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    // The counts of a call that nothing happens in are looked at every time, its ids and amounts this often.
    static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    // In case the last publication was lost.
    static readonly TimeSpan PublishAgain = TimeSpan.FromHours(6);

    readonly ServiceDefinition service;
    readonly IReadOnlyList<Figure> figures;
    readonly Dictionary<Guid, Looked> looked = [];
    readonly long started = TimeProvider.System.GetTimestamp();
    TimeSpan? next;

    internal Reconciler(ServiceDefinition service, IReadOnlyList<Figure> figures)
    {
        this.service = service;
        this.figures = figures;
    }

    /// <summary>The service whose figures these are.</summary>
    public string Service => service.Name;

    /// <summary>Names of the figures.</summary>
    public IReadOnlyList<string> Figures => [.. figures.Select(figure => figure.Name)];

    /// <summary>What was found when a call was looked at last. It is only in memory: who has forgotten it looks once more.</summary>
    readonly record struct Looked(string Print, bool Settled, DateTimeOffset At);

    internal async Task TickAsync(IServiceProvider services, CancellationToken ct)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (configuration["Messaging:Relay"] == "off") return; // tests of one service compare when they want to
        // Real time, not the product's: a clock moved by a year must not make a year of comparisons.
        var every = TimeSpan.FromSeconds(configuration.GetValue("Reconciliation:Seconds", 60));
        var now = TimeProvider.System.GetElapsedTime(started);
        next ??= now + every * Random.Shared.NextDouble();
        if (now < next) return;
        if (await TakeTurnAsync(services, every, ct)) await RunAsync(services, ct);
        next = now + every;
    }

    /// <summary>Of several replicas one has the turn.</summary>
    /// <param name="services">Services of a scope.</param>
    /// <param name="every">Time between two turns.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task<bool> TakeTurnAsync(IServiceProvider services, TimeSpan every, CancellationToken ct = default)
    {
        var db = (DbContext)services.GetRequiredService(service.DbType);
        var clock = services.GetRequiredService<AppTime>();
        var now = clock.Now - clock.Offset;
        var after = now + every * 0.9; // a little less, or who is late once would miss every other turn
        return await db.Set<TotalsTurn>().Where(turn => turn.NextAt <= now).ExecuteUpdateAsync(set => set.SetProperty(turn => turn.NextAt, after), ct) == 1;
    }

    /// <summary>Counts, publishes what has changed, and compares, once.</summary>
    /// <param name="services">Services of a scope.</param>
    /// <param name="ct">Ends it; what was not done is done the next time.</param>
    public async Task RunAsync(IServiceProvider services, CancellationToken ct = default)
    {
        var db = (DbContext)services.GetRequiredService(service.DbType);
        var now = services.GetRequiredService<AppTime>().Now;
        foreach (var (call, print) in await PrintsAsync(db, now - UnderWay, ct))
        {
            if (looked.TryGetValue(call, out var before) && before.Print == print && before.Settled && (now - before.At).Duration() < LookAgain) continue;
            db.ChangeTracker.Clear();
            var settled = await LookAsync(db, call, now, services.GetRequiredService<ILogger<Reconciler>>(), ct);
            await db.SaveChangesAsync(ct);
            looked[call] = new(print, settled, now);
        }

        await db.Set<TotalsTurn>().ExecuteUpdateAsync(set => set.SetProperty(turn => turn.ComparedAt, now), ct);
    }

    /// <summary>What tells cheaply whether a call must be looked at again: counts, made by the database, and versions of the neighbours' figures.</summary>
    async Task<Dictionary<Guid, string>> PrintsAsync(DbContext db, DateTimeOffset until, CancellationToken ct)
    {
        var prints = new Dictionary<Guid, string>();
        foreach (var figure in figures)
        {
            var counts = await figure.Facts(db).Where(fact => fact.At < until).GroupBy(fact => fact.CallId)
                .Select(call => new { call.Key, Count = call.Count() }).ToListAsync(ct);
            foreach (var call in counts) prints[call.Key] = $"{prints.GetValueOrDefault(call.Key)}{figure.Name} {call.Count};";
        }

        var versions = await db.Set<PublishedTotals>().AsNoTracking().OrderBy(totals => totals.Service).Select(totals => new { totals.Service, totals.CallId, totals.Version }).ToListAsync(ct);
        foreach (var totals in versions)
            prints[totals.CallId] = prints.GetValueOrDefault(totals.CallId) + (totals.Service == Service ? "" : $"{totals.Service} {totals.Version};");
        return prints;
    }

    /// <summary>Publishes a call's figures if they changed, and compares. True when nothing about it is open.</summary>
    async Task<bool> LookAsync(DbContext db, Guid call, DateTimeOffset now, ILogger logger, CancellationToken ct)
    {
        // Read before the facts: what the neighbours count is then here, unless it is missing.
        var known = await db.Set<PublishedTotals>().Where(totals => totals.CallId == call).ToDictionaryAsync(totals => totals.Service, ct);
        var open = await db.Set<TotalsDifference>().Where(difference => difference.CallId == call && difference.ClosedAt == null).ToListAsync(ct);
        var facts = new Dictionary<string, List<Fact>>();
        foreach (var figure in figures) facts[figure.Name] = await figure.Facts(db).Where(fact => fact.CallId == call).ToListAsync(ct);

        Publish(db, call, known.GetValueOrDefault(Service), [.. figures.Select(figure => Count(figure.Name, now - UnderWay))], now);
        var settled = true;
        foreach (var figure in figures)
        {
            foreach (var neighbour in CallFigures.KnownBy[figure.Name].Where(neighbour => neighbour != Service))
            {
                var totals = known.GetValueOrDefault(neighbour);
                var theirs = totals is null ? null : KeepTotals.Read(totals.Figures).FirstOrDefault(one => one.Name == figure.Name);
                var until = totals is not null && totals.Until > now - Silence ? totals.Until : now - Silence;
                settled &= Compare(db, open, call, neighbour, Count(figure.Name, until), theirs ?? Totals.Of(figure.Name, []), now, logger);
                settled &= facts[figure.Name].TrueForAll(fact => fact.At < until);
            }
        }

        return settled;

        CallFigure Count(string name, DateTimeOffset until) => Totals.Of(name, facts[name].Where(fact => fact.At < until));
    }

    void Publish(DbContext db, Guid call, PublishedTotals? own, IReadOnlyList<CallFigure> ours, DateTimeOffset now)
    {
        var text = KeepTotals.Write(ours);
        if (own is null ? ours.All(figure => figure.Count == 0) : own.Figures == text && now - own.At < PublishAgain) return;
        if (own is null) db.Add(own = new PublishedTotals { Service = Service, CallId = call });
        (own.Version, own.At, own.Until, own.Figures) = (own.Version + 1, now, now - UnderWay, text);
        db.Publish(new CallTotals(Service, call, own.Version, now, own.Until, ours));
    }

    /// <summary>True when they agree.</summary>
    static bool Compare(
        DbContext db, List<TotalsDifference> open, Guid call, string neighbour, CallFigure ours, CallFigure theirs, DateTimeOffset now, ILogger logger)
    {
        var difference = open.Find(one => one.Figure == ours.Name && one.Neighbour == neighbour);
        if (ours == theirs)
        {
            if (difference is null) return true;
            if (difference.OpenedAt is null)
            {
                db.Remove(difference); // it was only under way
            }
            else
            {
                difference.ClosedAt = now;
                Log.Closed(logger, ours.Name, call, neighbour);
            }

            return true;
        }

        if (difference is null)
        {
            db.Add(difference = new TotalsDifference { Id = Guid.CreateVersion7(), CallId = call, Figure = ours.Name, Neighbour = neighbour, FirstSeenAt = now });
            open.Add(difference);
        }

        (difference.OurCount, difference.OurAmountMinor, difference.TheirCount, difference.TheirAmountMinor) = (ours.Count, ours.AmountMinor, theirs.Count, theirs.AmountMinor);
        difference.Currency = ours.Currency.Length > 0 ? ours.Currency : theirs.Currency;
        difference.LastSeenAt = now;
        difference.Seen++;
        if (difference.OpenedAt is null && difference.Seen > 1 && now - difference.FirstSeenAt >= Patience)
        {
            difference.OpenedAt = now;
            Log.Opened(logger, ours.Name, call, ours.Count, neighbour, theirs.Count);
        }

        return false;
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Incident: '{Figure}' of call {CallId} is {Ours} here and {Theirs} in {Neighbour}, or the same number of different ones")]
        public static partial void Opened(ILogger logger, string figure, Guid callId, long ours, string neighbour, long theirs);

        [LoggerMessage(2, LogLevel.Information, "Incident over: '{Figure}' of call {CallId} agrees with {Neighbour} again")]
        public static partial void Closed(ILogger logger, string figure, Guid callId, string neighbour);
    }
}

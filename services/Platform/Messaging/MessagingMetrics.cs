using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grants.Platform.Hosting;
using Grants.Platform.Reconciliation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grants.Platform.Messaging;

/// <summary>State of one service's tables of messages.</summary>
/// <param name="Pending">Events that wait to be sent, parked ones too.</param>
/// <param name="Oldest">When the oldest of them was published, UTC; null when there is none.</param>
/// <param name="Parked">Events that were given up until an operator lets them go.</param>
/// <param name="DeadLetters">Open dead letters.</param>
/// <param name="Incidents">Figures that are not the same here and in a neighbour, beyond what messages under way explain.</param>
public sealed record OutboxState(int Pending, DateTimeOffset? Oldest, int Parked, int DeadLetters, int Incidents)
{
    internal static async Task<OutboxState> ReadAsync(DbContext db, CancellationToken ct)
    {
        var outbox = db.Set<OutboxMessage>().AsNoTracking();
        var parked = await outbox.CountAsync(row => row.DueAt == OutboxMessage.Parked, ct);
        var oldest = await outbox.OrderBy(row => row.Seq).Select(row => (DateTimeOffset?)row.EnqueuedAt).FirstOrDefaultAsync(ct);
        var letters = await db.Set<DeadLetter>().CountAsync(letter => letter.ResolvedAt == null, ct);
        var incidents = await db.Set<TotalsDifference>().CountAsync(difference => difference.OpenedAt != null && difference.ClosedAt == null, ct);
        return new(await outbox.CountAsync(ct), oldest, parked, letters, incidents);
    }
}

/// <summary>Figures of messaging; those of tables are as old as the last measuring by the job.</summary>
sealed class MessagingMetrics
{
    readonly ConcurrentDictionary<string, OutboxState> states = new();
    readonly Counter<long> duplicates;
    readonly Histogram<double> handleSeconds;

    public MessagingMetrics(IMeterFactory meters, AppTime clock)
    {
        var meter = meters.Create("Grants.Messaging");
        duplicates = meter.CreateCounter<long>("inbox_duplicates_total");
        handleSeconds = meter.CreateHistogram<double>("message_handle_seconds", "s");
        meter.CreateObservableGauge("outbox_pending", () => Measure(state => (long)state.Pending));
        meter.CreateObservableGauge("outbox_parked", () => Measure(state => (long)state.Parked));
        meter.CreateObservableGauge("dead_letters_open", () => Measure(state => (long)state.DeadLetters));
        meter.CreateObservableGauge("reconciliation_incidents_open", () => Measure(state => (long)state.Incidents));
        meter.CreateObservableGauge("outbox_oldest_seconds", () => Measure(state => state.Oldest is { } oldest ? Math.Max(0, (clock.Now - oldest).TotalSeconds) : 0));
    }

    public void Received(string queue, Delivery delivery, TimeSpan took)
    {
        var consumer = new KeyValuePair<string, object?>("consumer", queue);
        if (delivery == Delivery.Duplicate) duplicates.Add(1, consumer);
        else handleSeconds.Record(took.TotalSeconds, consumer);
    }

    public void Set(string service, OutboxState state) => states[service] = state;

    IEnumerable<Measurement<T>> Measure<T>(Func<OutboxState, T> value) where T : struct =>
        states.Select(state => new Measurement<T>(value(state.Value), new KeyValuePair<string, object?>("service", state.Key)));
}

/// <summary>Degraded when rows are older than ten minutes or parked or figures differ from a neighbour's, unhealthy from one day: rows must never outlive the memory of the inboxes.</summary>
sealed class OutboxHealth(IServiceScopeFactory scopes, IReadOnlyList<ServiceDefinition> definitions, AppTime clock) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var worst = HealthStatus.Healthy;
        var data = new Dictionary<string, object>();
        foreach (var definition in definitions)
        {
            await using var scope = scopes.CreateAsyncScope();
            var state = await OutboxState.ReadAsync((DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType), cancellationToken);
            data[definition.Name] = state;
            var age = clock.Now - (state.Oldest ?? clock.Now);
            var status = age > TimeSpan.FromDays(1) ? HealthStatus.Unhealthy
                : age > TimeSpan.FromMinutes(10) || state.Parked > 0 || state.Incidents > 0 ? HealthStatus.Degraded
                : HealthStatus.Healthy;
            if (status < worst) worst = status;
        }

        return new HealthCheckResult(worst, data: data);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Contracts;
using Grants.Platform.Hosting;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Messaging;

/// <summary>
/// Brings one service's outbox to the queues of this process. A row goes only when every subscriber's database has the message; until then it is in flight,
/// in memory. SQLite has one writer, so sequence numbers have no gaps and a cursor is safe: on PostgreSQL it would not be.
/// </summary>
sealed partial class Relay(
    ServiceDefinition definition, Subscriptions subscriptions, IServiceScopeFactory scopes, IBus bus, OutboxSignals signals, InFlight inFlight,
    AppTime clock, MessagingOptions options, ILogger<Relay> logger)
{
    const int Batch = 100;
    const int MostInFlight = 500;
    const int MostAttempts = 20;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    readonly ConcurrentQueue<long> settled = new();
    readonly List<long> deleting = [];
    readonly Dictionary<string, Blocked> blocked = [];
    long cursor;
    int flying;

    /// <summary>A subject whose row could not be published: it and what follows it wait, nobody else does.</summary>
    readonly record struct Blocked(long FirstSeq, DateTimeOffset Until);

    public async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var more = await PassAsync(ct);
                failures = 0;
                if (!more) await signals.WaitAsync(definition.DbType, LongestWait(), ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var wait = options.BackOff(++failures);
                Log.PassFailed(logger, definition.Name, failures, wait.TotalSeconds, e);
                await Task.Delay(wait, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    TimeSpan? LongestWait()
    {
        var wait = options.Poll is { } poll ? poll * (1 + 0.2 * Random.Shared.NextDouble()) : (TimeSpan?)null;
        var now = clock.Now;
        foreach (var (_, until) in blocked.Values)
        {
            if (until == OutboxMessage.Parked) continue;
            if (wait is null || until - now < wait) wait = until - now;
        }

        return wait;
    }

    async Task<bool> PassAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType);
        var outbox = db.Set<OutboxMessage>().AsNoTracking();
        await DeleteSettledAsync(outbox, ct);
        var more = await SendDueAsync(outbox, ct);

        var room = Math.Min(Batch, MostInFlight - flying);
        if (room <= 0) return false; // the next message that settles wakes us
        var rows = await outbox.Where(row => row.Seq > cursor).OrderBy(row => row.Seq).Take(room).ToListAsync(ct);
        foreach (var row in rows)
        {
            if (!blocked.ContainsKey(row.Subject))
            {
                if (row.DueAt > clock.Now) blocked[row.Subject] = new(row.Seq, row.DueAt.Value); // failed before a restart
                else await SendAsync(row, outbox, ct);
            }

            cursor = row.Seq;
        }

        return more || rows.Count == room;
    }

    async Task DeleteSettledAsync(IQueryable<OutboxMessage> outbox, CancellationToken ct)
    {
        while (settled.TryDequeue(out var seq)) deleting.Add(seq);
        if (deleting.Count == 0) return;
        await outbox.Where(row => deleting.Contains(row.Seq)).ExecuteDeleteAsync(ct);
        flying -= deleting.Count;
        deleting.Clear();
        signals.Happened();
    }

    async Task<bool> SendDueAsync(IQueryable<OutboxMessage> outbox, CancellationToken ct)
    {
        var more = false;
        foreach (var (subject, (first, until)) in blocked.ToList())
        {
            // An operator may have released a parked row meanwhile.
            var due = until == OutboxMessage.Parked
                ? !await outbox.AnyAsync(row => row.Seq == first && row.DueAt == OutboxMessage.Parked, ct)
                : until <= clock.Now;
            if (!due) continue;
            var rows = await outbox.Where(row => row.Subject == subject && row.Seq >= first && row.Seq <= cursor)
                .OrderBy(row => row.Seq).Take(Batch).ToListAsync(ct);
            var failed = false;
            foreach (var row in rows)
            {
                failed = !await SendAsync(row, outbox, ct);
                if (failed) break;
                blocked[subject] = new(row.Seq + 1, until);
            }

            if (failed) continue;
            if (rows.Count == Batch) more = true;
            else blocked.Remove(subject);
        }

        return more;
    }

    /// <summary>False if the row failed; its subject is blocked then.</summary>
    async Task<bool> SendAsync(OutboxMessage row, IQueryable<OutboxMessage> outbox, CancellationToken ct)
    {
        IEvent message;
        try
        {
            message = MessageTypes.Read(row.Type, row.Body);
        }
        catch (UnreadableMessage e)
        {
            await BlockAsync(row, e, OutboxMessage.Parked, outbox, ct);
            return false;
        }

        flying++;
        var queues = subscriptions.QueuesOf(message.GetType());
        if (queues.Count == 0)
        {
            Settled(row.Seq); // nobody in this process listens
            return true;
        }

        using var activity = MessageTrace.Start("outbox publish", ActivityKind.Producer, row.TraceParent, row.TraceState, message);
        inFlight.Add(row.MessageId, queues, () => Settled(row.Seq));
        try
        {
            await bus.Publish(message, message.GetType(), context =>
            {
                context.MessageId = row.MessageId;
                if ((activity?.Id ?? row.TraceParent) is { } parent) context.Headers.Set(MessageTrace.ParentHeader, parent);
                if ((activity?.TraceStateString ?? row.TraceState) is { } state) context.Headers.Set(MessageTrace.StateHeader, state);
            }, ct).WaitAsync(Deadline, ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Left in flight it would hang until the next start.
            inFlight.Forget(row.MessageId);
            flying--;
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            var until = row.Attempts + 1 >= MostAttempts ? OutboxMessage.Parked : AppTime.Cut(clock.Now + options.BackOff(row.Attempts + 1));
            await BlockAsync(row, e, until, outbox, ct);
            return false;
        }
    }

    async Task BlockAsync(OutboxMessage row, Exception error, DateTimeOffset until, IQueryable<OutboxMessage> outbox, CancellationToken ct)
    {
        blocked[row.Subject] = new(row.Seq, until);
        Log.PublishFailed(logger, definition.Name, row.MessageId, row.Attempts + 1, until, error);
        var text = error.Message.Length > 500 ? error.Message[..500] : error.Message;
        await outbox.Where(x => x.Seq == row.Seq).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.Attempts, x => x.Attempts + 1).SetProperty(x => x.DueAt, until).SetProperty(x => x.LastError, text), ct);
        signals.Happened();
    }

    void Settled(long seq)
    {
        settled.Enqueue(seq);
        signals.Wake(definition.DbType);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Relay of {Service} failed {Failures} times; next try in {Seconds} s")]
        public static partial void PassFailed(ILogger logger, string service, int failures, double seconds, Exception error);

        [LoggerMessage(2, LogLevel.Warning, "Relay of {Service} could not publish {MessageId} at attempt {Attempt}; its subject waits until {Until}")]
        public static partial void PublishFailed(ILogger logger, string service, Guid messageId, int attempt, DateTimeOffset until, Exception error);
    }
}

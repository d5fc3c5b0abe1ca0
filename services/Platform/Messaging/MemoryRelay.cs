using System.Collections.Concurrent;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Messaging;

/// <summary>
/// Brings an outbox in SQLite to the queues in this process. A row goes only when every subscriber's database has the message; until then it is in flight,
/// in memory. SQLite has one writer, so sequence numbers have no gaps and a cursor is safe: on PostgreSQL it would not be.
/// </summary>
sealed class MemoryRelay(ServiceDefinition definition, IServiceProvider services) : Relay(definition, services)
{
    const int MostInFlight = 500;

    readonly Subscriptions subscriptions = services.GetRequiredService<Subscriptions>();
    readonly InFlight inFlight = services.GetRequiredService<InFlight>();
    readonly ConcurrentQueue<long> settled = new();
    readonly List<long> deleting = [];
    readonly Dictionary<string, Blocked> blocked = [];
    long cursor;
    int flying;

    /// <summary>A subject whose row could not be published: it and what follows it wait, nobody else does.</summary>
    readonly record struct Blocked(long FirstSeq, DateTimeOffset Until);

    protected override DateTimeOffset? NextDue =>
        blocked.Values.Select(subject => (DateTimeOffset?)subject.Until).Where(until => until != OutboxMessage.Parked).DefaultIfEmpty().Min();

    protected override async Task<bool> PassAsync(CancellationToken ct)
    {
        await using var scope = Scopes.CreateAsyncScope();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(Definition.DbType);
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
                if (row.DueAt > Clock.Now) blocked[row.Subject] = new(row.Seq, row.DueAt.Value); // failed before a restart
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
        Signals.Happened();
    }

    async Task<bool> SendDueAsync(IQueryable<OutboxMessage> outbox, CancellationToken ct)
    {
        var more = false;
        foreach (var (subject, (first, until)) in blocked.ToList())
        {
            // An operator may have released a parked row meanwhile.
            var due = until == OutboxMessage.Parked
                ? !await outbox.AnyAsync(row => row.Seq == first && row.DueAt == OutboxMessage.Parked, ct)
                : until <= Clock.Now;
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
        var flies = false;
        try
        {
            var message = MessageTypes.Read(row.Type, row.Body);
            flying++;
            flies = true;
            var queues = subscriptions.QueuesOf(message.GetType());
            if (queues.Count == 0)
            {
                Settled(row.Seq); // nobody in this process listens
                return true;
            }

            inFlight.Add(row.MessageId, queues, () => Settled(row.Seq));
            await PublishAsync(row, message, ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Left in flight it would hang until the next start.
            inFlight.Forget(row.MessageId);
            if (flies) flying--;
            await BlockAsync(row, e, outbox, ct);
            return false;
        }
    }

    async Task BlockAsync(OutboxMessage row, Exception error, IQueryable<OutboxMessage> outbox, CancellationToken ct)
    {
        var until = Until(row, error);
        blocked[row.Subject] = new(row.Seq, until);
        var text = Describe(error);
        await outbox.Where(x => x.Seq == row.Seq).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.Attempts, x => x.Attempts + 1).SetProperty(x => x.DueAt, until).SetProperty(x => x.LastError, text), ct);
        Signals.Happened();
    }

    void Settled(long seq)
    {
        settled.Enqueue(seq);
        Signals.Wake(Definition.DbType);
    }
}

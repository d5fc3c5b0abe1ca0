using System.Collections.Concurrent;
using System.Net.Sockets;
using Grants.Platform.Hosting;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Grants.Platform.Messaging;

/// <summary>
/// Brings an outbox in PostgreSQL to RabbitMQ. A row goes when the broker has confirmed that a queue holds the message. One replica relays at a time,
/// for the order of a subject; the lock goes with its connection when it dies.
/// </summary>
sealed class BrokerRelay(ServiceDefinition definition, IServiceProvider services) : Relay(definition, services)
{
    /// <summary>Advisory locks belong to a database, and each service has one of its own.</summary>
    const long RelayLock = 7_236_836_919;

    /// <summary>How soon to look again when another replica was relaying: it may have read before our row was there, and nobody will wake us for it.</summary>
    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    /// <summary>How often to look whether the broker is back.</summary>
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    readonly IBusControl control = services.GetRequiredService<IBusControl>();
    bool anotherRelays;
    int outages;
    DateTimeOffset? due;

    protected override DateTimeOffset? NextDue => anotherRelays ? Clock.Now + Turn : due;

    protected override async Task<bool> PassAsync(CancellationToken ct)
    {
        // Without a broker every publish would wait for its deadline. A queue of ours without its consumer keeps nobody from publishing.
        while (control.CheckHealth().Status == BusHealthStatus.Unhealthy) await Task.Delay(Look, ct);

        await using var scope = Scopes.CreateAsyncScope();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(Definition.DbType);
        var outbox = db.Set<OutboxMessage>();
        // Read committed, which is the default: skipping locked rows under a stricter level ends in serialisation failures.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        anotherRelays = !await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({RelayLock}) as \"Value\"").SingleAsync(ct);
        if (anotherRelays) return false;

        var now = Clock.Now.UtcDateTime;
        // A subject waits behind its own failed row, nobody else does. Not by "not exists": as a join it is planned with old statistics, for the table is empty
        // most of the time, and thousands of rows that wait would each be compared with each.
        var rows = await outbox.FromSql(
            $"""
            select * from outbox_messages o
            where (due_at is null or due_at <= {now})
              and (select 1 from outbox_messages w where w.subject = o.subject and w.seq < o.seq and w.due_at > {now} limit 1) is null
            order by seq limit {Batch} for update skip locked
            """).AsNoTracking().ToListAsync(ct);
        if (rows.Count > 0)
        {
            var (confirmed, failed) = await PublishAsync(rows, ct);
            // What the broker has is written down even while stopping: otherwise it would all go out once more.
            var confirmedSeqs = confirmed.ToArray();
            await outbox.Where(row => confirmedSeqs.Contains(row.Seq)).ExecuteDeleteAsync(CancellationToken.None);
            outages = failed.Any(one => IsOutage(one.Error)) ? outages + 1 : 0;
            // Nothing went: the broker is away or takes nothing for now, as when its disk is full. The rows stay as they are, and all wait together.
            if (confirmedSeqs.Length == 0 && failed.Count > 0 && failed.All(one => IsOutage(one.Error)))
                throw new TimeoutException($"The broker confirmed none of {failed.Count} messages.", failed.First().Error);
            foreach (var (row, error) in failed)
            {
                // An outage counts no attempt, however long it lasts: only what is wrong with a row itself parks it.
                var (until, counted) = IsOutage(error) ? (AppTime.Cut(Clock.Now + Options.BackOff(Math.Min(outages, 5))), 0) : (Until(row, error), 1);
                var text = Describe(error);
                await outbox.Where(x => x.Seq == row.Seq).ExecuteUpdateAsync(set => set
                    .SetProperty(x => x.Attempts, x => x.Attempts + counted).SetProperty(x => x.DueAt, until).SetProperty(x => x.LastError, text), CancellationToken.None);
            }
        }

        due = await outbox.Where(row => row.DueAt != null && row.DueAt != OutboxMessage.Parked).MinAsync(row => row.DueAt, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        Signals.Happened();
        return rows.Count == Batch;
    }

    /// <summary>The broker, or the line to it, failed, and not this message. A channel that the broker closed with one of these codes, it closed for a message.</summary>
    static bool IsOutage(Exception error) => error switch
    {
        OperationInterruptedException { ShutdownReason.ReplyCode: Constants.AccessRefused or Constants.NotFound or Constants.PreconditionFailed } => false,
        MessageReturnedException or RabbitMQ.Client.Exceptions.PublishException { IsReturn: true } => false,
        RabbitMQClientException or MessageNotAcknowledgedException or ConnectionException or ObjectDisposedException => true,
        OperationCanceledException or TimeoutException or IOException or SocketException => true,
        _ => error.InnerException is { } inner && IsOutage(inner),
    };

    /// <summary>Subjects at once, the rows of one in order; the first that fails holds back those behind it.</summary>
    async Task<(IReadOnlyCollection<long> Confirmed, IReadOnlyCollection<(OutboxMessage Row, Exception Error)> Failed)> PublishAsync(
        IReadOnlyList<OutboxMessage> rows, CancellationToken ct)
    {
        var confirmed = new ConcurrentQueue<long>();
        var failed = new ConcurrentQueue<(OutboxMessage, Exception)>();
        // One deadline for all: meanwhile a transaction is open.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        await Task.WhenAll(rows.GroupBy(row => row.Subject).Select(async subject =>
        {
            foreach (var row in subject)
            {
                try
                {
                    await PublishAsync(row, MessageTypes.Read(row.Type, row.Body), deadline.Token);
                    confirmed.Enqueue(row.Seq);
                }
                catch (Exception e)
                {
                    if (!ct.IsCancellationRequested) failed.Enqueue((row, e));
                    return;
                }
            }
        }));
        return (confirmed, failed);
    }
}

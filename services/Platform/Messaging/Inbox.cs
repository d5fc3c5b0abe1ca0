using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Grants.Contracts;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Messaging;

/// <summary>How a delivery to one handler ended.</summary>
public enum Delivery
{
    /// <summary>The handler's effects are committed.</summary>
    Handled,

    /// <summary>The handler had the message before; nothing was done.</summary>
    Duplicate,

    /// <summary>The handler failed for good; the message is kept as a dead letter.</summary>
    DeadLettered,
}

/// <summary>
/// Hands a message to a handler so that its effects happen once: the inbox row, the effects and further outbox rows are one transaction. Failures are
/// retried here, each in a fresh scope and outside of any transaction, and end as a dead letter; nothing is left to the transport's own error queues.
/// </summary>
sealed partial class Inbox(
    Subscriptions subscriptions, IServiceScopeFactory scopes, AppTime clock, MessagingOptions options, InFlight inFlight, MessagingMetrics metrics, ILogger<Inbox> logger)
{
    // Services that may have letters waiting for another message. Presumed until looked at: an earlier process may have left some.
    readonly ConcurrentDictionary<Type, bool> mayWait = new();

    /// <param name="subscription">The handler.</param>
    /// <param name="message">The event.</param>
    /// <param name="messageId">Given at enqueue.</param>
    /// <param name="headers">What travels beside it.</param>
    /// <param name="ct">Interrupts a handler.</param>
    /// <param name="stopping">Ends the wait between two attempts: the message goes back to its queue.</param>
    public async Task<Delivery> ReceiveAsync(
        Subscription subscription, IEvent message, Guid messageId, MessageHeaders headers, CancellationToken ct, CancellationToken stopping = default)
    {
        using var activity = MessageTrace.Start($"handle {message.GetType().Name}", ActivityKind.Consumer, headers.TraceParent, headers.TraceState, message);
        activity?.SetTag("grants.consumer", subscription.Queue);
        var started = clock.GetTimestamp();
        var delivery = await DeliverAsync(subscription, message, messageId, headers with { TraceParent = activity?.Id ?? headers.TraceParent }, ct, stopping);
        metrics.Received(subscription.Queue, delivery, clock.GetElapsedTime(started));
        if (delivery == Delivery.DeadLettered) activity?.SetStatus(ActivityStatusCode.Error);
        if (delivery != Delivery.Duplicate) await RetryWaitingAsync(subscription.DbType, ct);
        inFlight.Settle(messageId, subscription.Queue);
        return delivery;
    }

    async Task<Delivery> DeliverAsync(
        Subscription subscription, IEvent message, Guid messageId, MessageHeaders headers, CancellationToken ct, CancellationToken stopping)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        var started = clock.GetTimestamp();
        var failures = 0;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                // Half an hour of leeway: clocks differ, but a version from next year would make every true event after it look old.
                if (message.At > clock.Now + options.FutureLeeway) throw new RefusedMessage($"The event says that it happened at {message.At:u}, which has not come yet.");
                return await AttemptAsync(subscription, message, messageId, headers.BodyHash, ct) ? Delivery.Handled : Delivery.Duplicate;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                var held = clock.GetElapsedTime(started);
                if (Next(e, attempt, ref failures, held) is { } next)
                {
                    wait = next;
                    Log.Again(logger, subscription.Queue, messageId, attempt, wait.TotalSeconds, e.Message, e.Unexpected());
                }
                else if (await TryBuryAsync(subscription, message, messageId, headers, e, attempt, ct) is { } buried)
                {
                    return buried;
                }
                else
                {
                    wait = options.BackOff(Math.Min(attempt, 5)); // not even the letter could be written: the message stays held
                }
            }

            await Task.Delay(wait, pause.Token);
        }
    }

    /// <summary>Wait before the next attempt; null to give up.</summary>
    TimeSpan? Next(Exception error, int attempt, ref int failures, TimeSpan held)
    {
        var step = TimeSpan.FromMilliseconds(Math.Min(50 * Math.Pow(2, Math.Min(attempt - 1, 10)), 10_000));
        if (error is NotYet) return held < options.HoldNotYet ? step : null;
        if (error.IsTransient()) return held < options.HoldTransient ? step : null;
        if (error is RefusedMessage) return null;
        return failures < options.Retries.Count ? options.Retries[failures++] : null;
    }

    /// <summary>One attempt in a scope of its own; false if the inbox has the message already.</summary>
    async Task<bool> AttemptAsync(Subscription subscription, IEvent message, Guid messageId, string? bodyHash, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(subscription.DbType);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await db.TryEnterInboxAsync(messageId, subscription.Queue, bodyHash, clock.Now, ct))
        {
            var first = await db.Set<InboxMessage>().Where(row => row.MessageId == messageId && row.Consumer == subscription.Queue).Select(row => row.BodyHash).SingleAsync(ct);
            if (first is not null && bodyHash is not null && first != bodyHash) throw new OtherContent();
            await transaction.RollbackAsync(ct);
            return false;
        }

        await db.HoldAsync(EventLocks.Of(message), ct);
        await subscriptions.InvokeAsync(scope.ServiceProvider.GetRequiredService(subscription.HandlerType), message, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Writes the dead letter and the inbox row in one transaction, so that a redelivery is suppressed. Null if the database is away.</summary>
    async Task<Delivery?> TryBuryAsync(
        Subscription subscription, IEvent message, Guid messageId, MessageHeaders headers, Exception error, int attempts, CancellationToken ct)
    {
        var waiting = error is NotYet || error.IsTransient();
        if (waiting) mayWait[subscription.DbType] = true; // before the commit: whoever commits what it waits for must see it
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(subscription.DbType);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var entered = await db.TryEnterInboxAsync(messageId, subscription.Queue, headers.BodyHash, clock.Now, ct);
            // Another message under a known id leaves one letter, however often it comes.
            if (!entered && (error is not OtherContent || await HasLetterAsync(db, messageId, subscription.Queue, ct))) return Delivery.Duplicate;
            db.Add(new DeadLetter
            {
                Id = Guid.CreateVersion7(),
                MessageId = messageId,
                Consumer = subscription.Queue,
                Type = message.GetType().FullName!,
                Subject = message.Subject,
                Body = JsonSerializer.Serialize(message, message.GetType(), MessageJson.Options),
                TraceParent = headers.TraceParent is { } parent ? StoredText.Cut(parent, 100) : null,
                Error = Describe(error),
                Attempts = attempts,
                FailedAt = clock.Now,
                Waiting = waiting,
            });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            Log.Buried(logger, subscription.Queue, messageId, waiting, error);
            return Delivery.DeadLettered;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotBuried(logger, subscription.Queue, messageId, e);
            return null;
        }
    }

    /// <summary>
    /// Keeps a message that is none, or none for this queue, so that an operator sees it. False if the database is away. The same bytes leave one letter.
    /// </summary>
    public async Task<bool> TryBuryAsync(Subscription queue, Guid messageId, string type, string body, string reason, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(queue.DbType);
            if (await HasLetterAsync(db, messageId, queue.Queue, ct)) return true;
            db.Add(new DeadLetter
            {
                Id = Guid.CreateVersion7(), MessageId = messageId, Consumer = queue.Queue, Type = StoredText.Cut(type, 200), Body = body, Error = StoredText.Cut(reason, 4000),
                Attempts = 1, FailedAt = clock.Now,
            });
            await db.SaveChangesAsync(ct);
            Log.Unreadable(logger, queue.Queue, messageId, reason);
            return true;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return true; // a replica was first
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotBuried(logger, queue.Queue, messageId, e);
            return false;
        }
    }

    static Task<bool> HasLetterAsync(DbContext db, Guid messageId, string queue, CancellationToken ct) =>
        db.Set<DeadLetter>().AnyAsync(letter => letter.MessageId == messageId && letter.Consumer == queue, ct);

    /// <summary>
    /// Retries the service's waiting letters, a hundred at a time and oldest first, as long as one of them succeeds. Called by the job, and after every message a service handled,
    /// which may be the one they wait for; before that message settles, so that idle means idle.
    /// </summary>
    /// <param name="dbType">Context of the service.</param>
    /// <param name="always">Also if no letter of this process waits: a replica that is gone may have left some.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RetryWaitingAsync(Type dbType, CancellationToken ct, bool always = false)
    {
        if (!always && !mayWait.GetValueOrDefault(dbType, true)) return;
        try
        {
            var progress = true;
            while (progress)
            {
                progress = false;
                mayWait[dbType] = false;
                List<Guid> waiting;
                await using (var scope = scopes.CreateAsyncScope())
                {
                    var db = (DbContext)scope.ServiceProvider.GetRequiredService(dbType);
                    waiting = await db.Set<DeadLetter>().Where(letter => letter.Waiting && letter.ResolvedAt == null)
                        // A failure goes behind those tried less: a hundred that wait for ever must not stand before all others.
                        .OrderBy(letter => letter.Attempts).ThenBy(letter => letter.FailedAt).ThenBy(letter => letter.Id).Select(letter => letter.Id).Take(100).ToListAsync(ct);
                }

                if (waiting.Count > 0) mayWait[dbType] = true;
                foreach (var id in waiting) progress |= await RetryAsync(dbType, id, Guid.Empty, ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            mayWait[dbType] = true; // the message that brought us here is handled all the same
            Log.WaitingNotRetried(logger, dbType.Name, e);
        }
    }

    /// <summary>Runs the handler of an open dead letter again and removes the letter, in one transaction; false if there is none or it failed again.</summary>
    public async Task<bool> RetryAsync(Type dbType, Guid id, Guid personId, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(dbType);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var letter = await db.Set<DeadLetter>().AsNoTracking().SingleOrDefaultAsync(x => x.Id == id && x.ResolvedAt == null, ct);
            // The delete decides between two who retry at once; the inbox row stays as it is.
            if (letter is null || await db.Set<DeadLetter>().Where(x => x.Id == id && x.ResolvedAt == null).ExecuteDeleteAsync(ct) == 0) return false;
            var message = MessageTypes.Read(letter.Type, letter.Body);
            var subscription = subscriptions.Find(dbType, letter.Consumer, message.GetType())
                ?? throw new InvalidOperationException($"Nobody listens as {letter.Consumer} any more.");
            using var activity = MessageTrace.Start($"handle {message.GetType().Name}", ActivityKind.Consumer, letter.TraceParent, null, message);
            await db.HoldAsync(EventLocks.Of(message), ct);
            await subscriptions.InvokeAsync(scope.ServiceProvider.GetRequiredService(subscription.HandlerType), message, ct);
            if (personId != Guid.Empty) db.Audit(clock.Now, personId, "dead-letter.retried", letter.MessageId);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(dbType);
            var waiting = e is NotYet || e.IsTransient();
            if (waiting) mayWait[dbType] = true;
            var text = Describe(e);
            await db.Set<DeadLetter>().Where(x => x.Id == id && x.ResolvedAt == null).ExecuteUpdateAsync(set => set
                .SetProperty(x => x.Attempts, x => x.Attempts + 1).SetProperty(x => x.Error, text).SetProperty(x => x.Waiting, waiting), ct);
            if (!waiting) Log.RetryFailed(logger, id, e);
            return false;
        }
    }

    static string Describe(Exception error) => StoredText.Cut(error is NotYet or RefusedMessage ? error.Message : error.ToString(), 4000);

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Queue} failed on {MessageId} at attempt {Attempt}; next try in {Seconds} s: {Reason}")]
        public static partial void Again(ILogger logger, string queue, Guid messageId, int attempt, double seconds, string reason, Exception? error);

        [LoggerMessage(2, LogLevel.Error, "{Queue} gave up {MessageId}; dead letter written (waiting: {Waiting})")]
        public static partial void Buried(ILogger logger, string queue, Guid messageId, bool waiting, Exception error);

        [LoggerMessage(3, LogLevel.Error, "{Queue} could not write a dead letter for {MessageId}; the message stays held")]
        public static partial void NotBuried(ILogger logger, string queue, Guid messageId, Exception error);

        [LoggerMessage(4, LogLevel.Error, "Waiting letters of {Db} could not be retried")]
        public static partial void WaitingNotRetried(ILogger logger, string db, Exception error);

        [LoggerMessage(6, LogLevel.Error, "{Queue} got {MessageId}, which is no message for it: {Reason}")]
        public static partial void Unreadable(ILogger logger, string queue, Guid messageId, string reason);

        [LoggerMessage(5, LogLevel.Error, "Retry of dead letter {Id} failed")]
        public static partial void RetryFailed(ILogger logger, Guid id, Exception error);
    }
}

/// <summary>What travels beside a message.</summary>
/// <param name="BodyHash"><see cref="EventBody.Hash"/> of the body as it was enqueued; null if the sender did not say.</param>
/// <param name="TraceParent">W3C trace context.</param>
/// <param name="TraceState">W3C trace state.</param>
readonly record struct MessageHeaders(string? BodyHash, string? TraceParent, string? TraceState);

/// <summary>A message that no attempt will ever make acceptable.</summary>
class RefusedMessage(string message) : Exception(message);

/// <summary>The id belongs to a message that was handled, and this is not that one.</summary>
sealed class OtherContent() : RefusedMessage("A message with this id but other content was handled before.");

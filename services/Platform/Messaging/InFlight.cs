using System.Collections.Concurrent;

namespace Grants.Platform.Messaging;

/// <summary>
/// Messages on their way in this process and the queues that have still to settle each. It lives in memory exactly as the queues do: a crash forgets both
/// together, and the rows in the outboxes speak.
/// </summary>
sealed class InFlight
{
    readonly ConcurrentDictionary<Guid, Flight> flights = new();

    sealed class Flight(IEnumerable<string> queues, Action settled)
    {
        public readonly HashSet<string> Queues = [.. queues];
        public readonly Action Settled = settled;
    }

    public void Add(Guid messageId, IEnumerable<string> queues, Action settled) => flights[messageId] = new Flight(queues, settled);

    public void Forget(Guid messageId) => flights.TryRemove(messageId, out _);

    /// <summary>A queue is done with a message: handled, found a duplicate, or written as a dead letter. The last one settles the message.</summary>
    public void Settle(Guid messageId, string queue)
    {
        if (!flights.TryGetValue(messageId, out var flight)) return;
        lock (flight)
        {
            if (!flight.Queues.Remove(queue) || flight.Queues.Count > 0) return;
        }

        if (flights.TryRemove(messageId, out _)) flight.Settled();
    }
}

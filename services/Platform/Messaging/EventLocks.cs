using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Reflection;
using Grants.Contracts;
using Grants.Platform.Persistence;

namespace Grants.Platform.Messaging;

/// <summary>
/// Which events a service handles one after the other. Two events often complete each other, such as a submission and the outcome of its check: each handler stores
/// what came and looks whether the other is there. Handled at the same moment by two replicas, neither sees the other's uncommitted row, and the work is never done.
/// So an event holds what it is about alone, and everything else it names together with others: applications of one call are handled beside each other, but not
/// beside a new version of that call.
/// </summary>
static class EventLocks
{
    static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> Ids = new();

    /// <summary>The locks of an event, in an order that is the same for all events, so that two never wait for each other crosswise.</summary>
    public static IReadOnlyList<TransactionLock> Of(IEvent message)
    {
        var alone = Guid.TryParse(message.Subject, out var subject) ? subject : Guid.Empty;
        var application = (message as IApplicationEvent)?.ApplicationId;
        return
        [
            .. IdsOf(message.GetType()).Select(property => (Guid)property.GetValue(message)!).Append(alone).Where(id => id != Guid.Empty)
                .GroupBy(Key, id => id == alone || id == application).Select(same => new TransactionLock(same.Key, same.Any(isAlone => isAlone))).OrderBy(held => held.Key),
        ];
    }

    static IReadOnlyList<PropertyInfo> IdsOf(Type type) => Ids.GetOrAdd(type, static type => [.. type.GetProperties().Where(property => property.PropertyType == typeof(Guid))]);

    static long Key(Guid id)
    {
        var bytes = id.ToByteArray();
        return BinaryPrimitives.ReadInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
    }
}

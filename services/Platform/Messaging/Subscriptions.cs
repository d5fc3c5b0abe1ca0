using System.Reflection;
using Grants.Contracts;
using Grants.Platform.Hosting;

namespace Grants.Platform.Messaging;

/// <summary>All subscriptions of this process: what configures the queues and what a message waits for are the same list.</summary>
sealed class Subscriptions
{
    delegate Task Call(object handler, IEvent message, CancellationToken ct);

    static readonly MethodInfo CallMethod = typeof(Subscriptions).GetMethod(nameof(CallHandler), BindingFlags.NonPublic | BindingFlags.Static)!;

    readonly ILookup<Type, Subscription> byType;
    readonly Dictionary<Type, IReadOnlyList<string>> queues;
    readonly Dictionary<Type, Call> calls;

    public Subscriptions(IReadOnlyList<ServiceDefinition> definitions)
    {
        All = [.. definitions.SelectMany(definition => definition.Subscriptions)];
        foreach (var queue in All.GroupBy(subscription => subscription.Queue))
        {
            // With a shared queue the second handler would be taken for a duplicate and skipped without a word.
            if (queue.Select(subscription => subscription.HandlerType).Distinct().Count() > 1)
                throw new InvalidOperationException($"Two handlers share the queue {queue.Key}.");
        }

        byType = All.ToLookup(subscription => subscription.MessageType);
        queues = byType.ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(subscription => subscription.Queue)]);
        calls = byType.ToDictionary(group => group.Key, group => CallMethod.MakeGenericMethod(group.Key).CreateDelegate<Call>());
    }

    public IReadOnlyList<Subscription> All { get; }

    public IReadOnlyList<string> QueuesOf(Type messageType) => queues.GetValueOrDefault(messageType, []);

    public IEnumerable<Subscription> Of(Type messageType) => byType[messageType];

    public Subscription? Find(Type dbType, string queue, Type messageType) =>
        byType[messageType].FirstOrDefault(subscription => subscription.Queue == queue && subscription.DbType == dbType);

    public Task InvokeAsync(object handler, IEvent message, CancellationToken ct) => calls[message.GetType()](handler, message, ct);

    static Task CallHandler<TMessage>(object handler, IEvent message, CancellationToken ct) where TMessage : class, IEvent =>
        ((IHandle<TMessage>)handler).Handle((TMessage)message, ct);
}

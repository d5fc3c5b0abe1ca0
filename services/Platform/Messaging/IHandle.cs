using System.Text;
using Grants.Contracts;

namespace Grants.Platform.Messaging;

/// <summary>
/// Handles one kind of event for one purpose. Runs in a transaction that also holds the inbox row, with the service's own DbContext injected: add to that
/// context and return; the caller saves and commits. It may run again from the start after a failure, so it must do nothing that the transaction cannot take back.
/// </summary>
/// <typeparam name="TMessage">The event.</typeparam>
public interface IHandle<in TMessage> where TMessage : class, IEvent
{
    /// <summary>Applies the event. Throw <see cref="NotYet"/> when something it builds on has not arrived.</summary>
    Task Handle(TMessage message, CancellationToken ct);
}

/// <summary>Thrown by a handler whose event came before another one that it builds on. The message is held and tried again.</summary>
/// <param name="what">What is missing, with ids only, such as <c>call 0190... version 2</c>.</param>
public sealed class NotYet(string what) : Exception($"Not yet here: {what}.");

/// <summary>A declaration that a handler listens to an event.</summary>
/// <param name="MessageType">The event's type.</param>
/// <param name="HandlerType">The feature that handles it.</param>
/// <param name="DbType">Context of the service it belongs to.</param>
/// <param name="Queue">Name of queue and inbox key, such as <c>reviews.on-application-submitted</c>.</param>
public sealed record Subscription(Type MessageType, Type HandlerType, Type DbType, string Queue)
{
    /// <summary>Derives the queue's name from service and handler.</summary>
    public static Subscription Of<TMessage, THandler>(string service, Type dbType) where TMessage : class, IEvent where THandler : class, IHandle<TMessage> =>
        new(typeof(TMessage), typeof(THandler), dbType, $"{service}.{Kebab(typeof(THandler).Name)}");

    static string Kebab(string name)
    {
        var result = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && result.Length > 0) result.Append('-');
            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString();
    }
}

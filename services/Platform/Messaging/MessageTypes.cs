using System.Collections.Concurrent;
using System.Text.Json;
using Grants.Contracts;

namespace Grants.Platform.Messaging;

/// <summary>Finds the contract of a name on the wire.</summary>
static class MessageTypes
{
    static readonly ConcurrentDictionary<string, Type> Known = new();

    /// <exception cref="UnreadableMessage">No such contract here, or the JSON is not one.</exception>
    public static IEvent Read(string type, string body)
    {
        try
        {
            return (IEvent)JsonSerializer.Deserialize(body, Find(type), MessageJson.Options)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new UnreadableMessage($"The body is not a {type}: {e.Message}");
        }
    }

    static Type Find(string name) => Known.GetOrAdd(name, static name =>
        typeof(IEvent).Assembly.GetType(name)
        ?? AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null && type.IsAssignableTo(typeof(IEvent)))
        ?? throw new UnreadableMessage($"No contract is called {name}."));
}

/// <summary>A stored message that no attempt will ever make readable.</summary>
sealed class UnreadableMessage(string message) : RefusedMessage(message);

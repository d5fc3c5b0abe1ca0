using System.Runtime.CompilerServices;
using System.Text.Json;
using Grants.Contracts;
using Grants.Platform.Messaging;

namespace Grants.Platform.Tests.Messaging;

public sealed class ContractTests
{
    static IReadOnlyList<Type> Events => [.. typeof(IEvent).Assembly.GetExportedTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IEvent))).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>
    /// Names and shapes are the wire format: rows in outboxes and messages in queues outlive a release. A change here is a decision; when it is meant, run
    /// the test once with UPDATE_SNAPSHOTS=1.
    /// </summary>
    [Fact]
    public void The_contracts_are_as_the_snapshot_says()
    {
        var lines = Events.Concat(Parts()).SelectMany(type => new[] { type.FullName! }.Concat(type.GetProperties()
            .Select(property => $"    {property.Name}: {Name(property.PropertyType)}").Order(StringComparer.Ordinal)));
        var actual = string.Join('\n', lines) + '\n';
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(Snapshot(), actual);
        Assert.Equal(File.ReadAllText(Snapshot()), actual);
    }

    [Fact]
    public void Every_contract_can_be_written_and_read_again()
    {
        foreach (var type in Events)
        {
            var empty = "{" + string.Join(',', type.GetConstructors().Single().GetParameters().Where(parameter => parameter.ParameterType.IsArray || parameter.ParameterType.IsGenericType
                && parameter.ParameterType.GetGenericTypeDefinition() != typeof(Nullable<>)).Select(parameter => $"\"{JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)}\":[]")) + "}";
            var message = MessageTypes.Read(type.FullName!, empty);
            Assert.Equal(JsonSerializer.Serialize(message, type, MessageJson.Options),
                JsonSerializer.Serialize(MessageTypes.Read(type.FullName!, JsonSerializer.Serialize(message, type, MessageJson.Options)), type, MessageJson.Options));
        }
    }

    // Records that events carry, such as the members of an organisation.
    static IEnumerable<Type> Parts()
    {
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(Events);
        while (open.TryDequeue(out var type))
        {
            foreach (var part in type.GetProperties().SelectMany(property => property.PropertyType.GetGenericArguments().Append(property.PropertyType)))
            {
                if (part.Assembly == typeof(IEvent).Assembly && part.IsClass && seen.Add(part)) open.Enqueue(part);
            }
        }

        return seen.OrderBy(type => type.FullName, StringComparer.Ordinal);
    }

    static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    static string Snapshot([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "contracts.snapshot.txt");
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>
    /// During a rolling update an older replica and a newer one read each other's events. <c>contracts.previous.json</c> has each event as the previous release
    /// writes it; with a release it is written anew, by a run with UPDATE_PREVIOUS=1.
    /// </summary>
    [Fact]
    public void What_the_previous_release_writes_is_read_whole()
    {
        foreach (var (name, body) in Previous())
        {
            // Every member has its meaning still: written again, it is there with its value.
            var again = JsonNode.Parse(JsonSerializer.Serialize(MessageTypes.Read(name, body!.ToJsonString()), Events.Single(type => type.FullName == name), MessageJson.Options))!;
            foreach (var (member, value) in body.AsObject()) Assert.True(JsonNode.DeepEquals(value, again[member]), $"{name}.{member} was {value} and is {again[member]}");
        }
    }

    [Fact]
    public void The_previous_release_finds_every_member_it_knows()
    {
        foreach (var (name, body) in Previous())
        {
            var today = JsonSerializer.SerializeToNode(Sample(Events.Single(type => type.FullName == name)), Events.Single(type => type.FullName == name), MessageJson.Options)!;
            AssertHas(name, body!, today);
        }
    }

    [Fact]
    public void A_member_that_the_previous_release_does_not_write_may_be_missing()
    {
        foreach (var (name, body) in Previous())
        {
            foreach (var parameter in Events.Single(type => type.FullName == name).GetConstructors().Single().GetParameters())
            {
                if (body!.AsObject().ContainsKey(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!))) continue;
                // Missing, it is null, or the default that says what the older replica's silence means.
                Assert.True(
                    new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable || parameter is { HasDefaultValue: true, DefaultValue: false },
                    $"{name}.{parameter.Name} is new: it must be nullable or false by default, for an older replica leaves it out.");
            }
        }
    }

    [Fact]
    public void A_member_that_only_the_next_release_knows_is_passed_over()
    {
        foreach (var type in Events)
        {
            var body = JsonSerializer.SerializeToNode(Sample(type), type, MessageJson.Options)!.AsObject();
            var known = body.DeepClone();
            body["comesWithTheNextRelease"] = new JsonObject { ["deep"] = new JsonArray(1, "two") };
            Assert.True(JsonNode.DeepEquals(known, JsonSerializer.SerializeToNode(MessageTypes.Read(type.FullName!, body.ToJsonString()), type, MessageJson.Options)), type.FullName);
        }
    }

    static void AssertHas(string path, JsonNode previous, JsonNode? today)
    {
        Assert.True(today is not null && previous.GetValueKind() == today.GetValueKind(), $"{path} was {previous.ToJsonString()} and is {today?.ToJsonString() ?? "missing"}: the previous release cannot read it.");
        if (previous is JsonObject members)
        {
            foreach (var (name, value) in members) AssertHas($"{path}.{name}", value!, today![name]);
        }
        else if (previous is JsonArray list)
        {
            AssertHas(path + "[]", list[0]!, today![0]);
        }
    }

    static JsonObject Previous([CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "contracts.previous.json");
        if (Environment.GetEnvironmentVariable("UPDATE_PREVIOUS") == "1")
        {
            var bodies = new JsonObject(Events.Select(type => KeyValuePair.Create(type.FullName!, JsonSerializer.SerializeToNode(Sample(type), type, MessageJson.Options))));
            File.WriteAllText(file, bodies.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + '\n');
        }

        return JsonNode.Parse(File.ReadAllText(file))!.AsObject();
    }

    // One of everything, and nothing that a reader would also find if the member were missing.
    static object Sample(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Sample(inner);
        if (type == typeof(string)) return "text";
        if (type == typeof(Guid)) return new Guid("0193a1f0-7c40-7000-8000-0000000000ff");
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 11, 22, 10, 11, 12, 345, TimeSpan.Zero);
        if (type == typeof(DateOnly)) return new DateOnly(2026, 11, 22);
        if (type == typeof(bool)) return true;
        if (type == typeof(int) || type == typeof(long)) return Convert.ChangeType(7, type, null);
        if (type == typeof(Dictionary<string, string>)) return new Dictionary<string, string> { ["bs"] = "text" };
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsGenericType && type.GetGenericArguments() is [var item] && type.IsAssignableFrom(item.MakeArrayType()))
        {
            var one = Array.CreateInstance(item, 1);
            one.SetValue(Sample(item), 0);
            return one;
        }

        var constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
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

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Grants.Contracts.Calls;
using Grants.Platform.Files;

namespace Grants.Applications.Domain;

/// <summary>
/// The shape of a definition: its JSON Schema, which comes from the records themselves, and the reading of JSON against it. Reading goes on after what is wrong,
/// so that one answer tells everything.
/// </summary>
public static partial class DefinitionShape
{
    /// <summary>Most bytes of UTF-8.</summary>
    public const int LargestBytes = 1024 * 1024;

    /// <summary>Most objects and lists within each other.</summary>
    public const int Deepest = 32;

    // What other readers of JSON hold exactly.
    const long LargestInteger = 9_007_199_254_740_991;

    const string Uuid = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

    // Stricter than the reading of events: a misspelt member is reported and not left out, a number is not a text.
    static readonly JsonSerializerOptions Options = new(CanonicalJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    static readonly JsonObject Root = Export();

    /// <summary>The JSON Schema (draft 2020-12) of a definition.</summary>
    public static string Schema { get; } = Root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Reads a definition. What is wrong is left out of it, and what is missing is filled with nothing, so that it can be looked at all the same.</summary>
    /// <param name="json">Any text.</param>
    /// <param name="problems">What is wrong with the shape; empty when nothing is.</param>
    /// <returns>What could be read; null when it is no JSON, or too much of it.</returns>
    internal static CallDefinition? Read(string json, out IReadOnlyList<DefinitionProblem> problems)
    {
        if (Refused(json) is { } problem)
        {
            problems = [problem];
            return null;
        }

        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Deepest });
        var found = new List<DefinitionProblem>();
        problems = found;
        return Read(document.RootElement, Root, "", found).Deserialize<CallDefinition>(CanonicalJson.Options);
    }

    /// <summary>A name as a part of a JSON Pointer.</summary>
    internal static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    static JsonObject Export()
    {
        var schema = (JsonObject)Options.GetJsonSchemaAsNode(typeof(CallDefinition), new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) =>
            {
                if (node is not JsonObject part) return node;
                var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
                if (type == typeof(int)) Limit(part, int.MaxValue);
                else if (type == typeof(long)) Limit(part, LargestInteger);
                else if (type == typeof(Guid)) part["pattern"] = Uuid;
                return part;
            },
        });
        // In front, where people look for them.
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", "urn:" + CallDefinition.SchemaName.Replace('/', ':'));
        schema.Insert(2, "title", $"Call definition ({CallDefinition.SchemaName})");
        return schema;

        static void Limit(JsonObject part, long largest)
        {
            part["minimum"] = -largest;
            part["maximum"] = largest;
        }
    }

    static DefinitionProblem? Refused(string json)
    {
        // Each UTF-16 unit is a byte at least.
        if (json.Length > LargestBytes || Encoding.UTF8.GetByteCount(json) > LargestBytes) return new("", "shape.tooLarge", LargestBytes / 1024);
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = LargestBytes });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= Deepest) return new("", "shape.tooDeep", Deepest);
                // Halves of characters, which JSON can write as \ud800, come to light only here.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) _ = reader.GetString();
            }
        }
        catch (JsonException problem)
        {
            var line = (int)(problem.LineNumber ?? 0);
            return new("", "shape.notJson", line + 1, Column(bytes, line, (int)(problem.BytePositionInLine ?? 0)));
        }
        catch (InvalidOperationException)
        {
            var before = bytes.AsSpan(0, (int)reader.TokenStartIndex);
            return new("", "shape.halfCharacter", before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
        }

        return null;
    }

    // The reader counts bytes, people count letters.
    static int Column(ReadOnlySpan<byte> bytes, int line, int position)
    {
        for (; line > 0; line--) bytes = bytes[(bytes.IndexOf((byte)'\n') + 1)..];
        return Encoding.UTF8.GetCharCount(bytes[..Math.Min(position, bytes.Length)]) + 1;
    }

    static JsonNode? Read(JsonElement value, JsonObject schema, string path, List<DefinitionProblem> problems)
    {
        if (schema["enum"] is JsonArray allowed)
        {
            if (value.ValueKind == JsonValueKind.String && allowed.Any(name => name?.GetValue<string>() == value.GetString())) return value.GetString();
            if (value.ValueKind == JsonValueKind.Null && allowed.Any(name => name is null)) return null;
            return value.ValueKind == JsonValueKind.Null ? Wrong("shape.null") : Wrong("shape.value", string.Join(", ", allowed.Where(name => name is not null)));
        }

        var types = Types(schema);
        return value.ValueKind switch
        {
            JsonValueKind.Null => types.Contains("null") ? null : Wrong("shape.null"),
            JsonValueKind.Object when types.Contains("object") => Members(value, schema, path, problems),
            JsonValueKind.Array when types.Contains("array") => new JsonArray([.. value.EnumerateArray().Select((item, index) => Read(item, (JsonObject)schema["items"]!, $"{path}/{index}", problems))]),
            JsonValueKind.String when types.Contains("string") => schema["pattern"] is null || IsId(value.GetString()!) ? value.GetString() : Wrong("shape.id"),
            JsonValueKind.Number when types.Contains("integer") => Number(value, schema, out var whole) is { } code ? Wrong(code, Smallest(schema), Largest(schema)) : whole,
            JsonValueKind.True or JsonValueKind.False when types.Contains("boolean") => value.GetBoolean(),
            _ => Wrong(Expected(types)),
        };

        JsonNode? Wrong(string code, params object[] arguments)
        {
            problems.Add(new(path, code, code == "shape.tooBig" || code == "shape.value" ? arguments : []));
            return Nothing(schema);
        }
    }

    static JsonObject Members(JsonElement value, JsonObject schema, string path, List<DefinitionProblem> problems)
    {
        var read = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var known = schema["properties"] as JsonObject;
        foreach (var member in value.EnumerateObject())
        {
            var at = $"{path}/{Escape(member.Name)}";
            if (!seen.Add(member.Name)) problems.Add(new(at, "shape.twice", Shown(member.Name)));
            if ((known?[member.Name] ?? schema["additionalProperties"]) is JsonObject inner) read[member.Name] = Read(member.Value, inner, at, problems);
            else problems.Add(new(at, "shape.unknown", Shown(member.Name)));
        }

        foreach (var name in Required(schema).Where(name => !seen.Contains(name)))
        {
            problems.Add(new($"{path}/{name}", "shape.missing", name));
            read[name] = Nothing((JsonObject)known![name]!);
        }

        return read;
    }

    // JSON knows one kind of number: 5.0 and 5e2 are whole.
    static string? Number(JsonElement value, JsonObject schema, out long whole)
    {
        whole = 0;
        if (!value.TryGetDecimal(out var number)) return "shape.tooBig";
        if (number != decimal.Truncate(number)) return "shape.notWhole";
        if (number < Smallest(schema) || number > Largest(schema)) return "shape.tooBig";
        whole = (long)number;
        return null;
    }

    /// <summary>What stands where nothing could be read.</summary>
    static JsonNode? Nothing(JsonObject schema)
    {
        if (schema["enum"] is JsonArray allowed) return allowed.Any(name => name is null) ? null : allowed[0]!.DeepClone();
        var types = Types(schema);
        if (types.Contains("null")) return null;
        if (types.Contains("object"))
            return new JsonObject(Required(schema).Select(name => KeyValuePair.Create(name, Nothing((JsonObject)schema["properties"]![name]!))));
        if (types.Contains("array")) return new JsonArray();
        if (types.Contains("boolean")) return false;
        if (types.Contains("integer")) return 0;
        return schema["pattern"] is null ? "" : Guid.Empty.ToString();
    }

    static string Expected(List<string> types) => types.First(type => type != "null") switch
    {
        "object" => "shape.object",
        "array" => "shape.list",
        "boolean" => "shape.truth",
        "integer" => "shape.number",
        _ => "shape.text",
    };

    static List<string> Types(JsonObject schema) => schema["type"] is JsonArray several ? [.. several.Select(type => type!.GetValue<string>())] : [schema["type"]!.GetValue<string>()];

    static IEnumerable<string> Required(JsonObject schema) => (schema["required"] as JsonArray)?.Select(name => name!.GetValue<string>()) ?? [];

    static long Smallest(JsonObject schema) => schema["minimum"]?.GetValue<long>() ?? 0;

    static long Largest(JsonObject schema) => schema["maximum"]?.GetValue<long>() ?? 0;

    /// <summary>What somebody wrote, short enough to be named in a sentence.</summary>
    internal static string Shown(string written) => written.Length <= 60 ? written : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(written[..60])) + "…";

    // Here "$" would match before a line feed at the end, too.
    static bool IsId(string text) => text.Length == 36 && IsUuid().IsMatch(text);

    [GeneratedRegex(Uuid)]
    private static partial Regex IsUuid();
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grants.Platform.Operations;

/// <summary>
/// A message as operators may see it. Events carry names, addresses, people's own words and links that let somebody in, and no list of them would stay
/// complete: so only values that cannot be any of these are shown, and of texts the length.
/// </summary>
public static class SafeJson
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON, indented, with ids, instants, days, numbers and hashes as they are, and <paramref name="hidden"/> for any other text, given its length.</summary>
    public static string Of(string json, Func<int, string> hidden)
    {
        try
        {
            return Hide(JsonNode.Parse(json), "", hidden)?.ToJsonString(Indented) ?? "null";
        }
        catch (JsonException)
        {
            return hidden(json.Length);
        }
    }

    static JsonNode? Hide(JsonNode? node, string name, Func<int, string> hidden) => node switch
    {
        JsonObject parts => new JsonObject(parts.Select(part => KeyValuePair.Create(part.Key, Hide(part.Value, part.Key, hidden)))),
        JsonArray list => new JsonArray([.. list.Select(item => Hide(item, name, hidden))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is var text && IsPlain(name, text) ? text : hidden(text.Length),
        _ => node?.DeepClone(),
    };

    static bool IsPlain(string name, string text) =>
        Guid.TryParseExact(text, "D", out _)
        || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || (text.Length > 18 && char.IsAsciiDigit(text[0]) && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        || (name.EndsWith("Sha256", StringComparison.Ordinal) && text.Length == 64 && text.All(char.IsAsciiHexDigit))
        || (name == "currency" && text.Length == 3);
}

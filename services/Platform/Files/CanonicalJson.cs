using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Grants.Platform.Localisation;

namespace Grants.Platform.Files;

/// <summary>
/// JSON with one spelling only, so that equal content has equal bytes and one hash: RFC 8785 with integers only and all text in NFC. Dossiers and call
/// definitions are sealed in it.
/// </summary>
public static class CanonicalJson
{
    // What a double holds exactly: beyond it other readers of the format would see another number.
    const long LargestInteger = 9_007_199_254_740_991;

    /// <summary>How objects become JSON and come back: camelCase, enums by name, instants in UTC with milliseconds.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(), new InstantConverter() } };

    /// <summary>The canonical bytes of an object or a <see cref="JsonNode"/>.</summary>
    /// <exception cref="NotSupportedException">A number has a fraction or an exponent or is beyond 2^53 - 1, or a name occurs twice.</exception>
    public static byte[] Serialize(object? value)
    {
        using var document = JsonSerializer.SerializeToDocument(value, value?.GetType() ?? typeof(object), Options);
        return Write(document.RootElement);
    }

    /// <summary>The canonical bytes of JSON text in any spelling.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="NotSupportedException">See <see cref="Serialize"/>.</exception>
    public static byte[] Canonicalise(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Write(document.RootElement);
    }

    /// <summary>Reads an object from its canonical bytes.</summary>
    /// <exception cref="JsonException">The bytes do not have this shape.</exception>
    public static T Deserialize<T>(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize<T>(bytes, Options) ?? throw new JsonException("null where an object was expected.");

    /// <summary>SHA-256 in lower-case hex, as it stands in events and file names.</summary>
    public static string Sha256Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static byte[] Write(JsonElement element)
    {
        var text = new StringBuilder();
        Append(element, text);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text.ToString());
    }

    static void Append(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(element, text);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first) text.Append(',');
                    first = false;
                    Append(item, text);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendText(TextForm.Nfc(element.GetString()!), text);
                break;
            case JsonValueKind.Number:
                AppendInteger(element.GetRawText(), text);
                break;
            default:
                text.Append(element.GetRawText()); // true, false, null
                break;
        }
    }

    static void AppendObject(JsonElement element, StringBuilder text)
    {
        var members = element.EnumerateObject().Select(member => (Name: TextForm.Nfc(member.Name), member.Value)).ToList();
        members.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        text.Append('{');
        for (var index = 0; index < members.Count; index++)
        {
            if (index > 0 && string.Equals(members[index].Name, members[index - 1].Name, StringComparison.Ordinal))
                throw new NotSupportedException("A name occurs twice in an object.");
            if (index > 0) text.Append(',');
            AppendText(members[index].Name, text);
            text.Append(':');
            Append(members[index].Value, text);
        }
        text.Append('}');
    }

    static void AppendInteger(string raw, StringBuilder text)
    {
        if (!long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number is > LargestInteger or < -LargestInteger)
            throw new NotSupportedException("Canonical JSON holds integers up to 2^53 - 1 only; write amounts in minor units.");
        text.Append(number);
    }

    static void AppendText(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }
        text.Append('"');
    }

    sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }
}

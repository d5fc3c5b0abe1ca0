using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Definitions as text that people edit, and what can be read of a text that need not be right.</summary>
static class DraftText
{
    static readonly JsonSerializerOptions Indented = new(CanonicalJson.Options) { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A definition as text: indented, in the order of the contract, every letter as itself.</summary>
    public static string Write(CallDefinition definition) => JsonSerializer.Serialize(definition, Indented);

    /// <summary>Whether a text can be kept.</summary>
    public static bool Fits(string text) => Encoding.UTF8.GetByteCount(text) <= CallDraft.MostBytes;

    /// <summary>The text as JSON; null when it is none.</summary>
    public static JsonNode? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text at the top of the definition, such as the programme; null when it cannot be read.</summary>
    public static string? Of(string text, string name) => Read(text) is JsonObject all ? Words(all[name]) : null;

    /// <summary>The title in a language, or what stands for it; empty when it cannot be read.</summary>
    public static string Title(string text, string language)
    {
        if (Read(text) is not JsonObject all) return "";
        var titles = (all["title"] as JsonObject)?.Where(title => Words(title.Value) is not null).ToDictionary(title => title.Key, title => Words(title.Value)!, StringComparer.Ordinal);
        return titles is { Count: > 0 } ? LocalText.Pick(titles, language).Text : Words(all["referencePrefix"]) ?? "";
    }

    static string? Words(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var words) ? words : null;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Contracts.Calls;
using Grants.Platform.Files;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Finds texts that are there in another language of the call, and not in the one asked for.</summary>
static class Untranslated
{
    /// <summary>Their paths, in order.</summary>
    public static IReadOnlyList<string> In(CallDefinition definition, string language)
    {
        var paths = new List<string>();
        Look(JsonSerializer.SerializeToNode(definition, CanonicalJson.Options), "");
        return paths;

        void Look(JsonNode? node, string path)
        {
            switch (node)
            {
                case JsonObject texts when texts.Any(text => definition.Languages.Contains(text.Key)) && texts.All(text => text.Value is JsonValue value && value.TryGetValue<string>(out _)):
                    if (texts.Any(text => text.Value!.GetValue<string>().Length > 0) && texts[language]?.GetValue<string>() is null or "") paths.Add(path);
                    break;
                case JsonObject all:
                    foreach (var (name, value) in all) Look(value, $"{path}/{name}");
                    break;
                case JsonArray all:
                    for (var index = 0; index < all.Count; index++) Look(all[index], $"{path}/{index}");
                    break;
            }
        }
    }
}

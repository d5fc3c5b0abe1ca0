using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>One difference between two definitions.</summary>
/// <param name="Path">JSON Pointer into the newer one; into the older one for what is gone.</param>
/// <param name="Before">JSON before; null when it was not there.</param>
/// <param name="After">JSON after; null when it is gone.</param>
public sealed record DefinitionChange(string Path, string? Before, string? After);

/// <summary>Compares definitions. Items with ids are compared with those of the same id, so that a question put in front does not change all that follow.</summary>
static class DefinitionChanges
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All differences, in the order of the newer one.</summary>
    public static IReadOnlyList<DefinitionChange> Between(JsonNode? before, JsonNode? after)
    {
        var changes = new List<DefinitionChange>();
        Compare(before, after, "", changes);
        return changes;
    }

    static void Compare(JsonNode? before, JsonNode? after, string path, List<DefinitionChange> changes)
    {
        if (JsonNode.DeepEquals(before, after)) return;
        switch (before, after)
        {
            case (JsonObject old, JsonObject now):
                foreach (var (name, value) in now) Member(old.TryGetPropertyValue(name, out var was), was, true, value, Child(path, name), changes);
                foreach (var (name, value) in old.Where(member => !now.ContainsKey(member.Key))) Member(true, value, false, null, Child(path, name), changes);
                break;
            case (JsonArray old, JsonArray now) when Ids(old) is { } oldIds && Ids(now) is { } newIds:
                for (var index = 0; index < now.Count; index++)
                {
                    var was = oldIds.IndexOf(newIds[index]);
                    Member(was >= 0, was >= 0 ? old[was] : null, true, now[index], $"{path}/{index}", changes);
                }

                for (var index = 0; index < old.Count; index++)
                    if (!newIds.Contains(oldIds[index])) Member(true, old[index], false, null, $"{path}/{index}", changes);
                if (!oldIds.Where(newIds.Contains).SequenceEqual(newIds.Where(oldIds.Contains))) changes.Add(new(path, string.Join(", ", oldIds), string.Join(", ", newIds)));
                break;
            case (JsonArray old, JsonArray now):
                for (var index = 0; index < Math.Max(old.Count, now.Count); index++)
                    Member(index < old.Count, index < old.Count ? old[index] : null, index < now.Count, index < now.Count ? now[index] : null, $"{path}/{index}", changes);
                break;
            default:
                changes.Add(new(path, Show(before), Show(after)));
                break;
        }
    }

    static void Member(bool was, JsonNode? before, bool isThere, JsonNode? after, string path, List<DefinitionChange> changes)
    {
        if (was && isThere) Compare(before, after, path, changes);
        else changes.Add(new(path, was ? Show(before) : null, isThere ? Show(after) : null));
    }

    static string Child(string path, string name) => $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    static List<string>? Ids(JsonArray items)
    {
        var ids = items.Select(item => (item as JsonObject)?["id"] is JsonValue value && value.TryGetValue<string>(out var id) ? id : null).OfType<string>().ToList();
        return ids.Count == items.Count && ids.Distinct(StringComparer.Ordinal).Count() == ids.Count ? ids : null;
    }

    static string Show(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var words) ? words : node?.ToJsonString(Readable) ?? "null";
}

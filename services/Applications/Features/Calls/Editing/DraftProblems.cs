using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>The one place where editing asks what is wrong with a text, where it stands and how it is said.</summary>
static class DraftProblems
{
    static readonly JsonSerializerOptions Strict = new(CanonicalJson.Options)
    {
        AllowDuplicateProperties = false, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, PropertyNameCaseInsensitive = false,
    };

    /// <summary>Checks a text.</summary>
    public static CheckedDefinition Check(string json)
    {
        try
        {
            // First, so that a missing comma is not reported as whatever it makes of the rest.
            var node = JsonNode.Parse(json);
            var definition = JsonSerializer.Deserialize<CallDefinition>(json, Strict) ?? throw new JsonException("null");
            if (EmptyItem(node, "") is { } empty) return new(null, [new(empty, "rule", "null")]);
            CanonicalJson.Serialize(definition);
            var problems = new List<DefinitionProblem>();
            if (!definition.Stages.Any(stage => stage.Intake is { Sections.Count: > 0 }) || definition.Evaluations.Count == 0 || definition.Lots.Count == 0)
                return new(definition, [new("/stages", "rule", "A call has a lot, an intake with a section, and an evaluation.")]);
            problems.AddRange(CallRules.Problems(definition).Select(rule => new DefinitionProblem("", "rule", rule)));
            problems.AddRange(Moments(definition));
            return new(definition, problems);
        }
        catch (JsonException e)
        {
            return new(null, [new(Pointer(e.Path), "rule", e.Message)]);
        }
        catch (Exception e) when (e is NotSupportedException or EncoderFallbackException)
        {
            return new(null, [new("", "rule", e.Message)]);
        }
    }

    /// <summary>The line, from 1, on which a path begins in a text; that of the nearest part around it that is there.</summary>
    public static int LineOf(string json, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var (line, best) = (1, 0);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            // What stands at each depth: an object's name, or an array's index.
            var at = new List<(bool IsArray, string Name, int Index)>();
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    at.RemoveAt(at.Count - 1);
                    continue;
                }

                if (reader.TokenType == JsonTokenType.PropertyName) at[^1] = (false, reader.GetString()!, 0);
                else if (at.Count > 0 && at[^1].IsArray) at[^1] = (true, "", at[^1].Index + 1);
                var here = string.Concat(at.Select(part => "/" + (part.IsArray ? part.Index.ToString(System.Globalization.CultureInfo.InvariantCulture) : Escape(part.Name))));
                if (here.Length > best && (path == here || path.StartsWith(here + "/", StringComparison.Ordinal)))
                    (best, line) = (here.Length, 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n'));
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) at.Add((reader.TokenType == JsonTokenType.StartArray, "", -1));
            }
        }
        catch (JsonException e)
        {
            return best > 0 ? line : (int)(e.LineNumber ?? 0) + 1;
        }

        return line;
    }

    /// <summary>What is wrong, in the reader's language.</summary>
    public static string Sentence(PageContext page, DefinitionProblem problem) => problem.Code == "rule"
        ? (string)problem.Arguments[0]
        : page.Text(typeof(DraftProblems), "problem." + problem.Code, [.. problem.Arguments]);

    static IEnumerable<DefinitionProblem> Moments(CallDefinition call)
    {
        for (var index = 0; index < call.Stages.Count; index++)
        {
            if (call.Stages[index].Intake is not { } intake) continue;
            List<(string Path, string Local)> moments = [("opensAt", intake.OpensAt), ("closesAt", intake.ClosesAt), .. intake.Cutoffs.Select((cutoff, i) => ($"cutoffs/{i}", cutoff))];
            if (intake.QuestionsUntil.Length > 0) moments.Add(("questionsUntil", intake.QuestionsUntil));
            var right = true;
            foreach (var (path, local) in moments)
            {
                if (Dates.TryInstant(local, call.TimeZone, out _, out var problem)) continue;
                right = false;
                yield return new($"/stages/{index}/intake/{path}", "moment-" + problem, local, call.TimeZone);
            }

            if (right && string.CompareOrdinal(intake.ClosesAt, intake.OpensAt) <= 0) yield return new($"/stages/{index}/intake/closesAt", "rule", "The call closes after it opens.");
        }
    }

    static string? EmptyItem(JsonNode? node, string path) => node switch
    {
        JsonObject all => all.Select(member => EmptyItem(member.Value, path + "/" + Escape(member.Key))).FirstOrDefault(found => found is not null),
        JsonArray all => all.Select((item, index) => item is null ? $"{path}/{index}" : EmptyItem(item, $"{path}/{index}")).FirstOrDefault(found => found is not null),
        _ => null,
    };

    static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // $.stages[0].intake as the serialiser says it.
    static string Pointer(string? path) => path is null or "$" ? "" : path[1..].Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace(".", "/", StringComparison.Ordinal);
}

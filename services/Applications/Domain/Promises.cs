using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Contracts.Calls;
using Grants.Platform.Files;

namespace Grants.Applications.Domain;

/// <summary>What applicants were promised: once an application is sealed, how it is judged and for how much money may not change any more.</summary>
public static class Promises
{
    /// <summary>What an amendment would break, by its place in the new definition; empty when nothing. Words may be put right at any time.</summary>
    public static IReadOnlyList<DefinitionProblem> Broken(CallDefinition before, CallDefinition after)
    {
        var problems = new List<DefinitionProblem>();
        Compare(before.Currency, after.Currency, "/currency", problems);
        Compare(before.TotalBudgetMinor, after.TotalBudgetMinor, "/totalBudgetMinor", problems);
        Compare(Lots(before), Lots(after), "/lots", problems);
        var grids = before.Evaluations.ToDictionary(stage => stage.Id, stage => stage.Evaluation!.Grid, StringComparer.Ordinal);
        for (var index = 0; index < after.Stages.Count; index++)
        {
            if (after.Stages[index] is not { Evaluation: { } evaluation } stage) continue;
            var path = $"/stages/{index}/evaluation";
            if (grids.Remove(stage.Id, out var grid)) Compare(Worth(grid), Worth(evaluation.Grid), $"{path}/grid", problems);
            else problems.Add(new(path, "promise.newEvaluation"));
        }

        problems.AddRange(grids.Keys.Select(id => new DefinitionProblem("/stages", "promise.noEvaluation", id)));
        return problems;
    }

    static object Lots(CallDefinition call) => call.Lots.Select(lot => new { lot.Id, lot.BudgetMinor, lot.MinGrantMinor, lot.MaxGrantMinor });

    static object Worth(EvaluationGrid grid) => new
    {
        Sections = grid.Sections.Select(section => new
        {
            section.Id, section.MinHundredths, section.CarriedFrom,
            Criteria = section.Criteria.Select(criterion => new
            {
                criterion.Id, criterion.MinPoints, criterion.MaxPoints, criterion.Step, criterion.Weight, criterion.MinHundredths, criterion.Counts,
            }),
        }),
        grid.ThresholdHundredths,
    };

    static void Compare(object before, object after, string path, List<DefinitionProblem> problems) =>
        Compare(JsonSerializer.SerializeToNode(before, CanonicalJson.Options), JsonSerializer.SerializeToNode(after, CanonicalJson.Options), path, problems);

    // As deep as it can be said where.
    static void Compare(JsonNode? before, JsonNode? after, string path, List<DefinitionProblem> problems)
    {
        switch (before, after)
        {
            case (JsonObject left, JsonObject right):
                foreach (var (name, value) in left) Compare(value, right[name], $"{path}/{name}", problems);
                break;
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                for (var index = 0; index < left.Count; index++) Compare(left[index], right[index], $"{path}/{index}", problems);
                break;
            case (JsonArray left, JsonArray):
                problems.Add(new(path, "promise.list", left.Count));
                break;
            default:
                if (!JsonNode.DeepEquals(before, after)) problems.Add(new(path, "promise.changed", before is JsonValue ? before.ToString() : before?.ToJsonString() ?? "null"));
                break;
        }
    }
}

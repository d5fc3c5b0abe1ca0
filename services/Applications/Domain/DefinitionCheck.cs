using System.Text.Json;
using Grants.Contracts.Calls;
using Grants.Platform.Files;

namespace Grants.Applications.Domain;

/// <summary>Something wrong with a definition.</summary>
/// <param name="Path">Where, as a JSON Pointer (RFC 6901) into the definition: <c>/stages/2/evaluation/evaluators</c>; empty for the whole.</param>
/// <param name="Code">Which rule: the key of its sentence is <c>problem.</c> and this.</param>
/// <param name="Arguments">What the sentence names, in its order.</param>
public sealed record DefinitionProblem(string Path, string Code, params IReadOnlyList<object> Arguments);

/// <summary>A definition that was checked.</summary>
/// <param name="Definition">What it says; null when it cannot be read as one.</param>
/// <param name="Problems">Everything wrong with it, in the order of the document; empty when it may be published.</param>
public sealed record CheckedDefinition(CallDefinition? Definition, IReadOnlyList<DefinitionProblem> Problems);

/// <summary>Checks definitions: their shape, the rules, and what the services cannot carry out yet, all in one answer.</summary>
public static class Definitions
{
    /// <summary>Most problems that are reported at once: more than anybody reads.</summary>
    public const int MostProblems = 1000;

    /// <summary>Checks a text that should be a definition. It may be any text.</summary>
    public static CheckedDefinition Check(string json)
    {
        if (DefinitionShape.Read(json, out var shape) is not { } readable) return new(null, shape);
        var doubts = new Doubts(shape);
        var lines = new DefinitionLines(json);
        IEnumerable<DefinitionProblem> problems =
        [
            .. shape,
            .. DefinitionRules.Findings(readable).Where(finding => doubts.Leave(finding.Problem.Path) && !finding.Reads.Any(doubts.Touch)).Select(finding => finding.Problem),
            .. DefinitionRules.NotYet(readable).Where(problem => doubts.Leave(problem.Path)),
        ];
        return new(shape.Count == 0 ? readable : null, [.. problems.OrderBy(problem => lines.Order(problem.Path)).Take(MostProblems)]);
    }

    /// <summary>Checks a definition that was read already.</summary>
    public static CheckedDefinition Check(CallDefinition definition) => Check(JsonSerializer.Serialize(definition, CanonicalJson.Options));

    /// <summary>Where the shape is wrong. What was put there is not what its writer meant, so the rules have nothing to say of it.</summary>
    sealed class Doubts
    {
        readonly HashSet<string> wrong = new(StringComparer.Ordinal), above = new(StringComparer.Ordinal), parents = new(StringComparer.Ordinal), grandparents = new(StringComparer.Ordinal);

        public Doubts(IReadOnlyList<DefinitionProblem> shape)
        {
            foreach (var path in shape.Select(problem => problem.Path))
            {
                wrong.Add(path);
                var holders = Above(path).ToList();
                above.UnionWith(holders);
                parents.UnionWith(holders.Take(1));
                grandparents.UnionWith(holders.Skip(1).Take(1));
            }
        }

        /// <summary>Whether nothing is wrong at, above or below a path.</summary>
        public bool Leave(string path) => wrong.Count == 0 || (!above.Contains(path) && !IsWithin(path));

        /// <summary>Whether what a rule reads may not be what it was meant to be: see <see cref="Finding.Reads"/>. A member of it may only be misspelt.</summary>
        public bool Touch(string read)
        {
            if (wrong.Count == 0) return false;
            if (read.EndsWith("/**", StringComparison.Ordinal)) return !Leave(read[..^3]);
            var list = read.EndsWith("/*", StringComparison.Ordinal) ? read[..^2] : null;
            var path = list ?? read;
            return IsWithin(path) || parents.Contains(path) || (list is not null && grandparents.Contains(list));
        }

        bool IsWithin(string path) => wrong.Contains(path) || Above(path).Any(wrong.Contains);

        static IEnumerable<string> Above(string path)
        {
            for (var end = path.LastIndexOf('/'); end >= 0; end = path.LastIndexOf('/')) yield return path = path[..end];
        }
    }
}

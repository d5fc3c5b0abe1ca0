using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;

namespace Grants.Reviews.Domain;

/// <summary>What an evaluation found, put together so that nothing in it tells who said what.</summary>
public static class Summary
{
    /// <summary>The findings of the reviews that the score is made of; null while there is no score, and when a section has none.</summary>
    /// <param name="grid">The grid of the evaluation that the application was at last.</param>
    /// <param name="assignments">All assignments of the application with their scores.</param>
    /// <param name="keptOut">Who must not count.</param>
    public static Findings? Of(Grid grid, IEnumerable<Assignment> assignments, IReadOnlySet<Guid> keptOut)
    {
        var all = assignments.ToList();
        var scores = Sections(grid, all, keptOut);
        if (grid.Score(all, keptOut) is not { } score || grid.Sections.Any(section => !scores.ContainsKey(section.Id))) return null;
        var deciding = grid.Deciding(all, keptOut);
        return new Findings(score, grid.HighestScore,
        [
            .. grid.Sections.Select(section => new SectionFinding(
                section.Label, scores[section.Id], grid.HighestOf(section),
                // Sorted as text, so that neither the order of evaluators nor that of their work is kept.
                [.. deciding.SelectMany(review => Comments(review, section)).Order(StringComparer.OrdinalIgnoreCase).ThenBy(comment => comment, StringComparer.Ordinal)])),
        ]);
    }

    /// <summary>Scores of the grid's sections by their ids; those of a section without a score are missing.</summary>
    public static IReadOnlyDictionary<string, int> Sections(Grid grid, IReadOnlyCollection<Assignment> assignments, IReadOnlySet<Guid> keptOut) => grid.Sections
        .Select(section => (section.Id, Score: grid.SectionScore(section, assignments, keptOut))).Where(section => section.Score is not null)
        .ToDictionary(section => section.Id, section => section.Score!.Value, StringComparer.Ordinal);

    static IEnumerable<string> Comments(Assignment review, GridSection section) =>
        review.Scores.Where(score => score.Comment.Length > 0 && section.Criteria.Any(criterion => criterion.Id == score.CriterionId)).Select(score => score.Comment);
}

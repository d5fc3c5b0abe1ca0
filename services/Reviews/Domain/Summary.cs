using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;

namespace Grants.Reviews.Domain;

/// <summary>What an evaluation found, put together so that nothing in it tells who said what.</summary>
public static class Summary
{
    /// <summary>The findings of the reviews that count; null when the evaluation has none, or a section of it was not scored in it.</summary>
    /// <param name="grid">The grid of the evaluation that the application was at last.</param>
    /// <param name="assignments">All assignments of the application with their scores.</param>
    /// <param name="keptOut">Who must not count.</param>
    public static Findings? Of(Grid grid, IEnumerable<Assignment> assignments, IReadOnlySet<Guid> keptOut)
    {
        var counting = grid.Counting(assignments, keptOut).ToList();
        var sections = grid.Stage.Evaluation!.Grid.Sections;
        if (counting.Count == 0 || sections.Any(section => section.Criteria.Count == 0) || grid.Score(counting, keptOut) is not { } score) return null;
        var reviews = grid.Stage.Evaluation.Aggregation == Aggregation.Sum ? grid.ReviewsNeeded : 1;
        return new Findings(score, grid.HighestScore,
        [
            .. sections.Select(section => new SectionFinding(
                section.Label, Score(grid, section, counting), Highest(section) * reviews,
                // Sorted as text, so that neither the order of evaluators nor that of their work is kept.
                [.. counting.SelectMany(review => Comments(review, section)).Order(StringComparer.OrdinalIgnoreCase).ThenBy(comment => comment, StringComparer.Ordinal)])),
        ]);
    }

    /// <summary>Scores of the grid's sections by their ids, of the reviews that count; those of a section without criteria are missing.</summary>
    public static IReadOnlyDictionary<string, int> Sections(Grid grid, IReadOnlyCollection<Assignment> counting) => counting.Count == 0
        ? new Dictionary<string, int>()
        : grid.Stage.Evaluation!.Grid.Sections.Where(section => section.Criteria.Count > 0)
            .ToDictionary(section => section.Id, section => Score(grid, section, counting), StringComparer.Ordinal);

    /// <summary>A section's score: its totals put together and rounded as those of the whole grid are.</summary>
    static int Score(Grid grid, GridSection section, IReadOnlyCollection<Assignment> counting) => Grid.Aggregate(
        grid.Stage.Evaluation!, counting.Select(review => section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => (long)Points(review, criterion) * criterion.Weight)));

    static int Highest(GridSection section) => section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => criterion.MaxPoints * criterion.Weight);

    static IEnumerable<string> Comments(Assignment review, GridSection section) =>
        review.Scores.Where(score => score.Comment.Length > 0 && section.Criteria.Any(criterion => criterion.Id == score.CriterionId)).Select(score => score.Comment);

    static int Points(Assignment review, Criterion criterion) =>
        review.Scores.Find(score => string.Equals(score.CriterionId, criterion.Id, StringComparison.Ordinal))?.Points ?? 0;
}

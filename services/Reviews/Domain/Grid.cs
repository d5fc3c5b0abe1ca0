using Grants.Contracts.Calls;

namespace Grants.Reviews.Domain;

/// <summary>
/// The arithmetic of an evaluation grid. Everything is hundredths of a point in whole numbers: 5 points are 500. This is the one place that says how points
/// become a total and totals become the score of an application.
/// </summary>
public sealed class Grid(Evaluation definition)
{
    /// <summary>Longest comment.</summary>
    public const int LongestComment = 3000;

    /// <summary>Criteria in order.</summary>
    public IReadOnlyList<Criterion> Criteria => definition.Grid.Criteria;

    /// <summary>Least score to be fundable.</summary>
    public int Threshold => definition.Grid.ThresholdHundredths;

    /// <summary>How many reviews an application needs.</summary>
    public int ReviewsNeeded => definition.Evaluators;

    /// <summary>The best total.</summary>
    public int Highest => Criteria.Where(criterion => criterion.Counts).Sum(criterion => criterion.MaxPoints * criterion.Weight);

    /// <summary>The points that may be given for a criterion.</summary>
    public static IReadOnlyList<int> Scale(Criterion criterion) =>
        [.. Enumerable.Range(0, (criterion.MaxPoints - criterion.MinPoints) / criterion.Step + 1).Select(step => criterion.MinPoints + step * criterion.Step)];

    /// <summary>Sum of points times weight over the criteria that count and have points.</summary>
    public int Total(IEnumerable<Score> scores)
    {
        var points = scores.Where(score => score.Points is not null).ToDictionary(score => score.CriterionId, score => score.Points!.Value, StringComparer.Ordinal);
        return Criteria.Where(criterion => criterion.Counts).Sum(criterion => points.GetValueOrDefault(criterion.Id) * criterion.Weight);
    }

    /// <summary>What is still missing or not on the scale before a review can be submitted, by criterion.</summary>
    public IReadOnlyList<Missing> Missing(IEnumerable<Score> scores)
    {
        var given = scores.ToDictionary(score => score.CriterionId, StringComparer.Ordinal);
        return
        [
            .. Criteria.Select(criterion =>
            {
                var score = given.GetValueOrDefault(criterion.Id);
                var points = score?.Points is not { } value || !Scale(criterion).Contains(value);
                return new Missing(criterion, points, NeedsComment(criterion, score?.Points) && string.IsNullOrWhiteSpace(score?.Comment));
            }).Where(missing => missing.Points || missing.Comment),
        ];
    }

    /// <summary>Whether points of a criterion go only with a comment; points that were not given yet may need one.</summary>
    public static bool NeedsComment(Criterion criterion, int? points) => criterion.Comment switch
    {
        CommentRule.Never => false,
        CommentRule.Always => true,
        _ => points is { } given && (given == criterion.MaxPoints || given <= criterion.MinPoints + criterion.Step),
    };

    /// <summary>
    /// The score of an application: the average of the totals of its submitted reviews, rounded half up to a hundredth. Reviews of people in conflict never
    /// count. Null while there is none.
    /// </summary>
    /// <param name="assignments">All assignments of the application, in any order.</param>
    /// <param name="conflicted">Who must not count although the review was submitted: members of the applying organisation.</param>
    public static int? Average(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var totals = Counting(assignments, conflicted).Select(assignment => (long)assignment.TotalHundredths!.Value).ToList();
        // Totals are never negative, so adding half of the divisor before dividing is rounding half up.
        return totals.Count == 0 ? null : (int)((2 * totals.Sum() + totals.Count) / (2 * totals.Count));
    }

    /// <summary>The reviews that count.</summary>
    public static IEnumerable<Assignment> Counting(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted) =>
        assignments.Where(assignment => assignment.State == AssignmentState.Submitted && !conflicted.Contains(assignment.EvaluatorId));
}

/// <summary>What a criterion lacks.</summary>
/// <param name="Criterion">The criterion.</param>
/// <param name="Points">True when the points are missing.</param>
/// <param name="Comment">True when the comment is missing.</param>
public sealed record Missing(Criterion Criterion, bool Points, bool Comment);

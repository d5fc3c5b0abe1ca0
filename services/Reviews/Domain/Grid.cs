using Grants.Contracts.Calls;

namespace Grants.Reviews.Domain;

/// <summary>
/// The arithmetic of an evaluation grid. Everything is hundredths of a point in whole numbers: 5 points are 500. This is the one place that says how points
/// become a total and totals become the score of an application.
/// </summary>
public sealed class Grid
{
    readonly CallDefinition call;
    readonly Evaluation definition;

    /// <summary>The grid of one of a call's evaluations.</summary>
    /// <param name="call">The definition that the dossier was made with.</param>
    /// <param name="number">Which of its evaluations, from 0; the last when there are fewer.</param>
    public Grid(CallDefinition call, int number)
    {
        this.call = call;
        Number = Math.Min(number, call.Evaluations.Count - 1);
        Stage = call.Evaluations[Number];
        definition = Stage.Evaluation!;
    }

    /// <summary>The grid that ranking and funding line are by.</summary>
    public static Grid Last(CallDefinition call) => new(call, int.MaxValue);

    /// <summary>Which of the call's evaluations, from 0.</summary>
    public int Number { get; }

    /// <summary>The stage.</summary>
    public Stage Stage { get; }

    /// <summary>Whether no other evaluation follows.</summary>
    public bool IsLast => Number == call.Evaluations.Count - 1;

    /// <summary>Whether people must be told which evaluation is meant.</summary>
    public bool IsOneOfSeveral => call.Evaluations.Count > 1;

    /// <summary>Whether evaluators must hold their role for the applicant's country.</summary>
    public bool IsNational => definition.FromCountryOfApplicant;

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

    /// <summary>The best score: where totals are summed up, of as many reviews as are wanted.</summary>
    public int HighestScore => definition.Aggregation == Aggregation.Sum ? Highest * ReviewsNeeded : Highest;

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
    /// The score of an application in this evaluation: average, median or sum of the totals of its submitted reviews, rounded half up, once, to the decimals of
    /// the evaluation. Reviews of people in conflict never count. Null while there is none.
    /// </summary>
    /// <param name="assignments">All assignments of the application, in any order, also of other evaluations.</param>
    /// <param name="conflicted">Who must not count although the review was submitted: members of the applying organisation.</param>
    public int? Score(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var totals = Counting(assignments, conflicted).Select(assignment => (long)assignment.TotalHundredths!.Value).ToList();
        return totals.Count == 0 ? null : Aggregate(definition, totals);
    }

    /// <summary>What an evaluation makes of the totals of several reviews, of the whole grid or of a section of it; there is at least one.</summary>
    public static int Aggregate(Evaluation definition, IEnumerable<long> unordered)
    {
        var totals = unordered.Order().ToList();
        var (sum, count) = definition.Aggregation switch
        {
            Aggregation.Sum => (totals.Sum(), 1),
            Aggregation.Median => totals.Count % 2 == 1 ? (totals[totals.Count / 2], 1) : (totals[totals.Count / 2 - 1] + totals[totals.Count / 2], 2),
            _ => (totals.Sum(), totals.Count),
        };
        var step = definition.Decimals switch { 0 => 100, 1 => 10, _ => 1 };
        // Totals are never negative, so adding half of the divisor before dividing is rounding half up.
        return checked((int)((2 * sum + (long)count * step) / (2L * count * step) * step));
    }

    /// <summary>
    /// Why an application with these reviews does not pass: the total, or the average of a section or of a criterion that has a minimum of its own. Null when it
    /// passes, and while there is no review.
    /// </summary>
    /// <param name="assignments">All assignments of the application with their scores.</param>
    /// <param name="conflicted">Who must not count.</param>
    public Shortfall? Fails(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var counting = Counting(assignments, conflicted).ToList();
        if (Score(counting, conflicted) is not { } score) return null;
        if (score < Threshold) return new Shortfall(Stage, null, Threshold);
        foreach (var section in definition.Grid.Sections)
        {
            var weighted = counting.Sum(review => section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => Points(review, criterion) * criterion.Weight));
            if (section.Criteria.Count > 0 && weighted < (long)section.MinHundredths * counting.Count) return new Shortfall(Stage, section.Label, section.MinHundredths);
            foreach (var criterion in section.Criteria)
            {
                if (counting.Sum(review => Points(review, criterion)) < (long)criterion.MinHundredths * counting.Count)
                    return new Shortfall(Stage, criterion.Label, criterion.MinHundredths);
            }
        }

        return null;
    }

    /// <summary>The reviews of this evaluation that count.</summary>
    public IEnumerable<Assignment> Counting(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted) => assignments.Where(assignment =>
        assignment.Evaluation == Number && assignment.State == AssignmentState.Submitted && !conflicted.Contains(assignment.EvaluatorId));

    static long Points(Assignment review, Criterion criterion) =>
        review.Scores.Find(score => string.Equals(score.CriterionId, criterion.Id, StringComparison.Ordinal))?.Points ?? 0;
}

/// <summary>Why an application did not pass an evaluation.</summary>
/// <param name="Stage">The evaluation.</param>
/// <param name="Part">Name of the section or criterion, per language; null when the total is too low.</param>
/// <param name="MinHundredths">What was needed.</param>
public sealed record Shortfall(Stage Stage, Dictionary<string, string>? Part, int MinHundredths);

/// <summary>What a criterion lacks.</summary>
/// <param name="Criterion">The criterion.</param>
/// <param name="Points">True when the points are missing.</param>
/// <param name="Comment">True when the comment is missing.</param>
public sealed record Missing(Criterion Criterion, bool Points, bool Comment);

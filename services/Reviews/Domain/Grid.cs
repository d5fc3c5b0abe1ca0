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

    /// <summary>What a share of everything is, in the hundredths of a percent that shares are given in.</summary>
    const int Whole = 10_000;

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

    /// <summary>The best score, with what is carried; where totals are summed up, of as many reviews as are wanted.</summary>
    public int HighestScore => Sections.Sum(HighestOf);

    /// <summary>What people with a role may see in this evaluation, in order; none when the call does not say.</summary>
    public IEnumerable<Phase> PhasesOf(string role) => definition.Phases.Where(phase => phase.Who == role);

    /// <summary>Whether the role may know who applies. One phase that hides it hides it everywhere: what was once read cannot be forgotten.</summary>
    public bool NamesApplicantTo(string role) => PhasesOf(role).All(phase => phase.ApplicantNames);

    /// <summary>Sections in order.</summary>
    public IReadOnlyList<GridSection> Sections => definition.Grid.Sections;

    /// <summary>When one more evaluator is wanted; null for never.</summary>
    public ThirdRule? Third => definition.Third;

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
    /// The score of an application in this evaluation: average, median or sum of the totals of the reviews that decide, with what is carried from an earlier
    /// evaluation, rounded half up, once, to the decimals of the evaluation. Reviews of people in conflict never count. Null while there is none, and while
    /// one more evaluator is wanted because the others lie far apart.
    /// </summary>
    /// <param name="assignments">All assignments of the application, in any order, also of other evaluations: a carried score comes from those.</param>
    /// <param name="conflicted">Who must not count although the review was submitted: members of the applicant or a partner, and whoever declared a conflict.</param>
    public int? Score(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var all = assignments.ToList();
        return Aggregate(Deciding(all, conflicted), review => review.TotalHundredths!.Value) is { } own && Carried(all, conflicted) is { } carried ? Round(own + carried) : null;
    }

    /// <summary>The score of a section, aggregated and rounded like the score; null while there is no score.</summary>
    public int? SectionScore(GridSection section, IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted) =>
        Of(section, [.. assignments], conflicted) is { } exact ? Round(exact) : null;

    /// <summary>The best score of a section.</summary>
    public int HighestOf(GridSection section)
    {
        if (Origin(section) is ({ } grid, { } origin)) return grid.HighestOf(origin);
        var highest = section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => criterion.MaxPoints * criterion.Weight);
        return definition.Aggregation == Aggregation.Sum ? highest * ReviewsNeeded : highest;
    }

    /// <summary>
    /// Why an application with these reviews does not pass: the total, or a section or criterion that has a minimum of its own. What is compared is what people
    /// read, after aggregation and rounding: 12 passes a minimum of 12, and 11.99 does not. Null when it passes, and while there is no score.
    /// </summary>
    /// <param name="assignments">All assignments of the application with their scores, also of other evaluations.</param>
    /// <param name="conflicted">Who must not count.</param>
    public Shortfall? Fails(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var all = assignments.ToList();
        if (Score(all, conflicted) is not { } score) return null;
        if (score < Threshold) return new Shortfall(Stage, null, Threshold);
        var deciding = Deciding(all, conflicted);
        foreach (var section in Sections)
        {
            if (SectionScore(section, all, conflicted) < section.MinHundredths) return new Shortfall(Stage, section.Label, section.MinHundredths);
            foreach (var criterion in section.Criteria)
            {
                // The minimum of a criterion lies on its scale, so that a sum cannot be meant.
                var how = definition.Aggregation == Aggregation.Sum ? Aggregation.Average : definition.Aggregation;
                if (Aggregate(deciding, review => Points(review, criterion), how) is { } points && Round(points) < criterion.MinHundredths)
                    return new Shortfall(Stage, criterion.Label, criterion.MinHundredths);
            }
        }

        return null;
    }

    /// <summary>How many reviews the application needs, with those it has: one more than wanted when the wanted ones lie far apart.</summary>
    public int Needed(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var all = assignments.ToList();
        return ReviewsNeeded + (LieApart(InOrder(all, conflicted), all, conflicted) ? 1 : 0);
    }

    /// <summary>Whether the wanted reviews are in and lie so far apart that the call wants one more, which has not come in.</summary>
    public bool AwaitsThird(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var all = assignments.ToList();
        var counting = InOrder(all, conflicted);
        return counting.Count == ReviewsNeeded && LieApart(counting, all, conflicted);
    }

    /// <summary>
    /// The reviews the score is made of: all that count, unless the wanted ones lie far apart; then those that the call says, and none while one more is awaited.
    /// </summary>
    public IReadOnlyList<Assignment> Deciding(IEnumerable<Assignment> assignments, IReadOnlySet<Guid> conflicted)
    {
        var all = assignments.ToList();
        var counting = InOrder(all, conflicted);
        if (!LieApart(counting, all, conflicted)) return counting;
        if (counting.Count == ReviewsNeeded) return [];
        return Third!.Result switch
        {
            ThirdResult.All => counting,
            ThirdResult.ThirdAlone => [.. counting.Skip(ReviewsNeeded)],
            _ => ClosestTwo(counting),
        };
    }

    /// <summary>Two pairs may be equally close: then the better one counts, because a doubt is not the applicant's fault.</summary>
    static IReadOnlyList<Assignment> ClosestTwo(IReadOnlyList<Assignment> counting)
    {
        var byTotal = counting.OrderByDescending(review => review.TotalHundredths).ThenBy(review => review.Id).ToList();
        var first = Enumerable.Range(0, byTotal.Count - 1).MinBy(place => byTotal[place].TotalHundredths - byTotal[place + 1].TotalHundredths);
        return [byTotal[first], byTotal[first + 1]];
    }

    /// <summary>
    /// Whether the wanted reviews lie far apart. The first to come in are the wanted ones: what made the call ask for one more stays so when that one comes in.
    /// </summary>
    bool LieApart(IReadOnlyList<Assignment> counting, IReadOnlyList<Assignment> all, IReadOnlySet<Guid> conflicted)
    {
        if (Third is not { } rule || counting.Count < ReviewsNeeded) return false;
        var totals = counting.Take(ReviewsNeeded).Select(review => (long)review.TotalHundredths!.Value).ToList();
        var (least, most) = (totals.Min(), totals.Max());
        // "From this difference on": exactly that much is apart already.
        var apart = most > least
            && (rule.DifferenceHundredths is { } difference ? most - least >= difference : (most - least) * Whole >= most * rule.ShareHundredths.GetValueOrDefault());
        return apart && !(rule.UnlessAllBelowThreshold && Carried(all, conflicted) is { } carried && IsBelow(most, carried));
    }

    // What an application would have if all evaluators had given this total.
    bool IsBelow(long total, Exact carried) => Round(new Exact(definition.Aggregation == Aggregation.Sum ? total * ReviewsNeeded : total, 1) + carried) < Threshold;

    /// <summary>What all carried sections bring; zero when there are none, null when the earlier evaluation has no score any more.</summary>
    Exact? Carried(IReadOnlyList<Assignment> all, IReadOnlySet<Guid> conflicted)
    {
        var sum = new Exact(0, 1);
        foreach (var section in Sections.Where(section => section.CarriedFrom is not null))
        {
            if (Of(section, all, conflicted) is not { } exact) return null;
            sum += exact;
        }

        return sum;
    }

    Exact? Of(GridSection section, IReadOnlyList<Assignment> all, IReadOnlySet<Guid> conflicted) =>
        Origin(section) is ({ } grid, { } origin)
            ? grid.Of(origin, all, conflicted)
            : Aggregate(Deciding(all, conflicted), review => section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => Points(review, criterion) * criterion.Weight));

    /// <summary>Where a carried section was scored; nulls for a section that is scored here.</summary>
    (Grid? Grid, GridSection? Section) Origin(GridSection section)
    {
        if (section.CarriedFrom is not { } from) return (null, null);
        // Publication refuses a carried score that does not come from an earlier evaluation.
        var grid = new Grid(call, call.Evaluations.Index().First(stage => stage.Item.Id == from.Stage).Index);
        return (grid, grid.Sections.First(one => one.Id == from.Section));
    }

    Exact? Aggregate(IReadOnlyList<Assignment> reviews, Func<Assignment, long> value, Aggregation? how = null)
    {
        if (reviews.Count == 0) return null;
        var values = reviews.Select(value).Order().ToList();
        return (how ?? definition.Aggregation) switch
        {
            Aggregation.Sum => new Exact(values.Sum(), 1),
            Aggregation.Median => values.Count % 2 == 1 ? new Exact(values[values.Count / 2], 1) : new Exact(values[values.Count / 2 - 1] + values[values.Count / 2], 2),
            _ => new Exact(values.Sum(), values.Count),
        };
    }

    int Round(Exact exact)
    {
        var step = definition.Decimals switch { 0 => 100, 1 => 10, _ => 1 };
        // Points are never negative, so adding half of the divisor before dividing is rounding half up.
        return checked((int)((2 * exact.Points + exact.Of * step) / (2 * exact.Of * step) * step));
    }

    /// <summary>A score before it is rounded, as a fraction.</summary>
    readonly record struct Exact(long Points, long Of)
    {
        public static Exact operator +(Exact one, Exact other) => new(checked(one.Points * other.Of + other.Points * one.Of), checked(one.Of * other.Of));
    }

    /// <summary>The reviews that count in the order in which they came in, whatever the order they were read in.</summary>
    List<Assignment> InOrder(IReadOnlyList<Assignment> all, IReadOnlySet<Guid> conflicted) =>
        [.. Counting(all, conflicted).OrderBy(review => review.SubmittedAt).ThenBy(review => review.Id)];

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

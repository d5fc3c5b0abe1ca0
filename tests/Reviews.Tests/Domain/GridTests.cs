using FsCheck;
using FsCheck.Fluent;
using Grants.Contracts.Calls;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Domain;

public sealed class GridTests
{
    static readonly Grid Grid = Grid.Last(Sample.Definition());
    static readonly DateTimeOffset Now = new(2027, 2, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_total_is_points_times_weight_in_hundredths()
    {
        Assert.Equal([100, 200, 300, 400, 500], Grid.Scale(Grid.Criteria[0]));
        Assert.Equal(2000, Grid.Highest); // 5 x 2 + 5 + 5
        Assert.Equal(400 * 2 + 300 + 500, Grid.Total([Given("needs", 400), Given("design", 300), Given("budget", 500)]));
        Assert.Equal(800, Grid.Total([Given("needs", 400)]));
    }

    [Theory]
    [InlineData(new[] { 1000 }, 1000)]
    [InlineData(new[] { 1000, 1001 }, 1001)]
    [InlineData(new[] { 1000, 1000, 1001 }, 1000)]
    [InlineData(new[] { 1000, 1001, 1001 }, 1001)]
    [InlineData(new[] { 0, 1 }, 1)]
    [InlineData(new int[0], null)]
    public void The_average_is_rounded_half_up_to_a_hundredth(int[] totals, int? expected) =>
        Assert.Equal(expected, Grid.Score(totals.Select(total => Submitted(total)), new HashSet<Guid>()));

    [Theory]
    [InlineData(Aggregation.Average, 0, new[] { 1449, 1450 }, 1400)] // 14.495 is 14, not 14.50 and so 15
    [InlineData(Aggregation.Average, 1, new[] { 1445, 1445, 1446 }, 1450)]
    [InlineData(Aggregation.Average, 0, new[] { 1450 }, 1500)]
    [InlineData(Aggregation.Median, 2, new[] { 100, 2000, 900 }, 900)]
    [InlineData(Aggregation.Median, 2, new[] { 100, 901, 900, 2000 }, 901)]
    [InlineData(Aggregation.Median, 0, new[] { 2000, 1401, 1400, 100 }, 1400)]
    [InlineData(Aggregation.Sum, 2, new[] { 1445, 1446 }, 2891)]
    [InlineData(Aggregation.Sum, 1, new[] { 1449, 1446 }, 2900)]
    public void Reviews_become_a_score_as_the_evaluation_says(Aggregation aggregation, int decimals, int[] totals, int expected) =>
        Assert.Equal(expected, Of(aggregation, decimals).Score(totals.Select(total => Submitted(total)), new HashSet<Guid>()));

    [Fact]
    public void No_aggregation_depends_on_the_order() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[], int>((numbers, seed) => Enum.GetValues<Aggregation>().All(aggregation => Enumerable.Range(0, 3).All(decimals =>
        {
            var grid = Of(aggregation, decimals);
            var reviews = numbers.Select(number => Submitted(number.Get % 20001)).ToList();
            var shuffled = reviews.OrderBy(review => review.Id.GetHashCode() ^ seed).ToList();
            return grid.Score(reviews, new HashSet<Guid>()) == grid.Score(shuffled, new HashSet<Guid>())
                && grid.Score(reviews, new HashSet<Guid>()) == grid.Score(Enumerable.Reverse(reviews), new HashSet<Guid>());
        }))));

    [Fact]
    public void Only_reviews_of_the_same_evaluation_are_averaged() =>
        Assert.Equal(1000, Grid.Score([Submitted(1000), Submitted(2000, evaluation: 1)], new HashSet<Guid>()));

    [Theory]
    [InlineData(0, 0, 1200, null)]
    [InlineData(0, 0, 1201, "total")]
    [InlineData(600, 0, 0, null)]
    [InlineData(601, 0, 0, "section")]
    [InlineData(0, 300, 0, null)]
    [InlineData(0, 301, 0, "criterion")]
    public void A_total_a_section_or_a_criterion_below_its_minimum_eliminates(int section, int criterion, int threshold, string? expected)
    {
        // Two reviews of 2 and 4 points for each criterion, the first of which counts twice.
        var needs = SampleCall.Criterion("needs", Name("criterion"), 100, 500, 2) with { MinHundredths = criterion };
        var design = SampleCall.Criterion("design", Name("design"), 100, 500, 1);
        var budget = SampleCall.Criterion("budget", Name("budget"), 100, 500, 1);
        var grid = Grid.Last(Sample.Definition().ScoredBy(new EvaluationGrid(
            [new GridSection("a", Name("section"), section, null, [design, budget]), new GridSection("b", Name("b"), 0, null, [needs])], threshold)));
        var reviews = new[] { 200, 400 }.Select(points =>
        {
            var review = Assignment.Make(Guid.NewGuid(), 0, Guid.NewGuid(), Guid.NewGuid(), Now, "");
            review.DeclareImpartial(Now);
            foreach (var one in grid.Criteria) review.Save(one.Id, points, "Because.", Now);
            review.Submit(grid, Now);
            return review;
        }).ToList();

        var shortfall = grid.Fails(reviews, new HashSet<Guid>());
        Assert.Equal(expected, shortfall is null ? null : shortfall.Part?["en"] ?? "total");
        Assert.Null(grid.Fails([], new HashSet<Guid>()));
    }

    [Fact]
    public void The_average_does_not_depend_on_the_order_and_lies_between_the_extremes() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[]>(numbers =>
        {
            if (numbers.Length == 0) return true;
            var reviews = numbers.Select(number => Submitted(number.Get % 20001)).ToList();
            var average = Grid.Score(reviews, new HashSet<Guid>());
            var shuffled = Grid.Score(reviews.OrderBy(review => review.Id.GetHashCode() ^ 0x5bd1), new HashSet<Guid>());
            var backwards = Grid.Score(Enumerable.Reverse(reviews), new HashSet<Guid>());
            var exact = 2 * reviews.Sum(review => (long)review.TotalHundredths!.Value);
            return average == shuffled && average == backwards
                && average >= reviews.Min(review => review.TotalHundredths) && average <= reviews.Max(review => review.TotalHundredths)
                // half up: the exact average is less than half a hundredth above, and at most half a hundredth below
                && exact < (2L * average!.Value + 1) * reviews.Count && exact >= (2L * average.Value - 1) * reviews.Count;
        }));

    [Fact]
    public void A_conflicted_persons_scores_never_count() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[], NonNegativeInt[]>((counting, conflicted) =>
        {
            var good = counting.Select(number => Submitted(number.Get % 20001)).ToList();
            var members = conflicted.Select(number => Submitted(number.Get % 20001)).ToList();
            var kept = members.Select(review => review.EvaluatorId).ToHashSet();
            var left = Drafted();
            left.DeclareConflict(AssignmentActor.Evaluator, "My sister works there.", Now);
            return Grid.Score([.. members, .. good, left, Drafted()], kept) == Grid.Score(good, new HashSet<Guid>());
        }));

    [Fact]
    public void What_is_missing_is_named_by_criterion()
    {
        var missing = Grid.Missing([Given("needs", 400, "Well argued."), Given("design", 350, "Between the steps."), Given("budget", 500, "  ")]);
        Assert.Equal([("design", true, false), ("budget", false, true)], missing.Select(one => (one.Criterion.Id, one.Points, one.Comment)));
        Assert.Equal(3, Grid.Missing([]).Count);
    }

    [Theory]
    [InlineData(CommentRule.Never, 100, false)]
    [InlineData(CommentRule.Always, 300, true)]
    [InlineData(CommentRule.Extremes, 100, true)]
    [InlineData(CommentRule.Extremes, 200, true)]
    [InlineData(CommentRule.Extremes, 300, false)]
    [InlineData(CommentRule.Extremes, 400, false)]
    [InlineData(CommentRule.Extremes, 500, true)]
    public void A_comment_is_missing_where_the_criterion_wants_one(CommentRule rule, int points, bool missing)
    {
        var grid = Grid.Last(Sample.Definition().ScoredBy(SampleCall.Grid(100, SampleCall.Criterion("needs", [], 100, 500, 1) with { Comment = rule })));
        Assert.Equal(missing, grid.Missing([Given("needs", points, " ")]).Count == 1);
        Assert.Empty(grid.Missing([Given("needs", points)]));
    }

    [Fact]
    public void An_incomplete_review_cannot_be_submitted()
    {
        var draft = Drafted();
        Assert.Throws<InvalidOperationException>(() => draft.Submit(Grid, Now));
        Assert.Equal(AssignmentState.Draft, draft.State);
        Assert.Null(draft.TotalHundredths);
    }

    static Score Given(string criterion, int points, string comment = "Because.") => new() { CriterionId = criterion, Points = points, Comment = comment };

    static Assignment Drafted()
    {
        var assignment = Assignment.Make(Guid.NewGuid(), 0, Guid.NewGuid(), Guid.NewGuid(), Now, "");
        assignment.DeclareImpartial(Now);
        assignment.Save("needs", 100, null, Now);
        return assignment;
    }

    static Dictionary<string, string> Name(string name) => new() { ["en"] = name };

    static Grid Of(Aggregation aggregation, int decimals) => Grid.Last(Sample.Definition().With(stage =>
        stage.Evaluation is { } evaluation ? stage with { Evaluation = evaluation with { Aggregation = aggregation, Decimals = decimals } } : stage));

    static Assignment Submitted(int total, int evaluation = 0)
    {
        // A grid with one criterion of one step gives every total, also odd hundredths, which weights and steps do not.
        var grid = Grid.Last(Sample.Definition().ScoredBy(SampleCall.Grid(0, SampleCall.Criterion("only", [], total, total, 1))));
        var assignment = Assignment.Make(Guid.NewGuid(), evaluation, Guid.NewGuid(), Guid.NewGuid(), Now, "");
        assignment.DeclareImpartial(Now);
        assignment.Save("only", total, "Because.", Now);
        assignment.Submit(grid, Now);
        return assignment;
    }
}

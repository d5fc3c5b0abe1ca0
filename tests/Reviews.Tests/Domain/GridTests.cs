using FsCheck;
using FsCheck.Fluent;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Tests.Domain;

public sealed class GridTests
{
    static readonly Grid Grid = new(Sample.Definition().Grid);
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
        Assert.Equal(expected, Grid.Average(totals.Select(Submitted), new HashSet<Guid>()));

    [Fact]
    public void The_average_does_not_depend_on_the_order_and_lies_between_the_extremes() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[]>(numbers =>
        {
            if (numbers.Length == 0) return true;
            var reviews = numbers.Select(number => Submitted(number.Get % 20001)).ToList();
            var average = Grid.Average(reviews, new HashSet<Guid>());
            var shuffled = Grid.Average(reviews.OrderBy(review => review.Id.GetHashCode() ^ 0x5bd1), new HashSet<Guid>());
            var backwards = Grid.Average(Enumerable.Reverse(reviews), new HashSet<Guid>());
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
            return Grid.Average([.. members, .. good, left, Drafted()], kept) == Grid.Average(good, new HashSet<Guid>());
        }));

    [Fact]
    public void What_is_missing_is_named_by_criterion()
    {
        var missing = Grid.Missing([Given("needs", 400, "Well argued."), Given("design", 350, "Between the steps."), Given("budget", 500, "  ")]);
        Assert.Equal([("design", true, false), ("budget", false, true)], missing.Select(one => (one.Criterion.Id, one.Points, one.Comment)));
        Assert.Equal(3, Grid.Missing([]).Count);
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
        var assignment = Assignment.Make(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Now, "");
        assignment.DeclareImpartial(Now);
        assignment.Save("needs", 100, null, Now);
        return assignment;
    }

    static Assignment Submitted(int total)
    {
        // A grid with one criterion of one step gives every total, also odd hundredths, which weights and steps do not.
        var grid = new Grid(new([new("only", [], [], total, total, 1)], 0, 1));
        var assignment = Assignment.Make(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Now, "");
        assignment.DeclareImpartial(Now);
        assignment.Save("only", total, "Because.", Now);
        assignment.Submit(grid, Now);
        return assignment;
    }
}

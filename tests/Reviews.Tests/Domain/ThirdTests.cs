using FsCheck;
using FsCheck.Fluent;
using Grants.Contracts.Calls;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Domain;

/// <summary>The third evaluator and what is carried, against a second model that was written the long way round, with fractions.</summary>
public sealed class ThirdTests
{
    static readonly HashSet<Guid> Nobody = [];
    static readonly DateTimeOffset Now = new(2027, 2, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(300, null, 900, 600, true)] // from this difference on: exactly that much is apart
    [InlineData(300, null, 900, 601, false)]
    [InlineData(null, 3000, 1000, 700, true)] // exactly 30 % of the higher
    [InlineData(null, 3000, 1000, 701, false)]
    [InlineData(null, 3001, 1000, 700, false)] // a funder that means "more than 30 %" writes 30.01 %
    [InlineData(null, 3001, 1000, 699, true)]
    [InlineData(null, 3000, 0, 0, false)] // a share of nothing is no difference
    public void One_more_is_wanted_from_the_difference_on_whichever_evaluator_was_stricter(int? difference, int? share, int high, int low, bool expected)
    {
        var grid = Of(new ThirdRule(difference, share, false, ThirdResult.ClosestTwo));
        foreach (var reviews in new[] { Reviews(high, low), Reviews(low, high) })
        {
            Assert.Equal(expected, grid.AwaitsThird(reviews, Nobody));
            Assert.Equal(expected ? 3 : 2, grid.Needed(reviews, Nobody));
            Assert.Equal(expected, grid.Score(reviews, Nobody) is null);
            Assert.False(grid.AwaitsThird(reviews[..1], Nobody));
        }
    }

    [Theory]
    [InlineData(1199, 100, false)] // 12 is the threshold
    [InlineData(1200, 100, true)]
    public void Nobody_is_asked_when_all_are_below_the_threshold_anyway(int high, int low, bool expected) =>
        Assert.Equal(expected, Of(new ThirdRule(500, null, true, ThirdResult.All)).AwaitsThird(Reviews(high, low), Nobody));

    [Theory]
    [InlineData(ThirdResult.ClosestTwo, 2000, 1000, 1200, 1100)]
    [InlineData(ThirdResult.ClosestTwo, 2000, 1000, 1900, 1950)]
    [InlineData(ThirdResult.ClosestTwo, 2000, 1000, 1500, 1750)] // equally close: the better pair
    [InlineData(ThirdResult.All, 2000, 1000, 1201, 1400)] // 4201 / 3 = 1400.33
    [InlineData(ThirdResult.ThirdAlone, 2000, 1000, 1201, 1201)]
    public void With_the_third_the_result_is_what_the_call_says(ThirdResult result, int first, int second, int third, int expected)
    {
        var reviews = Reviews(first, second, third);
        var grid = Of(new ThirdRule(500, null, false, result));
        Assert.Equal(expected, grid.Score(reviews, Nobody));
        Assert.Equal(expected, grid.Score(reviews.AsEnumerable().Reverse(), Nobody));
        Assert.False(grid.AwaitsThird(reviews, Nobody));
        // Without the rule all three are averaged, as an officer asked for one more.
        Assert.Equal((first + second + third + 1) / 3, Of(null).Score(reviews, Nobody)!.Value, 1.0);
    }

    [Fact]
    public void When_one_of_the_two_turns_out_to_be_in_conflict_the_third_takes_the_place()
    {
        var reviews = Reviews(2000, 1000, 1900);
        var grid = Of(new ThirdRule(500, null, false, ThirdResult.ThirdAlone));
        var conflicted = new HashSet<Guid> { reviews[1].EvaluatorId };
        Assert.Equal((false, 2, 1950), (grid.AwaitsThird(reviews, conflicted), grid.Needed(reviews, conflicted), grid.Score(reviews, conflicted)!.Value));
        conflicted = [reviews[2].EvaluatorId];
        Assert.Equal((true, 3), (grid.AwaitsThird(reviews, conflicted), grid.Needed(reviews, conflicted)));
        Assert.Null(grid.Score(reviews, conflicted));
    }

    [Fact]
    public void The_score_is_that_of_the_second_model_and_no_order_matters() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[], int, int>((numbers, seed, pick) =>
        {
            var totals = numbers.Take(4).Select(number => number.Get * 7919 % 2001).ToList();
            var reviews = Reviews([.. totals]);
            ThirdRule?[] rules =
            [
                null, .. from result in Enum.GetValues<ThirdResult>() from below in new[] { true, false } from share in new[] { true, false }
                         select new ThirdRule(share ? null : 600, share ? 3000 : null, below, result),
            ];
            var rule = rules[(pick & int.MaxValue) % rules.Length];
            return Enum.GetValues<Aggregation>().All(aggregation => Enumerable.Range(0, 3).All(decimals =>
            {
                var grid = Of(rule, aggregation, decimals);
                var score = grid.Score(reviews, Nobody);
                return score == Naive(totals, rule, aggregation, decimals)
                    && score == grid.Score(reviews.OrderBy(review => review.Id.GetHashCode() ^ seed), Nobody)
                    && grid.AwaitsThird(reviews, Nobody) == (totals.Count == 2 && score is null);
            }));
        }));

    [Fact]
    public void Where_all_are_averaged_a_better_review_never_lowers_the_score() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonEmptyArray<NonNegativeInt>, NonNegativeInt, NonNegativeInt>((numbers, which, more) =>
        {
            var totals = numbers.Get.Select(number => number.Get % 2001).ToArray();
            var raised = totals.ToArray();
            raised[which.Get % raised.Length] += more.Get % 500;
            return Of(null).Score(Reviews(raised), Nobody) >= Of(null).Score(Reviews(totals), Nobody);
        }));

    [Fact]
    public void Who_is_in_conflict_neither_counts_nor_makes_the_others_lie_apart() =>
        Check.QuickThrowOnFailure(Prop.ForAll<NonNegativeInt[], NonNegativeInt[]>((good, bad) =>
        {
            var counting = Reviews([.. good.Take(4).Select(number => number.Get % 2001)]);
            var others = Reviews([.. bad.Take(4).Select(number => number.Get % 2001)]);
            var conflicted = others.Select(review => review.EvaluatorId).ToHashSet();
            var grid = Of(new ThirdRule(600, null, false, ThirdResult.ClosestTwo));
            return grid.Score([.. others, .. counting], conflicted) == grid.Score(counting, Nobody)
                && grid.Needed([.. others, .. counting], conflicted) == grid.Needed(counting, Nobody)
                && grid.AwaitsThird([.. counting, .. others], conflicted) == grid.AwaitsThird(counting, Nobody);
        }));

    [Theory]
    [InlineData(1200, 1200, null)]
    [InlineData(1199, 1199, 1200)]
    [InlineData(1199, 1200, null)] // 11.995 is read as 12.00, and passes as it is read
    [InlineData(1198, 1200, 1200)] // 11.99
    public void What_is_compared_with_a_minimum_is_what_people_read(int first, int second, int? missed)
    {
        var grid = Of(null, section: 1200, threshold: 100);
        Assert.Equal(missed, grid.Fails(Reviews(first, second), Nobody)?.MinHundredths);
    }

    [Fact]
    public void A_carried_score_stands_where_it_was_earned_and_is_rounded_once_with_the_rest()
    {
        var grid = new Grid(Carrying(), 1);
        var section = grid.Sections[0];
        Assert.Equal((1000, 500, 1500), (grid.HighestOf(section), grid.HighestOf(grid.Sections[1]), grid.HighestScore));
        // Nationally 4, 4 and 5 of 5, counted twice: 8.666..., which stands here. Internationally 4 and 5: 4.5.
        List<Assignment> reviews = [Carried(0, 400), Carried(0, 400), Carried(0, 500), Carried(1, 400), Carried(1, 500)];
        Assert.Equal(867, grid.SectionScore(section, reviews, Nobody));
        Assert.Equal(1317, grid.Score(reviews, Nobody)); // 1316.666...
        Assert.Equal(1317, grid.Score(Enumerable.Reverse(reviews), Nobody));
        Assert.Null(grid.Score(reviews.Skip(3), Nobody));
        Assert.Equal(850, grid.Fails([.. reviews.Take(2), .. reviews.Skip(3)], Nobody)?.MinHundredths); // 8 where 8.5 are wanted
    }

    /// <summary>A national evaluation whose only section, counted twice, stands in the international one.</summary>
    static CallDefinition Carrying()
    {
        var call = Sample.InTwoEvaluations();
        return call.With(stage => stage.Id != "evaluation" ? stage : stage with
        {
            Evaluation = stage.Evaluation! with
            {
                Grid = new EvaluationGrid(
                    [
                        new GridSection("relevance", Name("Relevance"), 850, new CarriedScore("national", "all"), []),
                        new GridSection("design", Name("Design"), 0, null, [SampleCall.Criterion("design", Name("Design"), 100, 500, 1)]),
                    ], 900),
            },
        });
    }

    static Assignment Carried(int evaluation, int points)
    {
        var grid = new Grid(Carrying(), evaluation);
        var review = Assignment.Make(Guid.NewGuid(), evaluation, Guid.NewGuid(), Guid.NewGuid(), Now, "");
        review.DeclareImpartial(Now);
        foreach (var criterion in grid.Criteria) review.Save(criterion.Id, points, "Because.", Now);
        review.Submit(grid, Now);
        return review;
    }

    /// <summary>The same rules the long way round.</summary>
    static int? Naive(IReadOnlyList<int> totals, ThirdRule? rule, Aggregation aggregation, int decimals)
    {
        if (totals.Count == 0) return null;
        var counting = totals.ToList();
        if (rule is not null && totals.Count >= 2)
        {
            var (higher, lower) = totals[0] > totals[1] ? (totals[0], totals[1]) : (totals[1], totals[0]);
            var apart = rule.DifferenceHundredths is { } points ? higher - lower >= points : higher > lower && (decimal)(higher - lower) / higher >= rule.ShareHundredths!.Value / 10_000m;
            var best = Rounded(aggregation == Aggregation.Sum ? 2 * higher : higher, decimals);
            if (apart && !(rule.UnlessAllBelowThreshold && best < 1200))
            {
                if (totals.Count == 2) return null;
                counting = rule.Result switch
                {
                    ThirdResult.All => counting,
                    ThirdResult.ThirdAlone => counting[2..],
                    _ => (from one in Enumerable.Range(0, totals.Count)
                          from other in Enumerable.Range(one + 1, totals.Count - one - 1)
                          orderby Math.Abs(totals[one] - totals[other]), totals[one] + totals[other] descending
                          select new List<int> { totals[one], totals[other] }).First(),
                };
            }
        }

        counting.Sort();
        var exact = aggregation switch
        {
            Aggregation.Sum => (decimal)counting.Sum(),
            Aggregation.Median => (counting[(counting.Count - 1) / 2] + counting[counting.Count / 2]) / 2m,
            _ => (decimal)counting.Sum() / counting.Count,
        };
        return Rounded(exact, decimals);
    }

    static int Rounded(decimal hundredths, int decimals) => (int)(Math.Round(hundredths / 100m, decimals, MidpointRounding.AwayFromZero) * 100m);

    static Grid Of(ThirdRule? rule, Aggregation aggregation = Aggregation.Average, int decimals = 2, int section = 0, int threshold = 1200) => Grid.Last(Sample.Definition().With(stage =>
        stage.Evaluation is not { } evaluation ? stage : stage with
        {
            Evaluation = evaluation with
            {
                Third = rule, Aggregation = aggregation, Decimals = decimals,
                Grid = new EvaluationGrid([new GridSection("all", Name("All"), section, null, [SampleCall.Criterion("only", Name("Only"), 0, 2000, 1) with { Step = 1 }])], threshold),
            },
        }));

    static Dictionary<string, string> Name(string name) => new() { ["en"] = name };

    /// <summary>Reviews that came in one after another.</summary>
    static List<Assignment> Reviews(params int[] totals) => [.. totals.Select((total, number) =>
    {
        var review = Assignment.Make(Guid.NewGuid(), 0, Guid.NewGuid(), Guid.NewGuid(), Now, "");
        review.DeclareImpartial(Now);
        review.Save("only", total, "Because.", Now);
        review.Submit(Of(null), Now.AddMinutes(number));
        return review;
    })];
}

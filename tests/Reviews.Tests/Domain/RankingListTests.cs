using Grants.Contracts.Applications;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Tests.Domain;

public sealed class RankingListTests
{
    [Fact]
    public void The_best_score_stands_first_and_the_line_is_where_the_budget_ends()
    {
        var list = RankingList.Build([Of("A", 1500, 400), Of("B", 1700, 500), Of("C", 1400, 300), Of("D", null, 100), Of("E", 900, 100)], 1200, 1000);

        Assert.Equal(["B", "A", "C", "E", "D"], list.Select(row => row.Candidate.Case.Reference));
        Assert.Equal([1, 2, 3, 4, null], list.Select(row => row.Place));
        Assert.Equal([500, 900, 1200, null, null], list.Select(row => row.RunningMinor));
        Assert.Equal([true, true, false, false, false], list.Select(row => row.Fits));
    }

    [Fact]
    public void Equal_scores_share_a_place_in_the_order_of_submission()
    {
        var list = RankingList.Build([Of("late", 1500, 400, hour: 9), Of("early", 1500, 500, hour: 8), Of("next", 1400, 1)], 1200, 1000);

        Assert.Equal(["early", "late", "next"], list.Select(row => row.Candidate.Case.Reference));
        Assert.Equal([1, 1, 3], list.Select(row => row.Place));
    }

    [Fact]
    public void Exactly_the_threshold_and_exactly_the_budget_are_enough()
    {
        var list = RankingList.Build([Of("A", 1200, 600), Of("B", 1200, 400, hour: 10), Of("C", 1199, 1)], 1200, 1000);

        Assert.Equal([true, true, false], list.Select(row => row.Fits));
        Assert.Null(list[2].RunningMinor);
    }

    [Fact]
    public void Who_is_not_to_be_funded_costs_nothing()
    {
        var list = RankingList.Build([Of("A", 1900, 0), Of("B", 1500, 1000)], 1200, 1000);

        Assert.Null(list[0].RunningMinor);
        Assert.True(list[1].Fits);
    }

    static Candidate Of(string reference, int? score, long amount, int hour = 8) => new(
        ReviewCase.Receive(new ApplicationSubmitted(
            Guid.NewGuid(), 1, new DateTimeOffset(2027, 1, 15, hour, 0, 0, TimeSpan.Zero), Guid.NewGuid(), 1, "", reference, 1, "", Guid.NewGuid(), "", "", amount,
            "BAM", Guid.NewGuid())),
        score, 1, amount);
}

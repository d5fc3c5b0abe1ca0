using Grants.Applications.Domain;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain;

public sealed class CallTests
{
    static readonly Call Call = new() { OpensAt = new(2026, 12, 1, 7, 0, 0, TimeSpan.Zero), ClosesAt = World.LastSecond };

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    public void The_whole_last_second_counts_and_not_a_millisecond_more(int milliseconds, bool open) =>
        Assert.Equal(open, Call.IsOpen(World.LastSecond.AddMilliseconds(milliseconds)));

    [Fact]
    public void It_opens_with_the_first_millisecond()
    {
        Assert.False(Call.IsOpen(Call.OpensAt.AddMilliseconds(-1)));
        Assert.True(Call.IsOpen(Call.OpensAt));
        Assert.Equal(CallPhase.Coming, Call.PhaseAt(Call.OpensAt.AddMilliseconds(-1)));
        Assert.Equal(CallPhase.Open, Call.PhaseAt(Call.OpensAt));
        Assert.Equal(CallPhase.Closed, Call.PhaseAt(World.LastSecond.AddSeconds(1)));
    }

    [Fact]
    public void What_breaks_a_rule_is_listed()
    {
        Assert.Empty(CallRules.Problems(World.Call()));
        Assert.Equal(2, CallRules.Problems(World.Call() with { Approvals = [new(null, 1)], Instalments = [new(9_000, "agreement-in-force")] }).Count);
    }

    [Theory]
    [InlineData(12_000, -2_000, "final-report-accepted")]
    [InlineData(10_000, 0, "final-report-accepted")]
    [InlineData(8_000, 2_000, "someday")]
    public void Instalments_that_could_never_be_paid_are_listed(int first, int second, string trigger) =>
        Assert.Single(CallRules.Problems(World.Call() with { Instalments = [new(first, "agreement-in-force"), new(second, trigger)] }));

    [Fact]
    public void A_budget_that_nobody_could_type_is_listed() => Assert.Single(CallRules.Problems(World.Call() with { TotalBudgetMinor = long.MaxValue }));

    [Fact]
    public void An_amendment_keeps_the_promise_only_without_touching_grid_and_money()
    {
        var call = World.Call();
        Assert.True(CallRules.KeepsPromises(call, call.Closing("2027-01-20T23:59:59")));
        Assert.False(CallRules.KeepsPromises(call, call with { TotalBudgetMinor = 1 }));
        Assert.False(CallRules.KeepsPromises(call, call.ScoredBy(call.FinalEvaluation.Grid with { ThresholdHundredths = 700 })));
    }
}

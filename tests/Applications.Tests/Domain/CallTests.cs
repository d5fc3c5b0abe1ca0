using Grants.Applications.Domain;

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
}

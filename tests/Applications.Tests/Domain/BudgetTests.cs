using Grants.Applications.Domain;
using Grants.Contracts.Calls;

namespace Grants.Applications.Tests.Domain;

public sealed class BudgetTests
{
    // docs/worked-examples/budget.md: 7 % of 9,999.99 is 699.9993.
    [Theory]
    [InlineData(69_999, false)]
    [InlineData(70_000, true)]
    public void Seven_percent_broken_by_one_cent_is_broken_and_kept_is_kept(long indirect, bool broken)
    {
        var budget = ProjectBudget.Of(
            Budgeted.Call(), [Budgeted.Row("people", 600, 125_000), Budgeted.Row("travel", 100, 249_999), Budgeted.Row("indirect", 100, indirect)], "1000,00");
        Assert.Equal([750_000, 249_999, indirect], budget.Headings.Select(sum => sum.Minor));
        Assert.Equal(999_999 + indirect - 100_000, budget.RequestedMinor);
        if (!broken)
        {
            Assert.Empty(budget.Problems);
            return;
        }

        var problem = Assert.Single(budget.Problems);
        Assert.Equal((BudgetProblemKind.AboveShare, 999_999L, 69_999L, 70_000L), (problem.Kind, problem.OfMinor, problem.AllowedMinor, problem.WrittenMinor));
    }

    [Theory]
    [InlineData(150, 333, 500)] // 1.5 × 3.33 is 4.995
    [InlineData(33, 100, 33)]
    [InlineData(50, 1, 1)] // half a cent goes up
    [InlineData(49, 1, 0)]
    [InlineData(99_999_999_999, 1, 1_000_000_000)] // 999,999,999.99 × 0.01 is 9,999,999.9999
    public void A_row_is_quantity_times_cost_rounded_half_up_to_the_cent(long quantity, long cost, long total) =>
        Assert.Equal(total, BudgetForm.Total(quantity, cost));

    [Theory]
    [InlineData("9999,99", BudgetProblemKind.OwnBelow)] // 10 % of 99,999.95 is 9,999.995: one cent more is needed
    [InlineData("10000,00", null)]
    public void The_own_contribution_reaches_its_share_or_not_by_one_cent(string own, BudgetProblemKind? expected)
    {
        var call = Budgeted.Call(ownLeast: 1_000) with { Lots = [new("all", new() { ["bs"] = "", ["en"] = "" }, 20_000_000, 200_000, 10_000_000)] };
        var budget = ProjectBudget.Of(call, [Budgeted.Row("people", 100, 9_999_995)], own);
        Assert.Equal(expected is { } kind ? [kind] : [], budget.Problems.Select(problem => problem.Kind));
        if (expected is not null) Assert.Equal(1_000_000, budget.Problems[0].AllowedMinor);
    }

    [Fact]
    public void A_limit_is_of_the_headings_it_names_or_of_all_and_may_be_an_amount()
    {
        var call = Budgeted.Call();
        BudgetRow[] rows = [Budgeted.Row("people", 100, 500_000), Budgeted.Row("travel", 100, 100_001)];
        Assert.Empty(ProjectBudget.Of(call with { Budget = call.Budget with { Limits = [Travel([], 2_000, null)] } }, rows, "").Problems);
        Assert.Equal([BudgetProblemKind.AboveShare], ProjectBudget.Of(call with { Budget = call.Budget with { Limits = [Travel(["people"], 2_000, null)] } }, rows, "").Problems.Select(problem => problem.Kind));
        Assert.Equal([BudgetProblemKind.AboveAmount], ProjectBudget.Of(call with { Budget = call.Budget with { Limits = [Travel([], null, 100_000)] } }, rows, "").Problems.Select(problem => problem.Kind));
        Assert.Empty(ProjectBudget.Of(call with { Budget = call.Budget with { Limits = [Travel([], null, 100_001)] } }, rows, "").Problems);

        static BudgetLimit Travel(IReadOnlyList<string> of, int? share, long? most) => new("l", [], ["travel"], of, share, most);
    }

    [Fact]
    public void What_is_asked_for_stays_within_the_grants_of_the_call_and_nothing_is_no_budget()
    {
        Assert.Equal([BudgetProblemKind.NoRows], Kinds([], ""));
        Assert.Equal([BudgetProblemKind.AmountOutside], Kinds([Budgeted.Row("people", 100, 199_999)], ""));
        Assert.Equal([BudgetProblemKind.AmountOutside], Kinds([Budgeted.Row("people", 100, 1_000_001)], ""));
        Assert.Empty(Kinds([Budgeted.Row("people", 100, 1_000_001)], "0,01"));
        Assert.Equal([BudgetProblemKind.OwnAboveTotal, BudgetProblemKind.AmountOutside], Kinds([Budgeted.Row("people", 100, 300_000)], "3000,01"));
        Assert.Equal([BudgetProblemKind.HeadingGone], Kinds([Budgeted.Row("gone", 100, 100), Budgeted.Row("people", 100, 300_000)], ""));

        static IEnumerable<BudgetProblemKind> Kinds(BudgetRow[] rows, string own) => ProjectBudget.Of(Budgeted.Call(), rows, own).Problems.Select(problem => problem.Kind);
    }

    [Theory]
    [InlineData("12", 1200)]
    [InlineData("1,5", 150)]
    [InlineData("1.25", 125)]
    [InlineData("1 200", 120_000)]
    [InlineData("0,333", null)]
    [InlineData("1.234", null)] // thousands or decimals: we ask
    [InlineData("-1", null)]
    [InlineData(",5", null)]
    [InlineData("1,", null)]
    [InlineData("1e3", null)]
    [InlineData("1234567890", null)]
    [InlineData("", null)]
    public void A_quantity_is_read_as_people_write_it_and_never_guessed(string typed, int? hundredths) =>
        Assert.Equal(hundredths, BudgetForm.TryQuantity(typed, out var read) ? (int)read : null);
}

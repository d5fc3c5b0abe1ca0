using Grants.Applications.Domain;

namespace Grants.Applications.Tests.Domain;

public sealed class DraftFormTests
{
    [Theory]
    [InlineData("title", "", null)]
    [InlineData("amount", "2000", null)]
    [InlineData("amount", "10.000,00", null)]
    [InlineData("amount", "1999,99", DraftProblem.AmountOutside)]
    [InlineData("amount", "10000,01", DraftProblem.AmountOutside)]
    [InlineData("amount", "-1", DraftProblem.NotAnAmount)]
    [InlineData("amount", "1.234", DraftProblem.NotAnAmount)]
    [InlineData("amount", "lots", DraftProblem.NotAnAmount)]
    [InlineData("months", "9", null)]
    [InlineData("months", "0", DraftProblem.MonthsOutside)]
    [InlineData("months", "10", DraftProblem.MonthsOutside)]
    [InlineData("months", "1.5", DraftProblem.MonthsOutside)]
    [InlineData("months", "-1", DraftProblem.MonthsOutside)]
    [InlineData("starts", "1. 3. 2027.", null)]
    [InlineData("starts", "2027-03-01", null)]
    [InlineData("starts", "30.2.2027", DraftProblem.NotADay)]
    [InlineData("starts", "soon", DraftProblem.NotADay)]
    public void A_value_is_judged_by_the_call(string field, string value, DraftProblem? problem) => Assert.Equal(problem, DraftForm.Check(World.Call(), field, value)?.Problem);

    [Fact]
    public void Characters_are_counted_as_people_see_them()
    {
        Assert.Equal(1, DraftForm.Characters("š"));
        Assert.Equal(1, DraftForm.Characters("š"));
        Assert.Equal(1, DraftForm.Characters("👨‍👩‍👧"));
        Assert.Null(DraftForm.Check(World.Call(), "q-problem", string.Concat(Enumerable.Repeat("ћ", 500))));
        Assert.Equal(501, DraftForm.Check(World.Call(), "q-problem", string.Concat(Enumerable.Repeat("👨‍👩‍👧", 501)))!.Given);
    }

    [Fact]
    public void Everything_that_is_missing_is_listed_in_the_order_of_the_form_and_the_start_may_stay_open() => Assert.Equal(
        ["title", "amount", "months", "q-problem", "q-activities", "registration"],
        DraftForm.Missing(World.Call(), new Dictionary<string, string>(), []).Select(problem => problem.Field));
}

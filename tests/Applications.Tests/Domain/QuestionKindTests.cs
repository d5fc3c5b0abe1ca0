using Grants.Applications.Domain;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain;

public sealed class QuestionKindTests
{
    [Theory]
    [InlineData("short", "", "", null)]
    [InlineData("short", "Žepčanski!", "Žepčanski!", null)]
    [InlineData("short", "Žepčanski!!", "Žepčanski!!", DraftProblem.TooLong)]
    [InlineData("people", "1", "1", null)]
    [InlineData("people", "007", "7", null)]
    [InlineData("people", "5\u00A000", "500", null)]
    [InlineData("people", "501", "501", DraftProblem.NotANumber)]
    [InlineData("people", "0", "0", DraftProblem.NotANumber)]
    [InlineData("people", "\u22125", "-5", DraftProblem.NotANumber)]
    [InlineData("people", "1.5", "1.5", DraftProblem.NotANumber)]
    [InlineData("people", "1,000", "1,000", DraftProblem.NotANumber)]
    [InlineData("people", "many", "many", DraftProblem.NotANumber)]
    [InlineData("people", "99999999999999999999", "99999999999999999999", DraftProblem.NotANumber)]
    [InlineData("costs", "1.234,50", "1.234,50", null)]
    [InlineData("costs", "1.234", "1.234", DraftProblem.NotAnAmount)]
    [InlineData("costs", "-1", "-1", DraftProblem.NotAnAmount)]
    [InlineData("from", "1. 3. 2027.", "2027-03-01", null)]
    [InlineData("from", "2027-03-01", "2027-03-01", null)]
    [InlineData("from", "30.2.2027", "30.2.2027", DraftProblem.NotADay)]
    [InlineData("area", "youth", "youth", null)]
    [InlineData("area", "Youth", "Youth", DraftProblem.NotAnOption)]
    [InlineData("area", "youth\nculture", "youth\nculture", DraftProblem.NotAnOption)]
    [InlineData("groups", "old,women,old", "women\nold", null)]
    [InlineData("groups", "nobody\nwomen", "women\nnobody", DraftProblem.NotAnOption)]
    [InlineData("groups", "\n", "", null)]
    [InlineData("partner", "yes", "yes", null)]
    [InlineData("partner", "no", "no", null)]
    [InlineData("partner", "maybe", "maybe", DraftProblem.NotAnOption)]
    public void Each_kind_is_kept_in_one_form_and_judged_as_what_it_is(string question, string typed, string kept, DraftProblem? problem)
    {
        var field = DraftForm.OfQuestion(question);
        var normal = DraftForm.Normal(EveryKind.Call(), field, typed);
        Assert.Equal(kept, normal);
        Assert.Equal(kept, DraftForm.Normal(EveryKind.Call(), field, normal));
        Assert.Equal(problem, DraftForm.Check(EveryKind.Call(), field, normal)?.Problem);
    }

    [Fact]
    public void A_text_that_looks_like_a_day_stays_a_text()
    {
        Assert.Equal("1.3.2027", DraftForm.Normal(EveryKind.Call(), "q-short", "1.3.2027"));
        Assert.Equal("1.3.2027", DraftForm.Normal(EveryKind.Call(), "title", "1.3.2027"));
        Assert.Equal("2027-03-01", DraftForm.Normal(EveryKind.Call(), "starts", "1.3.2027"));
    }

    [Fact]
    public void A_condition_asks_and_one_that_hangs_on_what_is_not_asked_does_not()
    {
        Assert.Equal(["people", "area", "groups", "partner"], Missing([]));
        Assert.Equal(["people", "which", "groups", "role"], Missing(new() { ["q-area"] = "other", ["q-partner"] = "yes" }));
        Assert.Equal(["people", "area", "groups", "why"], Missing(new() { ["q-partner"] = "yes", ["q-role"] = "helps" }));
        // The role was chosen before the partner was taken back: it is kept, and nothing hangs on it any more.
        Assert.Equal(["people", "area", "groups"], Missing(new() { ["q-partner"] = "no", ["q-role"] = "helps" }));
    }

    [Fact]
    public void What_is_wrong_in_a_question_that_is_not_asked_keeps_nobody_from_submitting()
    {
        Assert.Empty(DraftForm.Missing(EveryKind.Call() with { Documents = [] }, Kept(new() { ["q-which"] = new string('x', 500) }), []));
        Assert.Equal(["q-which"], DraftForm.Missing(EveryKind.Call() with { Documents = [] }, Kept(new() { ["q-which"] = new string('x', 500), ["q-area"] = "other" }), []).Select(problem => problem.Field));
    }

    [Fact]
    public void A_choice_among_several_holds_when_one_of_them_was_ticked()
    {
        var call = World.Call().Asking([.. EveryKind.Call().Questions, EveryKind.Call().Questions[0] with { Id = "care", Condition = new("groups", ["old", "young"]) }]);
        Assert.True(DraftForm.IsAsked(call, "q-care", new Dictionary<string, string> { ["q-groups"] = "women\nold" }));
        Assert.False(DraftForm.IsAsked(call, "q-care", new Dictionary<string, string> { ["q-groups"] = "women" }));
    }

    [Fact]
    public void A_condition_on_itself_or_on_a_later_question_asks_nothing_and_ends()
    {
        var first = EveryKind.Call().Questions[7];
        var call = World.Call().Asking(first with { Id = "a", Condition = new("b", ["yes"]) }, first with { Id = "b", Condition = new("b", ["yes"]) });
        var values = new Dictionary<string, string> { ["q-a"] = "yes", ["q-b"] = "yes" };
        Assert.False(DraftForm.IsAsked(call, "q-a", values));
        Assert.False(DraftForm.IsAsked(call, "q-b", values));
    }

    static List<string> Missing(Dictionary<string, string> answers) =>
        [.. DraftForm.Missing(EveryKind.Call(), answers, []).Select(problem => problem.Field).Where(field => field.StartsWith("q-", StringComparison.Ordinal)).Select(field => field[2..])];

    static Dictionary<string, string> Kept(Dictionary<string, string> more)
    {
        var values = EveryKind.Answers().ToDictionary(answer => answer.Key, answer => DraftForm.Normal(EveryKind.Call(), answer.Key, answer.Value));
        foreach (var (field, value) in more) values[field] = value;
        return values;
    }
}

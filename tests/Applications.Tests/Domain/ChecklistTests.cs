using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Lifecycles;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain;

public sealed class ChecklistTests
{
    static readonly CallDefinition Call = World.Call().Checking(
        new CheckItem("in-time", new() { ["en"] = "In time" }, [], false), new CheckItem("complete", new() { ["en"] = "Complete" }, [], true), new CheckItem("signed", new() { ["en"] = "Signed" }, [], true));

    static Checklist List(string inTime, string complete, string signed, string outcome, params Clarification[] asked) => new(
        Call,
        new Dictionary<string, string>
        {
            ["item-in-time"] = inTime, ["why-in-time"] = inTime == "no" ? "late" : "", ["item-complete"] = complete, ["why-complete"] = complete == "no" ? "a page is missing" : "",
            ["item-signed"] = signed, ["why-signed"] = signed == "no" ? "no signature" : "", ["eligible"] = outcome, ["reason"] = "So it is.",
        },
        asked);

    static Clarification Asked(string items, ClarificationState state) => new() { Items = items, State = state };

    [Fact]
    public void A_list_without_a_no_is_eligible_and_nothing_else()
    {
        Assert.Empty(List("yes", "not-applicable", "yes", "yes").Problems());
        Assert.Equal([("eligible", CheckProblem.IneligibleWithoutNo)], List("yes", "not-applicable", "yes", "no").Problems());
    }

    [Fact]
    public void A_no_makes_eligible_impossible_whatever_it_is_about()
    {
        Assert.Equal([("eligible", CheckProblem.EligibleWithNo)], List("no", "yes", "yes", "yes").Problems());
        Assert.Equal([("eligible", CheckProblem.EligibleWithNo)], List("yes", "no", "yes", "yes").Problems());
    }

    [Fact]
    public void An_item_that_may_be_clarified_is_no_ground_before_the_applicant_was_asked_about_it_and_that_has_ended()
    {
        Assert.Equal([("item-complete", CheckProblem.AskFirst)], List("yes", "no", "yes", "no").Problems());
        // Asked about another item: that is not this one.
        Assert.Equal([("item-complete", CheckProblem.AskFirst)], List("yes", "no", "yes", "no", Asked("signed", ClarificationState.Answered)).Problems());
        Assert.Equal([("eligible", CheckProblem.Waiting)], List("yes", "no", "yes", "no", Asked("complete", ClarificationState.Open)).Problems());
        foreach (var ended in new[] { ClarificationState.Answered, ClarificationState.Unanswered })
        {
            var list = List("yes", "no", "yes", "no", Asked("complete\nsigned", ended));
            Assert.Empty(list.Problems());
            Assert.Equal(["complete"], list.Grounds.Select(item => item.Id));
        }
    }

    [Fact]
    public void A_rejection_stands_on_the_other_grounds_and_does_not_name_what_nobody_asked_about()
    {
        var list = List("no", "no", "yes", "no");
        Assert.Empty(list.Problems());
        Assert.Equal(["in-time"], list.Grounds.Select(item => item.Id));
    }

    [Fact]
    public void Nobody_ends_a_check_while_an_applicant_has_time_to_answer() =>
        Assert.Equal([("eligible", CheckProblem.Waiting)], List("yes", "yes", "yes", "yes", Asked("signed", ClarificationState.Open)).Problems());

    [Fact]
    public void A_no_needs_its_reason_and_every_item_an_answer()
    {
        var list = new Checklist(Call, new Dictionary<string, string> { ["item-in-time"] = "no", ["item-complete"] = "perhaps", ["eligible"] = "no" }, []);
        Assert.Equal(
            [("why-in-time", CheckProblem.NoReason), ("item-complete", CheckProblem.NoAnswer), ("item-signed", CheckProblem.NoAnswer), ("reason", CheckProblem.NoReasonOfAll)], list.Problems());
        Assert.Equal((0, false), (list.Done, list.IsComplete));
    }

    public static TheoryData<ClarificationState, ClarificationAction, ClarificationRole> Matrix()
    {
        var matrix = new TheoryData<ClarificationState, ClarificationAction, ClarificationRole>();
        var all = from state in Enum.GetValues<ClarificationState>()
                  from action in Enum.GetValues<ClarificationAction>()
                  from role in Enum.GetValues<ClarificationRole>()
                  select (state, action, role);
        foreach (var (state, action, role) in all) matrix.Add(state, action, role);
        return matrix;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public void A_clarification_ends_once_by_the_answer_or_by_the_clock(ClarificationState state, ClarificationAction action, ClarificationRole role)
    {
        ClarificationState? next = (state, action, role) switch
        {
            (ClarificationState.Open, ClarificationAction.Answer, ClarificationRole.Committer) => ClarificationState.Answered,
            (ClarificationState.Open, ClarificationAction.Expire, ClarificationRole.Clock) => ClarificationState.Unanswered,
            _ => null,
        };
        if (next is { } expected) Assert.Equal(expected, ClarificationLifecycle.Table.Next(state, action, role));
        else Assert.Throws<TransitionRefused>(() => ClarificationLifecycle.Table.Next(state, action, role));
    }

    [Fact]
    public void The_diagram_in_the_docs_is_the_table() => Snapshot.Matches(
        "docs/lifecycles/clarification.md",
        $"# Clarification\n\nOf a question to the applicant in the service Applications.\n\n```mermaid\n{ClarificationLifecycle.Table.ToMermaid()}```\n");

    [Theory]
    [InlineData("2027-01-04T09:00:00Z", 5, "Europe/Sarajevo", "2027-01-09T22:59:59Z")]
    // An hour before midnight in London is the next day in Sarajevo.
    [InlineData("2027-01-04T23:30:00Z", 5, "Europe/Sarajevo", "2027-01-10T22:59:59Z")]
    // Over the change to summer time: the end of the local day, and not so many times 24 hours.
    [InlineData("2027-03-25T09:00:00Z", 5, "Europe/Sarajevo", "2027-03-30T21:59:59Z")]
    public void The_time_to_answer_ends_with_a_local_day_of_the_call(string now, int days, string zone, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due, null), Clarification.DueFor(DateTimeOffset.Parse(now, null), days, zone));
}

using Grants.Platform.Lifecycles;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Domain;

public sealed class LifecycleTests
{
    static readonly (CaseState From, CaseAction Action, CaseActor By, CaseState To)[] CaseMatrix =
    [
        (CaseState.Received, CaseAction.FindEligible, CaseActor.System, CaseState.ReadyForReview),
        (CaseState.Received, CaseAction.FindIneligible, CaseActor.System, CaseState.Ineligible),
        (CaseState.Ineligible, CaseAction.Reject, CaseActor.System, CaseState.Rejected),
        (CaseState.ReadyForReview, CaseAction.Assign, CaseActor.ProgrammeOfficer, CaseState.InReview),
        (CaseState.InReview, CaseAction.Assign, CaseActor.ProgrammeOfficer, CaseState.InReview),
        (CaseState.InReview, CaseAction.TakeReview, CaseActor.Evaluator, CaseState.InReview),
        (CaseState.InReview, CaseAction.TakeConflict, CaseActor.Evaluator, CaseState.InReview),
        (CaseState.InReview, CaseAction.TakeConflict, CaseActor.System, CaseState.InReview),
        (CaseState.InReview, CaseAction.CompleteReviews, CaseActor.Evaluator, CaseState.Reviewed),
        (CaseState.InReview, CaseAction.PassEvaluation, CaseActor.Evaluator, CaseState.ReadyForReview),
        (CaseState.Reviewed, CaseAction.PassEvaluation, CaseActor.Evaluator, CaseState.ReadyForReview),
        (CaseState.Reviewed, CaseAction.Assign, CaseActor.ProgrammeOfficer, CaseState.Reviewed),
        (CaseState.Reviewed, CaseAction.CompleteReviews, CaseActor.Evaluator, CaseState.Reviewed),
        (CaseState.Reviewed, CaseAction.TakeReview, CaseActor.Evaluator, CaseState.Reviewed),
        (CaseState.Reviewed, CaseAction.TakeConflict, CaseActor.Evaluator, CaseState.Reviewed),
        (CaseState.Reviewed, CaseAction.TakeConflict, CaseActor.System, CaseState.Reviewed),
        (CaseState.Reviewed, CaseAction.Recommend, CaseActor.Chair, CaseState.Recommended),
        (CaseState.Recommended, CaseAction.Recommend, CaseActor.Chair, CaseState.Recommended),
        (CaseState.Recommended, CaseAction.TakeConflict, CaseActor.Evaluator, CaseState.Recommended),
        (CaseState.Recommended, CaseAction.TakeConflict, CaseActor.System, CaseState.Recommended),
        (CaseState.Recommended, CaseAction.ReturnToCommittee, CaseActor.System, CaseState.Reviewed),
        (CaseState.Recommended, CaseAction.Award, CaseActor.DecisionMaker, CaseState.Awarded),
        (CaseState.Recommended, CaseAction.Reject, CaseActor.DecisionMaker, CaseState.Rejected),
        (CaseState.Recommended, CaseAction.PutOnReserve, CaseActor.DecisionMaker, CaseState.OnReserve),
        (CaseState.OnReserve, CaseAction.MoveUp, CaseActor.System, CaseState.Awarded),
        (CaseState.OnReserve, CaseAction.MoveUp, CaseActor.DecisionMaker, CaseState.Awarded),
        (CaseState.Awarded, CaseAction.Lapse, CaseActor.System, CaseState.Lapsed),
        (CaseState.InReview, CaseAction.TakeConflict, CaseActor.Chair, CaseState.InReview),
        (CaseState.Reviewed, CaseAction.TakeConflict, CaseActor.Chair, CaseState.Reviewed),
        (CaseState.Recommended, CaseAction.TakeConflict, CaseActor.Chair, CaseState.Recommended),
        (CaseState.InReview, CaseAction.TakeReview, CaseActor.Chair, CaseState.InReview),
        (CaseState.Reviewed, CaseAction.TakeReview, CaseActor.Chair, CaseState.Reviewed),
        (CaseState.InReview, CaseAction.CompleteReviews, CaseActor.Chair, CaseState.Reviewed),
        (CaseState.InReview, CaseAction.PassEvaluation, CaseActor.Chair, CaseState.ReadyForReview),
        (CaseState.Reviewed, CaseAction.PassEvaluation, CaseActor.Chair, CaseState.ReadyForReview),
        (CaseState.InReview, CaseAction.TakeDecline, CaseActor.Evaluator, CaseState.InReview),
        (CaseState.Reviewed, CaseAction.TakeDecline, CaseActor.Evaluator, CaseState.Reviewed),
        (CaseState.Received, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        (CaseState.ReadyForReview, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        (CaseState.InReview, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        (CaseState.Reviewed, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        (CaseState.Recommended, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        (CaseState.OnReserve, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
    ];

    static readonly (AssignmentState From, AssignmentAction Action, AssignmentActor By, AssignmentState To)[] AssignmentMatrix =
    [
        (AssignmentState.Assigned, AssignmentAction.DeclareImpartial, AssignmentActor.Evaluator, AssignmentState.Declared),
        (AssignmentState.Assigned, AssignmentAction.DeclareConflict, AssignmentActor.Evaluator, AssignmentState.Conflicted),
        (AssignmentState.Assigned, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted),
        (AssignmentState.Declared, AssignmentAction.Save, AssignmentActor.Evaluator, AssignmentState.Draft),
        (AssignmentState.Declared, AssignmentAction.DeclareConflict, AssignmentActor.Evaluator, AssignmentState.Conflicted),
        (AssignmentState.Declared, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted),
        (AssignmentState.Draft, AssignmentAction.Save, AssignmentActor.Evaluator, AssignmentState.Draft),
        (AssignmentState.Draft, AssignmentAction.Submit, AssignmentActor.Evaluator, AssignmentState.Submitted),
        (AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.Evaluator, AssignmentState.Conflicted),
        (AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted),
        (AssignmentState.Assigned, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        (AssignmentState.Declared, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        (AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        (AssignmentState.Submitted, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        (AssignmentState.Assigned, AssignmentAction.Decline, AssignmentActor.Evaluator, AssignmentState.Declined),
        (AssignmentState.Declared, AssignmentAction.Decline, AssignmentActor.Evaluator, AssignmentState.Declined),
        (AssignmentState.Draft, AssignmentAction.Decline, AssignmentActor.Evaluator, AssignmentState.Declined),
        (AssignmentState.Assigned, AssignmentAction.End, AssignmentActor.System, AssignmentState.Ended),
        (AssignmentState.Declared, AssignmentAction.End, AssignmentActor.System, AssignmentState.Ended),
        (AssignmentState.Draft, AssignmentAction.End, AssignmentActor.System, AssignmentState.Ended),
    ];

    static readonly (DeclarationState From, DeclarationAction Action, DeclarationActor By, DeclarationState To)[] DeclarationMatrix =
    [
        (DeclarationState.NoConflict, DeclarationAction.DeclareConflict, DeclarationActor.Person, DeclarationState.Pending),
        (DeclarationState.Pending, DeclarationAction.Uphold, DeclarationActor.Chair, DeclarationState.Upheld),
        (DeclarationState.Pending, DeclarationAction.Dismiss, DeclarationActor.Chair, DeclarationState.Dismissed),
        (DeclarationState.Dismissed, DeclarationAction.DeclareConflict, DeclarationActor.Person, DeclarationState.Pending),
    ];

    [Fact]
    public void A_declaration_changes_as_listed_and_refuses_everything_else() => AssertMatrix(DeclarationLifecycle.Table, DeclarationMatrix);

    [Fact]
    public void A_case_changes_as_listed_and_refuses_everything_else() => AssertMatrix(CaseLifecycle.Table, CaseMatrix);

    [Fact]
    public void An_assignment_changes_as_listed_and_refuses_everything_else() => AssertMatrix(AssignmentLifecycle.Table, AssignmentMatrix);

    [Theory]
    [InlineData("review-case")]
    [InlineData("assignment")]
    [InlineData("conflict-declaration")]
    public void The_diagram_in_the_docs_is_the_table(string name)
    {
        var (title, diagram) = name switch
        {
            "assignment" => ("Life of an assignment", AssignmentLifecycle.Table.ToMermaid()),
            "conflict-declaration" => ("Life of a declaration about an organisation", DeclarationLifecycle.Table.ToMermaid()),
            _ => ("Life of a review case", CaseLifecycle.Table.ToMermaid()),
        };
        var expected = $"# {title}\n\nWritten by a test from the transition table in `services/Reviews/Domain`.\n\n```mermaid\n{diagram}```\n";
        Snapshot.Matches($"docs/lifecycles/{name}.md", expected);
    }

    static void AssertMatrix<TState, TAction, TActor>(TransitionTable<TState, TAction, TActor> table, (TState From, TAction Action, TActor By, TState To)[] allowed)
        where TState : struct, Enum where TAction : struct, Enum where TActor : struct, Enum
    {
        var all = from state in Enum.GetValues<TState>() from action in Enum.GetValues<TAction>() from actor in Enum.GetValues<TActor>() select (state, action, actor);
        foreach (var (from, action, by) in all)
        {
            var listed = allowed.Where(line => line.From.Equals(from) && line.Action.Equals(action) && line.By.Equals(by)).ToList();
            Assert.True(listed.Count == 1 == table.Allows(from, action, by), $"{from} {action} {by}");
            if (listed.Count == 1) Assert.Equal(listed[0].To, table.Next(from, action, by));
            else Assert.Throws<TransitionRefused>(() => table.Next(from, action, by));
        }
    }
}

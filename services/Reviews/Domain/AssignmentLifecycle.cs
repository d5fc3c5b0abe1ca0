using Grants.Platform.Lifecycles;

namespace Grants.Reviews.Domain;

/// <summary>Where an evaluator stands with one application.</summary>
public enum AssignmentState
{
    /// <summary>Assigned; the evaluator has not declared anything and sees no text of the application.</summary>
    Assigned,

    /// <summary>Declared impartial; nothing is scored.</summary>
    Declared,

    /// <summary>Scoring has begun.</summary>
    Draft,

    /// <summary>Submitted: nothing of it changes any more.</summary>
    Submitted,

    /// <summary>Ended by a conflict of interest: its scores never count.</summary>
    Conflicted,

    /// <summary>Declined by the evaluator: another is needed.</summary>
    Declined,

    /// <summary>Ended because the application was withdrawn.</summary>
    Ended,
}

/// <summary>What can be done with an assignment.</summary>
public enum AssignmentAction
{
    /// <summary>Declare that there is no conflict of interest.</summary>
    DeclareImpartial,

    /// <summary>Declare a conflict of interest, at the start or when it is noticed.</summary>
    DeclareConflict,

    /// <summary>Save points or comments.</summary>
    Save,

    /// <summary>Submit the review.</summary>
    Submit,

    /// <summary>Decline to review, with a reason that is no conflict.</summary>
    Decline,

    /// <summary>End it because nobody works on the application any more.</summary>
    End,
}

/// <summary>Who acts on an assignment.</summary>
public enum AssignmentActor
{
    /// <summary>The assigned evaluator.</summary>
    Evaluator,

    /// <summary>The system, which learnt that the evaluator is a member of the applicant or a partner, or that the application was withdrawn.</summary>
    System,

    /// <summary>The chair, who upheld a declared conflict.</summary>
    Chair,
}

/// <summary>The life of an assignment as data.</summary>
public static class AssignmentLifecycle
{
    /// <summary>Submitted, conflicted, declined and ended assignments are ends; only a conflict that the chair upholds reaches a submitted one.</summary>
    public static readonly TransitionTable<AssignmentState, AssignmentAction, AssignmentActor> Table = new(
        new(AssignmentState.Assigned, AssignmentAction.DeclareImpartial, AssignmentActor.Evaluator, AssignmentState.Declared),
        new(AssignmentState.Assigned, AssignmentAction.DeclareConflict, AssignmentActor.Evaluator, AssignmentState.Conflicted),
        new(AssignmentState.Assigned, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted),
        new(AssignmentState.Declared, AssignmentAction.Save, AssignmentActor.Evaluator, AssignmentState.Draft),
        new(AssignmentState.Declared, AssignmentAction.DeclareConflict, AssignmentActor.Evaluator, AssignmentState.Conflicted),
        new(AssignmentState.Declared, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted),
        new(AssignmentState.Draft, AssignmentAction.Save, AssignmentActor.Evaluator, AssignmentState.Draft),
        new(AssignmentState.Draft, AssignmentAction.Submit, AssignmentActor.Evaluator, AssignmentState.Submitted),
        new(AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.Evaluator, AssignmentState.Conflicted),
        new(AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted),
        new(AssignmentState.Assigned, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        new(AssignmentState.Declared, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        new(AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        new(AssignmentState.Submitted, AssignmentAction.DeclareConflict, AssignmentActor.Chair, AssignmentState.Conflicted),
        new(AssignmentState.Assigned, AssignmentAction.Decline, AssignmentActor.Evaluator, AssignmentState.Declined),
        new(AssignmentState.Declared, AssignmentAction.Decline, AssignmentActor.Evaluator, AssignmentState.Declined),
        new(AssignmentState.Draft, AssignmentAction.Decline, AssignmentActor.Evaluator, AssignmentState.Declined),
        new(AssignmentState.Assigned, AssignmentAction.End, AssignmentActor.System, AssignmentState.Ended),
        new(AssignmentState.Declared, AssignmentAction.End, AssignmentActor.System, AssignmentState.Ended),
        new(AssignmentState.Draft, AssignmentAction.End, AssignmentActor.System, AssignmentState.Ended));
}

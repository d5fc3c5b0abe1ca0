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
}

/// <summary>Who acts on an assignment.</summary>
public enum AssignmentActor
{
    /// <summary>The assigned evaluator.</summary>
    Evaluator,

    /// <summary>The system, which learnt that the evaluator is a member of the applying organisation.</summary>
    System,
}

/// <summary>The life of an assignment as data.</summary>
public static class AssignmentLifecycle
{
    /// <summary>Submitted and conflicted assignments are ends.</summary>
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
        new(AssignmentState.Draft, AssignmentAction.DeclareConflict, AssignmentActor.System, AssignmentState.Conflicted));
}

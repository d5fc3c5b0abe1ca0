using Grants.Platform.Lifecycles;

namespace Grants.Reviews.Domain;

/// <summary>Where an application stands between its submission and the decision on it.</summary>
public enum CaseState
{
    /// <summary>Submitted; the eligibility check is not finished.</summary>
    Received,

    /// <summary>Found not eligible; the rejection follows by itself.</summary>
    Ineligible,

    /// <summary>Eligible, or through an evaluation that another follows; nobody is assigned.</summary>
    ReadyForReview,

    /// <summary>Evaluators are at work.</summary>
    InReview,

    /// <summary>As many reviews as the call wants were submitted, for the last evaluation or for one that the application did not pass.</summary>
    Reviewed,

    /// <summary>The committee's recommendation was recorded.</summary>
    Recommended,

    /// <summary>A grant was awarded.</summary>
    Awarded,

    /// <summary>It was rejected.</summary>
    Rejected,

    /// <summary>It is on the reserve list: it moves up when an award before it lapses.</summary>
    OnReserve,

    /// <summary>It had been awarded, and the award lapsed before its agreement was in force.</summary>
    Lapsed,

    /// <summary>The applicant took it back before it was awarded or rejected: nobody works on it any more.</summary>
    Withdrawn,
}

/// <summary>What can be done to a case.</summary>
public enum CaseAction
{
    /// <summary>The check found it eligible.</summary>
    FindEligible,

    /// <summary>The check found it not eligible.</summary>
    FindIneligible,

    /// <summary>Assign an evaluator.</summary>
    Assign,

    /// <summary>A review came in, and more are needed.</summary>
    TakeReview,

    /// <summary>The last review needed came in.</summary>
    CompleteReviews,

    /// <summary>The last review needed came in, it is good enough, and another evaluation follows.</summary>
    PassEvaluation,

    /// <summary>An evaluator left because of a conflict.</summary>
    TakeConflict,

    /// <summary>Record the committee's recommendation.</summary>
    Recommend,

    /// <summary>Give it back to the committee, because somebody who took part in the recommendation should not have.</summary>
    ReturnToCommittee,

    /// <summary>Award a grant.</summary>
    Award,

    /// <summary>Reject.</summary>
    Reject,

    /// <summary>Put on the reserve list.</summary>
    PutOnReserve,

    /// <summary>Award with money that became free, as the decision that put it on the reserve list said.</summary>
    MoveUp,

    /// <summary>The award ended before its agreement was in force.</summary>
    Lapse,

    /// <summary>An evaluator declined.</summary>
    TakeDecline,

    /// <summary>The applicant took it back.</summary>
    Withdraw,
}

/// <summary>Who acts on a case.</summary>
public enum CaseActor
{
    /// <summary>Nobody in person: something that happened elsewhere.</summary>
    System,

    /// <summary>Programme officer in scope.</summary>
    ProgrammeOfficer,

    /// <summary>Evaluator assigned to it.</summary>
    Evaluator,

    /// <summary>Chair of the committee, in scope.</summary>
    Chair,

    /// <summary>Decision-maker in scope.</summary>
    DecisionMaker,
}

/// <summary>The life of a case as data.</summary>
public static class CaseLifecycle
{
    /// <summary>
    /// Reviews that come in after the last one needed still count, until the recommendation is recorded: an officer who asked for a further review, with a
    /// reason, wants to hear it. Such a review may also lift an application over a threshold that it missed. A recommendation may be recorded again until it is decided on; the decision names the one it is about.
    /// </summary>
    public static readonly TransitionTable<CaseState, CaseAction, CaseActor> Table = new(
        new(CaseState.Received, CaseAction.FindEligible, CaseActor.System, CaseState.ReadyForReview),
        new(CaseState.Received, CaseAction.FindIneligible, CaseActor.System, CaseState.Ineligible),
        new(CaseState.Ineligible, CaseAction.Reject, CaseActor.System, CaseState.Rejected),
        new(CaseState.ReadyForReview, CaseAction.Assign, CaseActor.ProgrammeOfficer, CaseState.InReview),
        new(CaseState.InReview, CaseAction.Assign, CaseActor.ProgrammeOfficer, CaseState.InReview),
        new(CaseState.InReview, CaseAction.TakeReview, CaseActor.Evaluator, CaseState.InReview),
        new(CaseState.InReview, CaseAction.TakeConflict, CaseActor.Evaluator, CaseState.InReview),
        new(CaseState.InReview, CaseAction.TakeConflict, CaseActor.System, CaseState.InReview),
        new(CaseState.InReview, CaseAction.CompleteReviews, CaseActor.Evaluator, CaseState.Reviewed),
        new(CaseState.InReview, CaseAction.PassEvaluation, CaseActor.Evaluator, CaseState.ReadyForReview),
        new(CaseState.Reviewed, CaseAction.PassEvaluation, CaseActor.Evaluator, CaseState.ReadyForReview),
        new(CaseState.Reviewed, CaseAction.Assign, CaseActor.ProgrammeOfficer, CaseState.Reviewed),
        new(CaseState.Reviewed, CaseAction.CompleteReviews, CaseActor.Evaluator, CaseState.Reviewed),
        new(CaseState.Reviewed, CaseAction.TakeReview, CaseActor.Evaluator, CaseState.Reviewed),
        new(CaseState.Reviewed, CaseAction.TakeConflict, CaseActor.Evaluator, CaseState.Reviewed),
        new(CaseState.Reviewed, CaseAction.TakeConflict, CaseActor.System, CaseState.Reviewed),
        new(CaseState.Reviewed, CaseAction.Recommend, CaseActor.Chair, CaseState.Recommended),
        new(CaseState.Recommended, CaseAction.Recommend, CaseActor.Chair, CaseState.Recommended),
        new(CaseState.Recommended, CaseAction.TakeConflict, CaseActor.Evaluator, CaseState.Recommended),
        new(CaseState.Recommended, CaseAction.TakeConflict, CaseActor.System, CaseState.Recommended),
        new(CaseState.Recommended, CaseAction.ReturnToCommittee, CaseActor.System, CaseState.Reviewed),
        new(CaseState.Recommended, CaseAction.Award, CaseActor.DecisionMaker, CaseState.Awarded),
        new(CaseState.Recommended, CaseAction.Reject, CaseActor.DecisionMaker, CaseState.Rejected),
        new(CaseState.Recommended, CaseAction.PutOnReserve, CaseActor.DecisionMaker, CaseState.OnReserve),
        new(CaseState.OnReserve, CaseAction.MoveUp, CaseActor.System, CaseState.Awarded),
        new(CaseState.OnReserve, CaseAction.MoveUp, CaseActor.DecisionMaker, CaseState.Awarded),
        new(CaseState.Awarded, CaseAction.Lapse, CaseActor.System, CaseState.Lapsed),
        new(CaseState.InReview, CaseAction.TakeConflict, CaseActor.Chair, CaseState.InReview),
        new(CaseState.Reviewed, CaseAction.TakeConflict, CaseActor.Chair, CaseState.Reviewed),
        new(CaseState.Recommended, CaseAction.TakeConflict, CaseActor.Chair, CaseState.Recommended),
        new(CaseState.InReview, CaseAction.TakeReview, CaseActor.Chair, CaseState.InReview),
        new(CaseState.Reviewed, CaseAction.TakeReview, CaseActor.Chair, CaseState.Reviewed),
        new(CaseState.InReview, CaseAction.CompleteReviews, CaseActor.Chair, CaseState.Reviewed),
        new(CaseState.InReview, CaseAction.PassEvaluation, CaseActor.Chair, CaseState.ReadyForReview),
        new(CaseState.Reviewed, CaseAction.PassEvaluation, CaseActor.Chair, CaseState.ReadyForReview),
        new(CaseState.InReview, CaseAction.TakeDecline, CaseActor.Evaluator, CaseState.InReview),
        new(CaseState.Reviewed, CaseAction.TakeDecline, CaseActor.Evaluator, CaseState.Reviewed),
        new(CaseState.Received, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        new(CaseState.ReadyForReview, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        new(CaseState.InReview, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        new(CaseState.Reviewed, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        new(CaseState.Recommended, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn),
        new(CaseState.OnReserve, CaseAction.Withdraw, CaseActor.System, CaseState.Withdrawn));
}

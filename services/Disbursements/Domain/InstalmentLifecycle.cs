using Grants.Platform.Lifecycles;

namespace Grants.Disbursements.Domain;

/// <summary>Where an instalment is between the agreement and the bank's statement.</summary>
public enum InstalmentState
{
    /// <summary>In the agreement; not due yet.</summary>
    Planned,

    /// <summary>Due; waits for approvals.</summary>
    Requested,

    /// <summary>Enough people have approved it.</summary>
    Approved,

    /// <summary>On a payment list for the bank.</summary>
    Listed,

    /// <summary>The bank's statement shows it.</summary>
    Paid,

    /// <summary>The award lapsed or the agreement ended before it was paid.</summary>
    Cancelled,
}

/// <summary>What can be done with an instalment.</summary>
public enum InstalmentAction
{
    Request,

    /// <summary>An approval after which others are still needed.</summary>
    Approve,

    /// <summary>The approval that makes it enough.</summary>
    ApproveLast,
    PutOnList,
    MarkPaid,

    /// <summary>The money came back, or the bank did not carry out the order.</summary>
    Return,

    /// <summary>Something that was approved has changed, such as the account.</summary>
    UndoApprovals,

    /// <summary>The award lapsed or the agreement ended.</summary>
    Cancel,
}

/// <summary>The life of an instalment as data.</summary>
public static class InstalmentLifecycle
{
    public static readonly TransitionTable<InstalmentState, InstalmentAction, Actor> Table = new(
        new(InstalmentState.Planned, InstalmentAction.Request, Actor.System, InstalmentState.Requested),
        new(InstalmentState.Requested, InstalmentAction.Approve, Actor.FinanceOfficer, InstalmentState.Requested),
        new(InstalmentState.Requested, InstalmentAction.ApproveLast, Actor.FinanceOfficer, InstalmentState.Approved),
        // Only while an approval no longer counts: its giver turned out to belong to the grantee, or the call now asks for more people.
        new(InstalmentState.Approved, InstalmentAction.Approve, Actor.FinanceOfficer, InstalmentState.Requested),
        new(InstalmentState.Approved, InstalmentAction.ApproveLast, Actor.FinanceOfficer, InstalmentState.Approved),
        new(InstalmentState.Approved, InstalmentAction.PutOnList, Actor.FinanceOfficer, InstalmentState.Listed),
        new(InstalmentState.Listed, InstalmentAction.MarkPaid, Actor.FinanceOfficer, InstalmentState.Paid),
        new(InstalmentState.Listed, InstalmentAction.Return, Actor.FinanceOfficer, InstalmentState.Requested),
        new(InstalmentState.Paid, InstalmentAction.Return, Actor.FinanceOfficer, InstalmentState.Requested),
        new(InstalmentState.Requested, InstalmentAction.UndoApprovals, Actor.ProgrammeOfficer, InstalmentState.Requested),
        new(InstalmentState.Approved, InstalmentAction.UndoApprovals, Actor.ProgrammeOfficer, InstalmentState.Requested),
        // What lies at the bank cannot be cancelled: whether it was paid must be known first.
        new(InstalmentState.Planned, InstalmentAction.Cancel, Actor.System, InstalmentState.Cancelled),
        new(InstalmentState.Requested, InstalmentAction.Cancel, Actor.System, InstalmentState.Cancelled),
        new(InstalmentState.Approved, InstalmentAction.Cancel, Actor.System, InstalmentState.Cancelled));
}

using Grants.Platform.Lifecycles;

namespace Grants.Disbursements.Domain;

/// <summary>Where a grant is between the award and the agreement in force.</summary>
public enum GrantState
{
    /// <summary>The ledger refused the award; people must look at it.</summary>
    Incident,

    /// <summary>Awarded; the grantee's bank account is missing.</summary>
    InPreparation,

    /// <summary>The grantee gave its bank account; the officer has to confirm it and the amount.</summary>
    AccountGiven,

    /// <summary>The agreement waits for the grantee.</summary>
    AgreementOffered,

    /// <summary>The agreement waits for the funder.</summary>
    AcceptedByGrantee,

    /// <summary>Both sides have accepted.</summary>
    InForce,

    /// <summary>The award ended before the agreement was in force: nothing of it can be signed or paid any more.</summary>
    Lapsed,

    /// <summary>The agreement was ended; what was not paid is free again.</summary>
    Cancelled,
}

/// <summary>What can be done with a grant.</summary>
public enum GrantAction
{
    ResolveIncident,
    GiveAccount,

    /// <summary>The officer confirms another account that was given after the agreement was in force.</summary>
    ConfirmAccount,
    OfferAgreement,
    AcceptForGrantee,
    AcceptForFunder,

    /// <summary>Refused by the grantee, failed for what the preparation found, out of time, or withdrawn.</summary>
    Lapse,

    /// <summary>Ends an agreement in force.</summary>
    Cancel,
}

/// <summary>Who acts on grants and payments.</summary>
public enum Actor
{
    System,
    Grantee,
    ProgrammeOfficer,
    DecisionMaker,
    FinanceOfficer,
}

/// <summary>The life of a grant as data.</summary>
public static class GrantLifecycle
{
    /// <summary>States in which the award may still lapse: until the agreement is in force.</summary>
    public static readonly IReadOnlyList<GrantState> BeforeInForce =
        [GrantState.Incident, GrantState.InPreparation, GrantState.AccountGiven, GrantState.AgreementOffered, GrantState.AcceptedByGrantee];

    public static readonly TransitionTable<GrantState, GrantAction, Actor> Table = new(
    [
        new(GrantState.Incident, GrantAction.ResolveIncident, Actor.System, GrantState.InPreparation),
        new(GrantState.InPreparation, GrantAction.GiveAccount, Actor.Grantee, GrantState.AccountGiven),
        // Until the agreement is offered the grantee may correct its account; afterwards the account stands in the accepted text.
        new(GrantState.AccountGiven, GrantAction.GiveAccount, Actor.Grantee, GrantState.AccountGiven),
        new(GrantState.AccountGiven, GrantAction.OfferAgreement, Actor.ProgrammeOfficer, GrantState.AgreementOffered),
        new(GrantState.AgreementOffered, GrantAction.AcceptForGrantee, Actor.Grantee, GrantState.AcceptedByGrantee),
        new(GrantState.AcceptedByGrantee, GrantAction.AcceptForFunder, Actor.DecisionMaker, GrantState.InForce),
        // Accounts are closed and banks merge while a project runs: another one counts when an officer has confirmed it.
        new(GrantState.InForce, GrantAction.GiveAccount, Actor.Grantee, GrantState.InForce),
        new(GrantState.InForce, GrantAction.ConfirmAccount, Actor.ProgrammeOfficer, GrantState.InForce),
        new(GrantState.InForce, GrantAction.Cancel, Actor.DecisionMaker, GrantState.Cancelled),
        // The grantee refuses, the officer finds what stands in its way, time runs out or the application is withdrawn.
        .. from state in BeforeInForce
           from actor in new[] { Actor.Grantee, Actor.ProgrammeOfficer, Actor.System }
           select new Transition<GrantState, GrantAction, Actor>(state, GrantAction.Lapse, actor, GrantState.Lapsed),
    ]);
}

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
}

/// <summary>What can be done with a grant.</summary>
public enum GrantAction
{
    ResolveIncident,
    GiveAccount,
    OfferAgreement,
    AcceptForGrantee,
    AcceptForFunder,
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
    public static readonly TransitionTable<GrantState, GrantAction, Actor> Table = new(
        new(GrantState.Incident, GrantAction.ResolveIncident, Actor.System, GrantState.InPreparation),
        new(GrantState.InPreparation, GrantAction.GiveAccount, Actor.Grantee, GrantState.AccountGiven),
        // Until the agreement is offered the grantee may correct its account; afterwards the account stands in the accepted text.
        new(GrantState.AccountGiven, GrantAction.GiveAccount, Actor.Grantee, GrantState.AccountGiven),
        new(GrantState.AccountGiven, GrantAction.OfferAgreement, Actor.ProgrammeOfficer, GrantState.AgreementOffered),
        new(GrantState.AgreementOffered, GrantAction.AcceptForGrantee, Actor.Grantee, GrantState.AcceptedByGrantee),
        new(GrantState.AcceptedByGrantee, GrantAction.AcceptForFunder, Actor.DecisionMaker, GrantState.InForce));
}

using Grants.Platform.Lifecycles;

namespace Grants.Applications.Domain;

/// <summary>States of an application in this service. What comes after the check belongs to others; its timeline here tells of it.</summary>
public enum ApplicationState
{
    /// <summary>Being written; only its organisation sees it.</summary>
    Draft,

    /// <summary>Sealed; waits for the check.</summary>
    Submitted,

    /// <summary>Passed the administrative and eligibility check.</summary>
    Eligible,

    /// <summary>Did not pass it.</summary>
    Ineligible,

    /// <summary>Taken back by the applicant.</summary>
    Withdrawn,
}

/// <summary>What is done to an application.</summary>
public enum ApplicationAction
{
    /// <summary>Seals and hands in.</summary>
    Submit,

    /// <summary>Finds it eligible.</summary>
    FindEligible,

    /// <summary>Finds it not eligible.</summary>
    FindIneligible,

    /// <summary>Seals and hands in a changed copy in its place, where the call allows it.</summary>
    SubmitAgain,

    /// <summary>Takes it back, until the agreement is in force.</summary>
    Withdraw,
}

/// <summary>Who does it.</summary>
public enum ApplicationRole
{
    /// <summary>A member of the organisation who may commit it.</summary>
    Committer,

    /// <summary>A programme officer in whose scope the call is.</summary>
    ProgrammeOfficer,
}

/// <summary>The life of an application from draft to the end of the check.</summary>
public static class ApplicationLifecycle
{
    /// <summary>The table. What is not in it is refused.</summary>
    public static readonly TransitionTable<ApplicationState, ApplicationAction, ApplicationRole> Table = new(
        new(ApplicationState.Draft, ApplicationAction.Submit, ApplicationRole.Committer, ApplicationState.Submitted),
        new(ApplicationState.Submitted, ApplicationAction.SubmitAgain, ApplicationRole.Committer, ApplicationState.Submitted),
        new(ApplicationState.Submitted, ApplicationAction.FindEligible, ApplicationRole.ProgrammeOfficer, ApplicationState.Eligible),
        new(ApplicationState.Submitted, ApplicationAction.FindIneligible, ApplicationRole.ProgrammeOfficer, ApplicationState.Ineligible),
        new(ApplicationState.Submitted, ApplicationAction.Withdraw, ApplicationRole.Committer, ApplicationState.Withdrawn),
        new(ApplicationState.Eligible, ApplicationAction.Withdraw, ApplicationRole.Committer, ApplicationState.Withdrawn),
        // Before the letter an applicant must not be able to tell the outcome by what is offered.
        new(ApplicationState.Ineligible, ApplicationAction.Withdraw, ApplicationRole.Committer, ApplicationState.Withdrawn));
}

using Grants.Platform.Lifecycles;

namespace Grants.Notifications.Domain;

public enum LetterState
{
    /// <summary>Written, and known to staff only.</summary>
    Held,

    /// <summary>The applicant can read it.</summary>
    Released,

    /// <summary>A newer decision came before the release.</summary>
    Superseded,

    /// <summary>The application was withdrawn, or the award lapsed, before the release.</summary>
    Dropped,
}

public enum LetterAction
{
    Release,
    Supersede,
    Drop,
}

public enum LetterActor
{
    ProgrammeOfficer,
    System,
}

/// <summary>The life of an outcome letter.</summary>
public static class LetterLifecycle
{
    public static readonly TransitionTable<LetterState, LetterAction, LetterActor> Table = new(
        new(LetterState.Held, LetterAction.Release, LetterActor.ProgrammeOfficer, LetterState.Released),
        new(LetterState.Held, LetterAction.Supersede, LetterActor.System, LetterState.Superseded),
        new(LetterState.Held, LetterAction.Drop, LetterActor.System, LetterState.Dropped));
}

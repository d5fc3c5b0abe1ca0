using Grants.Platform;

namespace Grants.Notifications.Domain;

public enum LetterKind
{
    Award,
    Rejection,
    Reserve,
}

/// <summary>
/// An outcome letter. It is held until an officer releases it, and nobody who applied learns of it before. What it says is made from these values,
/// in each language, until the release keeps the text for good (<see cref="ReleasedLetter"/>).
/// </summary>
public sealed class Letter
{
    public Guid Id { get; init; }

    public LetterKind Kind { get; init; }

    public Guid ApplicationId { get; init; }

    public Guid CallId { get; init; }

    public Guid OrganisationId { get; init; }

    public string OrganisationName { get; init; } = "";

    public string Reference { get; init; } = "";

    public string Title { get; init; } = "";

    /// <summary>Amount awarded, minor units; null where there is no award.</summary>
    public long? AmountMinor { get; init; }

    public string? Currency { get; init; }

    /// <summary>The decision-maker's words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the evaluation found, <see cref="Contracts.Reviews.Findings"/> as JSON; null where nothing was evaluated.</summary>
    public string? Findings { get; init; }

    /// <summary>Place on the reserve list; null elsewhere.</summary>
    public int? Place { get; init; }

    /// <summary>Whether the award takes the place of one that lapsed.</summary>
    public bool FromReserve { get; init; }

    /// <summary>Until when objections suspend the agreement; null where they do not.</summary>
    public DateTimeOffset? ContractingFrom { get; init; }

    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Version of the decision. One letter a decision; a newer decision's letter supersedes an older one that is still held.</summary>
    public long DecisionVersion { get; init; }

    public LetterState State { get; private set; }

    public DateTimeOffset? ReleasedAt { get; private set; }

    public Guid? ReleasedBy { get; private set; }

    public long Version { get; private set; } = 1;

    public Money? Amount => AmountMinor is { } minor ? new Money(minor, Currency!) : null;

    public bool CanBeReleased => LetterLifecycle.Table.Allows(State, LetterAction.Release, LetterActor.ProgrammeOfficer);

    /// <summary>Lets the applicant know.</summary>
    public void Release(Guid officer, DateTimeOffset now)
    {
        State = LetterLifecycle.Table.Next(State, LetterAction.Release, LetterActor.ProgrammeOfficer);
        ReleasedAt = now;
        ReleasedBy = officer;
        Version++;
    }

    /// <summary>A newer decision exists: a letter still held will not go out any more. One that is out stays as it is.</summary>
    public void Supersede()
    {
        if (!LetterLifecycle.Table.Allows(State, LetterAction.Supersede, LetterActor.System)) return;
        State = LetterLifecycle.Table.Next(State, LetterAction.Supersede, LetterActor.System);
        Version++;
    }

    /// <summary>The application was withdrawn, or the award lapsed: a letter still held would tell what is no longer so.</summary>
    public void Drop()
    {
        if (!LetterLifecycle.Table.Allows(State, LetterAction.Drop, LetterActor.System)) return;
        State = LetterLifecycle.Table.Next(State, LetterAction.Drop, LetterActor.System);
        Version++;
    }
}

/// <summary>A letter as the applicant was told, in one language. It never changes; the database refuses it too.</summary>
public sealed class ReleasedLetter
{
    public Guid LetterId { get; init; }

    public string Language { get; init; } = "";

    public string Heading { get; init; } = "";

    /// <summary>Paragraphs, parted by empty lines.</summary>
    public string Body { get; init; } = "";

    /// <summary>The template it was made with, and its version.</summary>
    public string Template { get; init; } = "";

    /// <summary>SHA-256 of heading and body.</summary>
    public string Sha256 { get; init; } = "";
}

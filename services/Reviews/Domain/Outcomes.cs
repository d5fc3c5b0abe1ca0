namespace Grants.Reviews.Domain;

/// <summary>A recommendation of the committee. Never changed: a new one is recorded beside it, and the one with the highest number counts.</summary>
public sealed class Recommendation
{
    /// <summary>Id of the recommendation.</summary>
    public Guid Id { get; init; }

    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>1 for the first of an application.</summary>
    public int Number { get; init; }

    /// <summary>True when funding is recommended.</summary>
    public bool Fund { get; init; }

    /// <summary>True when the reserve list is recommended.</summary>
    public bool Reserve { get; init; }

    /// <summary>Recommended amount in minor units; for the reserve list what it would get if money became free; 0 otherwise.</summary>
    public long AmountMinor { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The score that the committee saw.</summary>
    public int ScoreHundredths { get; init; }

    /// <summary>Place in its lot that the committee gave it with the whole list; null when it was recommended alone.</summary>
    public int? Place { get; init; }

    /// <summary>The meeting it was made at; null where the call wants none.</summary>
    public Guid? MeetingId { get; init; }

    /// <summary>The chair.</summary>
    public Guid RecordedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>What was decided on an application.</summary>
public enum DecisionOutcome
{
    /// <summary>A grant was awarded.</summary>
    Award,

    /// <summary>It was put on the reserve list.</summary>
    Reserve,

    /// <summary>It was rejected, or was not eligible.</summary>
    Rejection,
}

/// <summary>A decision on an application, sealed by a hash and never changed: what follows from it later is a decision of its own that names this one.</summary>
public sealed class Decision
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>1 for the first of an application; the highest holds.</summary>
    public int Number { get; init; }

    /// <summary>What was decided.</summary>
    public DecisionOutcome Outcome { get; init; }

    /// <summary>Amount awarded in minor units; on the reserve list the amount it may get; 0 when rejected.</summary>
    public long AmountMinor { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Place on the reserve list of its lot; null when it was not put there.</summary>
    public int? ReservePlace { get; init; }

    /// <summary>Reason given to the applicant.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The decision-maker; the officer when the application was not eligible.</summary>
    public Guid DecidedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>What was hashed: canonical JSON that explains itself.</summary>
    public string Sealed { get; init; } = "";

    /// <summary>SHA-256 of the UTF-8 bytes of <see cref="Sealed"/>.</summary>
    public string Sha256 { get; init; } = "";
}

/// <summary>An award that ended before its agreement was in force. Kept so that its money goes back to its lot once, however often the news comes.</summary>
public sealed class LapsedAward
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Number of the decision that had awarded it.</summary>
    public int DecisionNumber { get; init; }

    /// <summary>What went back to the lot.</summary>
    public long AmountMinor { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Why, as Disbursements says: <c>refused</c>, <c>failed</c>, <c>expired</c>, <c>withdrawn</c>.</summary>
    public string Cause { get; init; } = "";

    /// <summary>When it lapsed.</summary>
    public DateTimeOffset LapsedAt { get; init; }
}

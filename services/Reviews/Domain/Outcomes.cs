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

    /// <summary>Recommended amount in minor units; 0 when not funded.</summary>
    public long AmountMinor { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The score that the committee saw.</summary>
    public int ScoreHundredths { get; init; }

    /// <summary>The chair.</summary>
    public Guid RecordedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>The decision on an application. One for each, sealed by a hash and never changed.</summary>
public sealed class Decision
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>True when a grant was awarded.</summary>
    public bool Award { get; init; }

    /// <summary>Amount awarded in minor units; 0 when rejected.</summary>
    public long AmountMinor { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "";

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

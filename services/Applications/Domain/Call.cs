namespace Grants.Applications.Domain;

/// <summary>A call as it stands now. What it says is in the newest of its <see cref="CallVersion"/>s.</summary>
public sealed class Call
{
    /// <summary>Id of the call.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of this record, and <c>SubjectVersion</c> of its events.</summary>
    public long Version { get; set; }

    /// <summary>Newest version of the definition.</summary>
    public int DefinitionVersion { get; set; }

    /// <summary>Programme code, for the scope of roles.</summary>
    public string Programme { get; set; } = "";

    /// <summary>What references begin with.</summary>
    public string ReferencePrefix { get; set; } = "";

    /// <summary>First instant in which a submission is accepted.</summary>
    public DateTimeOffset OpensAt { get; set; }

    /// <summary>The second in which the last submission is accepted.</summary>
    public DateTimeOffset ClosesAt { get; set; }

    /// <summary>When the closing is to be announced; null once it was.</summary>
    public DateTimeOffset? CloseDueAt { get; set; }

    /// <summary>
    /// Whether a submission that arrives at this instant is in time. The one place that answers it. It asks the clock of arrival only, not whether the closing
    /// was announced: what arrived in time is accepted also when it is handled after the announcement.
    /// </summary>
    public bool IsOpen(DateTimeOffset at) => OpensAt <= at && at < FirstInstantClosed;

    /// <summary>Open, coming or closed at this instant.</summary>
    public CallPhase PhaseAt(DateTimeOffset at) => at < OpensAt ? CallPhase.Coming : IsOpen(at) ? CallPhase.Open : CallPhase.Closed;

    /// <summary>The whole last second still counts: people read "23:59:59" as "until midnight".</summary>
    public DateTimeOffset FirstInstantClosed => ClosesAt.AddSeconds(1);
}

/// <summary>Where a call is in time.</summary>
public enum CallPhase
{
    /// <summary>Opens later.</summary>
    Coming,

    /// <summary>Takes submissions.</summary>
    Open,

    /// <summary>No longer takes submissions.</summary>
    Closed,
}

/// <summary>One published version of a call's definition. It never changes.</summary>
public sealed class CallVersion
{
    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>Number of the version, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The definition as canonical JSON.</summary>
    public string Definition { get; init; } = "";

    /// <summary>SHA-256 of its UTF-8 bytes.</summary>
    public string DefinitionSha256 { get; init; } = "";

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>Who published it; empty for the system itself.</summary>
    public Guid PublishedBy { get; init; }

    /// <summary>Why the call was amended; empty for the first version.</summary>
    public string Reason { get; init; } = "";
}

namespace Grants.Reviews.Domain;

/// <summary>A meeting of the committee about a call: who was there and what was said. Never changed; a correction is another meeting's record.</summary>
public sealed class CommitteeMeeting
{
    /// <summary>Id of the meeting.</summary>
    public Guid Id { get; init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>The day it was held, in the call's zone.</summary>
    public DateOnly HeldOn { get; init; }

    /// <summary>The minutes.</summary>
    public string Minutes { get; init; } = "";

    /// <summary>The chair who recorded it.</summary>
    public Guid RecordedBy { get; init; }

    /// <summary>When it was recorded.</summary>
    public DateTimeOffset RecordedAt { get; init; }

    /// <summary>The members present.</summary>
    public List<MeetingMember> Present { get; init; } = [];

    /// <summary>
    /// How many of those present count for an application: who is kept out of it does not.
    /// </summary>
    public int CountFor(IReadOnlySet<Guid> keptOut) => Present.Count(member => !keptOut.Contains(member.PersonId));
}

/// <summary>A member who was present at a meeting.</summary>
public sealed class MeetingMember
{
    /// <summary>The meeting.</summary>
    public Guid MeetingId { get; init; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; init; }
}

/// <summary>A person who takes no part in an application: sees nothing of it, counts for no quorum, and none of their scores counts. It is never taken back.</summary>
public sealed class Recusal
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>The tie, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Who recorded it: the person or the chair.</summary>
    public Guid RecordedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset RecordedAt { get; init; }
}

/// <summary>A grant of a role in the committee, to know who can be present. A revocation may arrive before the grant that it ends, so it is kept, too.</summary>
public sealed class CommitteeGrant
{
    /// <summary>Id of the grant of the role.</summary>
    public Guid RoleGrantId { get; init; }

    /// <summary>Who holds it.</summary>
    public Guid PersonId { get; init; }

    /// <summary>Where it holds.</summary>
    public string Scope { get; init; } = "";

    /// <summary>True once it was taken back.</summary>
    public bool Revoked { get; set; }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grants.Contracts.Calls;

namespace Grants.Notifications.Domain;

/// <summary>A version of a call's definition as published. Each version is kept, none ever changes.</summary>
public sealed class CallVersion
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public Guid CallId { get; init; }

    public int Version { get; init; }

    public string Definition { get; init; } = "";

    public string Sha256 { get; init; } = "";

    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>The definition's programme, apart so that queries need not read the document.</summary>
    public string Programme { get; init; } = "";

    public static CallVersion Of(Guid callId, int version, string definition, string sha256, DateTimeOffset publishedAt)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition))) != sha256)
            throw new InvalidOperationException($"The definition of call {callId} version {version} does not have the hash it came with.");
        var read = Read(definition);
        return new CallVersion { CallId = callId, Version = version, Definition = definition, Sha256 = sha256, PublishedAt = publishedAt, Programme = read.Programme };
    }

    public CallDefinition Read() => Read(Definition);

    static CallDefinition Read(string json) =>
        JsonSerializer.Deserialize<CallDefinition>(json, Json) ?? throw new InvalidOperationException("A call's definition is empty.");
}

/// <summary>A call that no longer takes applications.</summary>
public sealed class ClosedCall
{
    public Guid CallId { get; init; }

    public DateTimeOffset ClosedAt { get; init; }
}

/// <summary>What is known of an organisation, newest version only.</summary>
public sealed class OrganisationCopy
{
    public Guid Id { get; init; }

    public long Version { get; set; }

    public string Name { get; set; } = "";

    public string Country { get; set; } = "";
}

/// <summary>Somebody who acts for an organisation now.</summary>
public sealed class Membership
{
    public Guid OrganisationId { get; init; }

    public Guid PersonId { get; init; }

    public bool MayCommit { get; set; }
}

/// <summary>What is known of a person, newest version only.</summary>
public sealed class PersonCopy
{
    public Guid Id { get; init; }

    public long Version { get; set; }

    public string Name { get; set; } = "";

    public string Email { get; set; } = "";

    public string Language { get; set; } = "";

    public bool Active { get; set; }
}

/// <summary>A role somebody holds or held. A revocation that comes first leaves the row that its grant will find.</summary>
public sealed class RoleCopy
{
    public Guid RoleGrantId { get; init; }

    public Guid PersonId { get; init; }

    public string Role { get; init; } = "";

    public string Scope { get; init; } = "";

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>What is known of an application. Its parts come with different events in any order.</summary>
public sealed class ApplicationCopy
{
    public Guid Id { get; init; }

    public Guid CallId { get; init; }

    /// <summary>Version of the newest submission seen; 0 while only other events have come.</summary>
    public long SubmittedVersion { get; set; }

    public string Reference { get; set; } = "";

    public string Title { get; set; } = "";

    public Guid? OrganisationId { get; set; }

    public string OrganisationName { get; set; } = "";

    /// <summary>Outcome of the check; null before.</summary>
    public bool? Eligible { get; set; }

    /// <summary>When the check was decided.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>Version of the application with which the outcome came; 0 before.</summary>
    public long CheckedVersion { get; set; }

    /// <summary>Whether the committee has recommended or somebody has decided.</summary>
    public bool Recommended { get; set; }

    /// <summary>Version of the newest decision seen; 0 before.</summary>
    public long DecisionVersion { get; set; }

    /// <summary>When the applicant took it back; null otherwise. Nobody works on it any more.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }

    /// <summary>When its award ended before the agreement was in force; null otherwise.</summary>
    public DateTimeOffset? LapsedAt { get; set; }

    /// <summary>Grows with every event about the application: of two handlers that looked at the same time one looks again.</summary>
    public long Version { get; private set; }

    public void Touch() => Version++;

    /// <summary>Waits for the committee, once its call has closed.</summary>
    public bool WaitsForCommittee => Eligible == true && !Recommended && WithdrawnAt is null;
}

/// <summary>An evaluator's assignment, to know how many more an application needs.</summary>
public sealed class AssignmentCopy
{
    public Guid Id { get; init; }

    public Guid ApplicationId { get; init; }

    public Guid EvaluatorId { get; init; }

    /// <summary>Version of the review case that assigned; 0 while only its end has come.</summary>
    public long AssignedVersion { get; set; }

    /// <summary>Version of the review case in which the evaluator declared a conflict or declined; null otherwise.</summary>
    public long? ConflictVersion { get; set; }

    /// <summary>Whether the evaluator declined or was taken off, which ends the assignment like a conflict.</summary>
    public bool Declined { get; set; }

    /// <summary>Whether with its review the call wants one more evaluator.</summary>
    public bool ThirdNeeded { get; set; }

    /// <summary>For which of the call's evaluations, from 0.</summary>
    public int Evaluation { get; set; }

    /// <summary>The evaluation that the application went on to with its review; null otherwise.</summary>
    public int? NextEvaluation { get; set; }

    public bool Works => AssignedVersion > 0 && ConflictVersion is null;
}

/// <summary>How far an instalment's payment is: versions of the grant with which it last was approved by enough people, settled, and came back; 0 for never.</summary>
public sealed class InstalmentCopy
{
    public Guid Id { get; init; }

    public long ApprovedVersion { get; set; }

    public long SettledVersion { get; set; }

    public long FailedVersion { get; set; }

    public long Version { get; private set; }

    public bool IsToBePaid => ApprovedVersion > Math.Max(SettledVersion, FailedVersion);

    public bool IsToBeApprovedAgain => FailedVersion > Math.Max(ApprovedVersion, SettledVersion);

    public void Touch() => Version++;
}

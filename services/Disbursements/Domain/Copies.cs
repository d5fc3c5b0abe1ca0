namespace Grants.Disbursements.Domain;

/// <summary>A version of a call's definition as it was published; every version is kept.</summary>
public sealed record CallVersion
{
    public required Guid CallId { get; init; }

    public required int Version { get; init; }

    public required string Programme { get; init; }

    public required string Currency { get; init; }

    public required long TotalBudgetMinor { get; init; }

    public required string TimeZone { get; init; }

    /// <summary>The definition as canonical JSON.</summary>
    public required string Definition { get; init; }

    public required string DefinitionSha256 { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }
}

/// <summary>A copy of an organisation, kept by its owner's events.</summary>
public sealed class Organisation
{
    public Guid Id { get; init; }

    public long Version { get; set; }

    public string Name { get; set; } = "";

    public string RegistrationNumber { get; set; } = "";

    public string Town { get; set; } = "";

    public string Country { get; set; } = "";
}

/// <summary>A person who acts for an organisation, or once did: leaving it an hour ago does not make somebody independent of it.</summary>
public sealed class OrganisationPerson
{
    public Guid OrganisationId { get; init; }

    public Guid PersonId { get; init; }

    /// <summary>Acts for it now.</summary>
    public bool Active { get; set; }

    /// <summary>May submit and sign for it.</summary>
    public bool MayCommit { get; set; }
}

/// <summary>A copy of a person's name, to show who did what.</summary>
public sealed class Person
{
    public Guid Id { get; init; }

    public long Version { get; set; }

    public string Name { get; set; } = "";
}

/// <summary>The letter of award was released: only now the applicant may see the grant. It may arrive before the award itself.</summary>
public sealed class AwardLetter
{
    public Guid ApplicationId { get; init; }

    public DateTimeOffset DeliveredAt { get; init; }
}

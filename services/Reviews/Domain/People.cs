namespace Grants.Reviews.Domain;

/// <summary>A person as Accounts told of them. Names only: nobody is written to from here.</summary>
public sealed class Person
{
    /// <summary>The person.</summary>
    public Guid Id { get; init; }

    /// <summary>Version it came with.</summary>
    public long SubjectVersion { get; set; }

    /// <summary>Name as the person writes it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Language the person reads; empty when it came from an older release.</summary>
    public string Language { get; set; } = "";

    /// <summary>False when the person may no longer sign in.</summary>
    public bool Active { get; set; }
}

/// <summary>A grant of the evaluator's role. A revocation may arrive before the grant that it ends, so it is kept, too.</summary>
public sealed class EvaluatorGrant
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

/// <summary>An organisation as Applications told of it.</summary>
public sealed class Organisation
{
    /// <summary>The organisation.</summary>
    public Guid Id { get; init; }

    /// <summary>Version it came with.</summary>
    public long SubjectVersion { get; set; }

    /// <summary>Country of its seat, which roles may be scoped to.</summary>
    public string Country { get; set; } = "";

    /// <summary>Everybody who acts for it or once did: they neither evaluate nor decide on its applications.</summary>
    public List<Member> Members { get; init; } = [];
}

/// <summary>A person who acts for an organisation, or once did.</summary>
public sealed class Member
{
    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; init; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; init; }
}

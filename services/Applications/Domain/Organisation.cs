namespace Grants.Applications.Domain;

/// <summary>An organisation that applies, with the people who act for it.</summary>
public sealed class Organisation
{
    /// <summary>Id of the organisation.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of this record, and <c>SubjectVersion</c> of its events.</summary>
    public long Version { get; set; }

    /// <summary>Name as registered.</summary>
    public string Name { get; set; } = "";

    /// <summary>Number in its register, as typed; empty when it has none.</summary>
    public string RegistrationNumber { get; set; } = "";

    /// <summary>Which kind of number that is, such as <c>BA-JIB</c>; empty when it is not said.</summary>
    public string RegistrationScheme { get; set; } = "";

    /// <summary>The number as numbers are compared: see <see cref="OrganisationNumbers.Normal"/>.</summary>
    public string NumberNormal { get; set; } = "";

    /// <summary>ISO 3166-1 alpha-2 code, or XK.</summary>
    public string Country { get; set; } = "";

    /// <summary>Street. Parts of the address are kept apart, because payment formats ask for them so.</summary>
    public string Street { get; set; } = "";

    /// <summary>Number in the street, as typed: "12a", "bb".</summary>
    public string HouseNumber { get; set; } = "";

    /// <summary>Postcode.</summary>
    public string Postcode { get; set; } = "";

    /// <summary>Town.</summary>
    public string Town { get; set; } = "";

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who registered it.</summary>
    public Guid CreatedBy { get; init; }

    /// <summary>The people who act for it.</summary>
    public List<Membership> Members { get; } = [];

    /// <summary>Registers an organisation. Whoever does is its first member and may commit it.</summary>
    public static Organisation Register(Guid id, OrganisationDetails details, Guid by, DateTimeOffset at)
    {
        var organisation = new Organisation { Id = id, Version = 1, CreatedAt = at, CreatedBy = by };
        organisation.Describe(details);
        organisation.Members.Add(new Membership { OrganisationId = id, PersonId = by, MayCommit = true, AddedAt = at, AddedBy = by });
        return organisation;
    }

    /// <summary>Registers an organisation for its people: an officer does so who typed an application in from paper, and who is none of them.</summary>
    public static Organisation RegisterFor(Guid id, OrganisationDetails details, Guid by, DateTimeOffset at)
    {
        var organisation = new Organisation { Id = id, Version = 1, CreatedAt = at, CreatedBy = by };
        organisation.Describe(details);
        return organisation;
    }

    /// <summary>Changes what it says of itself.</summary>
    public void Change(OrganisationDetails details)
    {
        Describe(details);
        Version++;
    }

    /// <summary>Whether this person acts for it.</summary>
    public bool HasMember(Guid personId) => Members.Any(member => member.PersonId == personId);

    /// <summary>Whether this person may submit and sign for it.</summary>
    public bool MayCommit(Guid personId) => Members.Any(member => member.PersonId == personId && member.MayCommit);

    /// <summary>Adds a person, or changes whether they may commit.</summary>
    public void Add(Guid personId, bool mayCommit, Guid by, DateTimeOffset at)
    {
        Members.RemoveAll(member => member.PersonId == personId);
        Members.Add(new Membership { OrganisationId = Id, PersonId = personId, MayCommit = mayCommit, AddedAt = at, AddedBy = by });
        Version++;
    }

    /// <summary>Takes a person out. Refused for the last one who may commit: nobody could let anybody in again.</summary>
    public bool TryRemove(Guid personId)
    {
        if (!Members.Any(member => member.MayCommit && member.PersonId != personId)) return false;
        if (Members.RemoveAll(member => member.PersonId == personId) > 0) Version++;
        return true;
    }

    void Describe(OrganisationDetails details)
    {
        Name = details.Name;
        RegistrationNumber = details.RegistrationNumber;
        RegistrationScheme = details.RegistrationScheme;
        NumberNormal = OrganisationNumbers.Normal(details.RegistrationNumber);
        Country = details.Country;
        Street = details.Street;
        HouseNumber = details.HouseNumber;
        Postcode = details.Postcode;
        Town = details.Town;
    }
}

/// <summary>What an organisation says of itself.</summary>
/// <param name="Name">Name as registered.</param>
/// <param name="RegistrationNumber">Number in its register; empty when it has none.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or XK.</param>
/// <param name="Street">Street.</param>
/// <param name="HouseNumber">Number in the street.</param>
/// <param name="Postcode">Postcode.</param>
/// <param name="Town">Town.</param>
/// <param name="RegistrationScheme">Which kind of number it is; empty when it is not said.</param>
public sealed record OrganisationDetails(string Name, string RegistrationNumber, string Country, string Street, string HouseNumber, string Postcode, string Town, string RegistrationScheme = "")
{
    /// <summary>What an organisation says now.</summary>
    public static OrganisationDetails Of(Organisation organisation) => new(
        organisation.Name, organisation.RegistrationNumber, organisation.Country, organisation.Street, organisation.HouseNumber, organisation.Postcode, organisation.Town,
        organisation.RegistrationScheme);
}

/// <summary>A person who acts for an organisation.</summary>
public sealed class Membership
{
    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; init; }

    /// <summary>The person.</summary>
    public Guid PersonId { get; init; }

    /// <summary>Whether they may submit and sign for it.</summary>
    public bool MayCommit { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>Who added them.</summary>
    public Guid AddedBy { get; init; }
}

/// <summary>A person as Accounts last told: copied, never changed here.</summary>
public sealed class Person
{
    /// <summary>The person.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of the copy.</summary>
    public long Version { get; set; }

    /// <summary>Name.</summary>
    public string Name { get; set; } = "";

    /// <summary>E-mail address, lower case, so that it is found however it is typed.</summary>
    public string Email { get; set; } = "";

    /// <summary>Language they read.</summary>
    public string Language { get; set; } = "";

    /// <summary>False when they may no longer sign in.</summary>
    public bool Active { get; set; }

    /// <summary>How e-mail addresses are compared.</summary>
    public static string Normal(string email) => email.Trim().ToLowerInvariant();
}

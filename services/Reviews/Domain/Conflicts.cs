using System.Security.Cryptography;
using System.Text;
using Grants.Contracts.Applications;
using Grants.Platform.Lifecycles;
using Grants.Platform.Localisation;

namespace Grants.Reviews.Domain;

/// <summary>An organisation that takes part in an application beside the one that applies, as the submission named it.</summary>
public sealed class CasePartner
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Its place among the partners, from 0.</summary>
    public int Number { get; init; }

    /// <summary>The organisation; null when it is not registered here.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>Its name at submission.</summary>
    public string Name { get; init; } = "";

    /// <summary>ISO 3166-1 alpha-2 code, or XK.</summary>
    public string Country { get; init; } = "";

    /// <summary>The partners of a submission.</summary>
    public static IEnumerable<CasePartner> Of(ApplicationSubmitted submitted) => (submitted.Partners ?? []).Select((partner, number) => new CasePartner
    {
        ApplicationId = submitted.ApplicationId,
        Number = number,
        OrganisationId = partner.OrganisationId,
        Name = partner.Name,
        Country = partner.Country,
    });
}

/// <summary>An organisation that somebody may be tied to: an applicant or a partner.</summary>
/// <param name="Id">Its id; for one that is not registered here made of name and country, so that the same one in two applications is asked about once.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">Its country; empty when it is not known.</param>
public sealed record Party(Guid Id, string Name, string Country)
{
    /// <summary>The applicant of a case.</summary>
    public static Party Of(ReviewCase held, string? country) => new(held.OrganisationId, held.OrganisationName, country ?? "");

    /// <summary>A partner.</summary>
    public static Party Of(CasePartner partner) => new(partner.OrganisationId ?? IdOf(partner.Name, partner.Country), partner.Name, partner.Country);

    static Guid IdOf(string name, string country) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{TextForm.Nfc(name).Trim().ToUpperInvariant()}|{country}")).AsSpan(0, 16));
}

/// <summary>What a person declared about one organisation of a call before reading anything of the applications it takes part in.</summary>
public sealed class ConflictDeclaration
{
    ConflictDeclaration()
    {
    }

    /// <summary>Id of the declaration.</summary>
    public Guid Id { get; private init; }

    /// <summary>The call.</summary>
    public Guid CallId { get; private init; }

    /// <summary>Who declares.</summary>
    public Guid PersonId { get; private init; }

    /// <summary>The organisation: <see cref="Party.Id"/>.</summary>
    public Guid PartyId { get; private init; }

    /// <summary>Its name when it was declared.</summary>
    public string PartyName { get; private init; } = "";

    /// <summary>Its country when it was declared; empty when it was not known.</summary>
    public string PartyCountry { get; private init; } = "";

    /// <summary>Where it stands.</summary>
    public DeclarationState State { get; private set; }

    /// <summary>The conflict in the person's words; empty when there is none.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>When it was declared last.</summary>
    public DateTimeOffset DeclaredAt { get; private set; }

    /// <summary>The chair who ruled; null before.</summary>
    public Guid? RuledBy { get; private set; }

    /// <summary>When the chair ruled; null before.</summary>
    public DateTimeOffset? RuledAt { get; private set; }

    /// <summary>The chair's reason; empty before.</summary>
    public string Ruling { get; private set; } = "";

    /// <summary>Concurrency token.</summary>
    public long Version { get; private set; }

    /// <summary>Whether it keeps the person away from every application the organisation takes part in.</summary>
    public bool KeepsOut => State is DeclarationState.Pending or DeclarationState.Upheld;

    /// <summary>A person declares about an organisation for the first time; an empty reason says that there is no conflict.</summary>
    public static ConflictDeclaration Make(Guid callId, Guid personId, Party party, string reason, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(),
        CallId = callId,
        PersonId = personId,
        PartyId = party.Id,
        PartyName = party.Name,
        PartyCountry = party.Country,
        State = reason.Length == 0 ? DeclarationState.NoConflict : DeclarationState.Pending,
        Reason = reason,
        DeclaredAt = at,
        Version = 1,
    };

    /// <summary>Whether the action is possible now.</summary>
    public bool Allows(DeclarationAction action, DeclarationActor actor) => DeclarationLifecycle.Table.Allows(State, action, actor);

    /// <summary>The person notices a conflict, or has a new one.</summary>
    public void DeclareConflict(string reason, DateTimeOffset at)
    {
        Do(DeclarationAction.DeclareConflict, DeclarationActor.Person);
        (Reason, DeclaredAt) = (reason, at);
        (RuledBy, RuledAt, Ruling) = (null, null, "");
    }

    /// <summary>The chair rules.</summary>
    public void Rule(bool uphold, string reason, Guid chair, DateTimeOffset at)
    {
        Do(uphold ? DeclarationAction.Uphold : DeclarationAction.Dismiss, DeclarationActor.Chair);
        (RuledBy, RuledAt, Ruling) = (chair, at, reason);
    }

    void Do(DeclarationAction action, DeclarationActor actor)
    {
        State = DeclarationLifecycle.Table.Next(State, action, actor);
        Version++;
    }
}

/// <summary>Where a declaration stands.</summary>
public enum DeclarationState
{
    /// <summary>There is no conflict.</summary>
    NoConflict,

    /// <summary>A conflict was declared: the person is kept out, and the chair has not ruled.</summary>
    Pending,

    /// <summary>The chair found that it is one: the person stays out, and scores already given do not count.</summary>
    Upheld,

    /// <summary>The chair found that it is none, with a reason.</summary>
    Dismissed,
}

/// <summary>What can be done with a declaration.</summary>
public enum DeclarationAction
{
    /// <summary>Declare a conflict of interest.</summary>
    DeclareConflict,

    /// <summary>Rule that it is one.</summary>
    Uphold,

    /// <summary>Rule that it is none.</summary>
    Dismiss,
}

/// <summary>Who acts on a declaration.</summary>
public enum DeclarationActor
{
    /// <summary>Who declares.</summary>
    Person,

    /// <summary>A chair other than that, not tied to the organisation either.</summary>
    Chair,
}

/// <summary>The life of a declaration as data.</summary>
public static class DeclarationLifecycle
{
    /// <summary>A conflict that was upheld stays; after a dismissal another may be declared.</summary>
    public static readonly TransitionTable<DeclarationState, DeclarationAction, DeclarationActor> Table = new(
        new(DeclarationState.NoConflict, DeclarationAction.DeclareConflict, DeclarationActor.Person, DeclarationState.Pending),
        new(DeclarationState.Pending, DeclarationAction.Uphold, DeclarationActor.Chair, DeclarationState.Upheld),
        new(DeclarationState.Pending, DeclarationAction.Dismiss, DeclarationActor.Chair, DeclarationState.Dismissed),
        new(DeclarationState.Dismissed, DeclarationAction.DeclareConflict, DeclarationActor.Person, DeclarationState.Pending));
}

using Grants.Contracts.Calls;

namespace Grants.Applications.Domain;

/// <summary>An organisation that takes part in an application beside the one that applies.</summary>
public sealed class Partner
{
    /// <summary>The draft; see <see cref="Application.RowsId"/>.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Id of the partner in the application, stable through corrections; it comes with the form.</summary>
    public Guid Id { get; init; }

    /// <summary>The registered organisation; null when it is not registered here and so cannot confirm.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>Name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Number in its register; empty when it has none.</summary>
    public string RegistrationNumber { get; set; } = "";

    /// <summary>ISO 3166-1 alpha-2 code, or XK.</summary>
    public string Country { get; set; } = "";

    /// <summary>Town.</summary>
    public string Town { get; set; } = "";

    /// <summary>What it says to taking part.</summary>
    public PartnerState State { get; set; }

    /// <summary>Why it declined; may be empty.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Who answered for it.</summary>
    public Guid? AnsweredBy { get; set; }

    /// <summary>Their name then.</summary>
    public string AnsweredByName { get; set; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When it was added: partners stand in this order.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>By whom.</summary>
    public Guid AddedBy { get; init; }

    /// <summary>The same partner in another draft, with its answer.</summary>
    public Partner CopyTo(Guid applicationId) => new()
    {
        ApplicationId = applicationId, Id = Id, OrganisationId = OrganisationId, Name = Name, RegistrationNumber = RegistrationNumber, Country = Country, Town = Town, State = State,
        Reason = Reason, AnsweredBy = AnsweredBy, AnsweredByName = AnsweredByName, AnsweredAt = AnsweredAt, AddedAt = AddedAt, AddedBy = AddedBy,
    };

    /// <summary>Partners as people see them.</summary>
    public static IReadOnlyList<Partner> InOrder(IEnumerable<Partner> partners) => [.. partners.OrderBy(partner => partner.AddedAt).ThenBy(partner => partner.Id)];

    /// <summary>What keeps an application with these partners from being submitted.</summary>
    public static IEnumerable<PartnerProblem> Missing(CallDefinition call, string leadCountry, IReadOnlyCollection<Partner> partners)
    {
        var rules = call.Applicants;
        foreach (var partner in partners.Where(partner => partner.State == PartnerState.Declined)) yield return new(PartnerProblemKind.Declined, partner.Name);
        if (rules.MinPartners > 0)
        {
            foreach (var partner in partners.Where(partner => partner.State == PartnerState.Asked)) yield return new(PartnerProblemKind.NotConfirmed, partner.Name);
        }

        if (partners.Count < rules.MinPartners) yield return new(PartnerProblemKind.TooFew, "", rules.MinPartners, partners.Count);
        if (partners.Count > rules.MaxPartners) yield return new(PartnerProblemKind.TooMany, "", rules.MaxPartners, partners.Count);
        var foreign = partners.Count(partner => partner.Country != leadCountry);
        if (foreign < rules.PartnersFromAnotherCountry) yield return new(PartnerProblemKind.TooFewForeign, "", rules.PartnersFromAnotherCountry, foreign);
    }
}

/// <summary>What an organisation says to taking part.</summary>
public enum PartnerState
{
    /// <summary>Registered here and not yet answered.</summary>
    Asked,

    /// <summary>Takes part.</summary>
    Confirmed,

    /// <summary>Does not.</summary>
    Declined,

    /// <summary>Not registered here: the lead answers for it.</summary>
    Named,
}

/// <summary>What can be wrong with the partners of an application.</summary>
public enum PartnerProblemKind
{
    /// <summary>One declined and is still in it.</summary>
    Declined,

    /// <summary>One has not confirmed, in a call that needs partners.</summary>
    NotConfirmed,

    /// <summary>Fewer than the call needs.</summary>
    TooFew,

    /// <summary>More than the call allows.</summary>
    TooMany,

    /// <summary>Fewer from another country than the call needs.</summary>
    TooFewForeign,
}

/// <summary>What is wrong with the partners.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The partner it is about.</param>
/// <param name="Wanted">How many there should be.</param>
/// <param name="There">How many there are.</param>
public sealed record PartnerProblem(PartnerProblemKind Kind, string Name, int Wanted = 0, int There = 0);

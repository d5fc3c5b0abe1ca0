using System.Text.Json.Serialization;

namespace Grants.Contracts.Applications;

/// <summary>
/// An application as submitted: sealed as canonical JSON in the file store under <c>dossiers/</c> by its SHA-256 and never changed. It explains itself: labels
/// stand beside the values, so that it can be read in twenty years without this program. Services read the bytes, check the hash, then this shape.
/// </summary>
public sealed record Dossier
{
    /// <summary>Name and version of this shape.</summary>
    public const string SchemaName = "grants-platform/dossier/1";

    /// <summary><see cref="SchemaName"/>.</summary>
    public required string Schema { get; init; }

    /// <summary>Lifecycle id.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>1 for the first submission.</summary>
    public required int DossierVersion { get; init; }

    /// <summary>When the submission arrived: UTC with milliseconds, <c>2026-11-22T10:15:30.123Z</c>.</summary>
    public required string SubmittedAt { get; init; }

    /// <summary>The person who submitted.</summary>
    public required Guid SubmittedBy { get; init; }

    /// <summary>Their name then.</summary>
    public required string SubmittedByName { get; init; }

    /// <summary>The call and the version of its definition.</summary>
    public required DossierCall Call { get; init; }

    /// <summary>Who applies.</summary>
    public required DossierOrganisation Organisation { get; init; }

    /// <summary>Title of the project.</summary>
    public required string Title { get; init; }

    /// <summary>Amount asked for, minor units.</summary>
    public required long RequestedMinor { get; init; }

    /// <summary>ISO 4217 code of the amount.</summary>
    public required string Currency { get; init; }

    /// <summary>Length of the project.</summary>
    public required int DurationMonths { get; init; }

    /// <summary>First day of the project, <c>yyyy-MM-dd</c>; empty when none was given.</summary>
    public required string StartsOn { get; init; }

    /// <summary>Answers in the order of the form.</summary>
    public required IReadOnlyList<DossierAnswer> Answers { get; init; }

    /// <summary>The lot it is for; null where the call has one only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lot { get; init; }

    /// <summary>Language it is written in; null in dossiers of an older release.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Language { get; init; }

    /// <summary>Organisations that take part; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DossierPartner>? Partners { get; init; }

    /// <summary>The budget; null where the call asks for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DossierBudget? Budget { get; init; }

    /// <summary>How it came when it was not typed in by the applicant; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DossierArrival? Arrival { get; init; }

    /// <summary>Attached files.</summary>
    public required IReadOnlyList<DossierAttachment> Attachments { get; init; }

    /// <summary>The declaration that was made, per language.</summary>
    public required Dictionary<string, string> Declaration { get; init; }

    /// <summary>Labels of the fields that every application has, by field name, per language.</summary>
    public required Dictionary<string, Dictionary<string, string>> Labels { get; init; }
}

/// <summary>The call in a dossier.</summary>
/// <param name="Id">The call.</param>
/// <param name="Version">Version of the definition the dossier was made with.</param>
/// <param name="DefinitionSha256">Hash of that definition.</param>
/// <param name="Programme">Programme code.</param>
/// <param name="Title">Title per language.</param>
/// <param name="ClosesAt">Closing as local date and time.</param>
/// <param name="TimeZone">Its IANA zone.</param>
public sealed record DossierCall(Guid Id, int Version, string DefinitionSha256, string Programme, Dictionary<string, string> Title, string ClosesAt, string TimeZone);

/// <summary>The applicant in a dossier, as registered at submission.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Name.</param>
/// <param name="RegistrationNumber">Number in its register; empty when it has none.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or XK.</param>
/// <param name="Street">Street.</param>
/// <param name="HouseNumber">Number in the street.</param>
/// <param name="Postcode">Postcode.</param>
/// <param name="Town">Town.</param>
public sealed record DossierOrganisation(
    Guid Id, string Name, string RegistrationNumber, string Country, string Street, string HouseNumber, string Postcode, string Town);

/// <summary>An organisation that takes part.</summary>
/// <param name="OrganisationId">The organisation; null when it is not registered here.</param>
/// <param name="Name">Name.</param>
/// <param name="RegistrationNumber">Number in its register; empty when it has none.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or XK.</param>
/// <param name="Town">Town.</param>
/// <param name="ConfirmedBy">Name of who confirmed that it takes part; empty when nobody has.</param>
/// <param name="ConfirmedAt">When, UTC with milliseconds; empty when nobody has.</param>
public sealed record DossierPartner(Guid? OrganisationId, string Name, string RegistrationNumber, string Country, string Town, string ConfirmedBy, string ConfirmedAt);

/// <summary>The budget as submitted. Sums were made by the server from the lines; amounts are minor units of the dossier's currency.</summary>
/// <param name="Lines">Lines in order.</param>
/// <param name="Headings">Sum of each heading of the call, in its order.</param>
/// <param name="TotalMinor">Sum of all lines.</param>
/// <param name="OwnMinor">What the applicant and its partners add.</param>
/// <param name="RequestedMinor">What is asked for: the total less what is added.</param>
public sealed record DossierBudget(IReadOnlyList<DossierBudgetLine> Lines, IReadOnlyList<DossierHeading> Headings, long TotalMinor, long OwnMinor, long RequestedMinor);

/// <summary>One line of a budget: quantity times unit cost, rounded half up to the minor unit.</summary>
/// <param name="Id">Id of the line, stable through corrections.</param>
/// <param name="Heading">Id of its heading in the call.</param>
/// <param name="Description">What is bought or paid.</param>
/// <param name="Unit">In what it is counted, such as month; may be empty.</param>
/// <param name="QuantityHundredths">How many, in hundredths.</param>
/// <param name="UnitCostMinor">Cost of one.</param>
/// <param name="TotalMinor">The line's sum.</param>
/// <param name="Partner">Place of the partner that spends it among the dossier's partners, from 1; 0 for the applicant.</param>
public sealed record DossierBudgetLine(
    string Id, string Heading, string Description, string Unit, long QuantityHundredths, long UnitCostMinor, long TotalMinor, int Partner);

/// <summary>Sum of a heading.</summary>
/// <param name="Id">Id of the heading.</param>
/// <param name="Label">Its name per language.</param>
/// <param name="TotalMinor">Sum of its lines.</param>
public sealed record DossierHeading(string Id, Dictionary<string, string> Label, long TotalMinor);

/// <summary>How an application came that an officer registered for the applicant.</summary>
/// <param name="Channel"><c>paper</c> or <c>mail</c>.</param>
/// <param name="ArrivedAt">When it arrived, UTC with milliseconds.</param>
/// <param name="RegistryNumber">Number under which it was registered.</param>
/// <param name="RegisteredByName">The officer's name.</param>
public sealed record DossierArrival(string Channel, string ArrivedAt, string RegistryNumber, string RegisteredByName);

/// <summary>One answer in a dossier.</summary>
/// <param name="Id">Id of the question.</param>
/// <param name="Label">The question per language.</param>
/// <param name="Text">
/// The answer, NFC. A day is <c>yyyy-MM-dd</c>, an amount has a point before its decimals and its currency after it; a choice stands here in the call's first language.
/// </param>
/// <param name="Chosen">What was chosen, in the order of the options; null when the answer is no choice.</param>
public sealed record DossierAnswer(
    string Id, Dictionary<string, string> Label, string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DossierChoice>? Chosen = null);

/// <summary>One thing that was chosen.</summary>
/// <param name="Id">Id of the option; <c>yes</c> or <c>no</c> where that was the question.</param>
/// <param name="Label">Its name per language.</param>
public sealed record DossierChoice(string Id, Dictionary<string, string> Label);

/// <summary>One attached file in a dossier; the bytes are in the file store under <c>attachments/</c> by their hash.</summary>
/// <param name="Id">Id of the requested document.</param>
/// <param name="Label">Its name per language.</param>
/// <param name="FileName">Name of the file as uploaded.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hex.</param>
public sealed record DossierAttachment(string Id, Dictionary<string, string> Label, string FileName, string ContentType, long Size, string Sha256);

using System.Text.Json.Serialization;

namespace Grants.Contracts.Calls;

/// <summary>
/// One version of a call's definition: everything the services need to know of it, in one document. Published whole in
/// <see cref="Applications.CallPublished"/> as canonical JSON and never changed afterwards. Amounts are minor units of <see cref="Currency"/>; shares are hundredths of
/// a percent (7 % is 700), points and scores hundredths of a point; texts for people are per language. Rules that a funder sets stand here and never in code.
/// </summary>
public sealed record CallDefinition
{
    /// <summary>Name and version of this shape.</summary>
    public const string SchemaName = "grants-platform/call/2";

    /// <summary><see cref="SchemaName"/>.</summary>
    public required string Schema { get; init; }

    /// <summary>Id of the call; the same in every version.</summary>
    public required Guid Id { get; init; }

    /// <summary>Programme code, such as <c>L4C</c>; roles may be scoped to it as <c>programme:L4C</c>.</summary>
    public required string Programme { get; init; }

    /// <summary>What references begin with, such as <c>L4C-2026</c>.</summary>
    public required string ReferencePrefix { get; init; }

    /// <summary>Languages the call is published and may be answered in; the first is the one others fall back to.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>Title per language.</summary>
    public required Dictionary<string, string> Title { get; init; }

    /// <summary>A paragraph per language.</summary>
    public required Dictionary<string, string> Summary { get; init; }

    /// <summary>Objectives, each per language.</summary>
    public required IReadOnlyList<Dictionary<string, string>> Objectives { get; init; }

    /// <summary>Who may apply, per language, for people to read; what can be checked stands in <see cref="Applicants"/> too.</summary>
    public required Dictionary<string, string> WhoMayApply { get; init; }

    /// <summary>Number of the donor's contract that the money comes from; empty when there is none.</summary>
    public required string DonorContract { get; init; }

    /// <summary>Who gives the money.</summary>
    public required string Funder { get; init; }

    /// <summary>Who runs the call and signs the agreements.</summary>
    public required string Lead { get; init; }

    /// <summary>Partner organisations of the lead.</summary>
    public required IReadOnlyList<string> Partners { get; init; }

    /// <summary>Who pays the grantees of which countries.</summary>
    public required IReadOnlyList<Payer> Payers { get; init; }

    /// <summary>ISO 3166-1 alpha-2 codes (XK for Kosovo) of countries applicants may be from.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>Municipalities or other places the projects must be in; empty when anywhere in the countries.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>IANA time zone of all times in the definition, such as <c>Europe/Sarajevo</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>ISO 4217 code of all amounts.</summary>
    public required string Currency { get; init; }

    /// <summary>What all grants together may cost.</summary>
    public required long TotalBudgetMinor { get; init; }

    /// <summary>Parts of the call with budgets and limits of their own; at least one, whose title people see only when there are more.</summary>
    public required IReadOnlyList<Lot> Lots { get; init; }

    /// <summary>What a grant pays for.</summary>
    public required GrantForm GrantForm { get; init; }

    /// <summary>What applicants add themselves.</summary>
    public required Cofinancing Cofinancing { get; init; }

    /// <summary>How long projects take.</summary>
    public required Duration Duration { get; init; }

    /// <summary>Who may apply, as far as it can be checked, and how often.</summary>
    public required ApplicantRules Applicants { get; init; }

    /// <summary>How the money is divided among those who are good enough.</summary>
    public required Allocation Allocation { get; init; }

    /// <summary>What projects report in figures.</summary>
    public required IReadOnlyList<Indicator> Indicators { get; init; }

    /// <summary>The stages in the order an application goes through them.</summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    /// <summary>Budget headings and their limits.</summary>
    public required BudgetRules Budget { get; init; }

    /// <summary>Documents asked for, in order, each at its moment.</summary>
    public required IReadOnlyList<RequestedDocument> Documents { get; init; }

    /// <summary>How the agreement may be signed; at least one way.</summary>
    public required IReadOnlyList<SignatureMethod> Signatures { get; init; }

    /// <summary>How a grant is paid out; the shares sum to 10,000.</summary>
    public required IReadOnlyList<InstalmentRule> Instalments { get; init; }

    /// <summary>How many different people approve a payment, by its amount: ascending, the last without a limit, never fewer than two.</summary>
    public required IReadOnlyList<ApprovalRule> Approvals { get; init; }

    /// <summary>Reports of grantees, in order.</summary>
    public required IReadOnlyList<ReportRule> Reports { get; init; }

    /// <summary>How many years everything is kept after the end of the last grant.</summary>
    public required int RetentionYears { get; init; }

    /// <summary>Whether value-added tax may be charged to the grant.</summary>
    public required VatRule Vat { get; init; }

    /// <summary>Notes of whoever wrote the definition, such as which values are assumptions. Staff see them, applicants do not.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The first intake, which opens and closes the call.</summary>
    [JsonIgnore]
    public Intake Intake => Stages.First(stage => stage.Intake is not null).Intake!;

    /// <summary>Opening of the first intake.</summary>
    [JsonIgnore]
    public string OpensAt => Intake.OpensAt;

    /// <summary>Closing of the first intake.</summary>
    [JsonIgnore]
    public string ClosesAt => Intake.ClosesAt;

    /// <summary>Smallest grant in any lot.</summary>
    [JsonIgnore]
    public long MinGrantMinor => Lots.Min(lot => lot.MinGrantMinor);

    /// <summary>Largest grant in any lot.</summary>
    [JsonIgnore]
    public long MaxGrantMinor => Lots.Max(lot => lot.MaxGrantMinor);

    /// <summary>Questions of the first intake, in order.</summary>
    [JsonIgnore]
    public IReadOnlyList<Question> Questions => [.. Intake.Sections.SelectMany(section => section.Questions)];

    /// <summary>Items of the checks, in order.</summary>
    [JsonIgnore]
    public IReadOnlyList<CheckItem> CheckList => [.. Stages.Where(stage => stage.Check is not null).SelectMany(stage => stage.Check!.Items)];

    /// <summary>Stages in which evaluators score, in order; the ranking is by the last.</summary>
    [JsonIgnore]
    public IReadOnlyList<Stage> Evaluations => [.. Stages.Where(stage => stage.Evaluation is not null)];

    /// <summary>The last evaluation: ranking and funding line are by its scores.</summary>
    [JsonIgnore]
    public Evaluation FinalEvaluation => Evaluations[^1].Evaluation!;

    /// <summary>Documents asked for at a moment.</summary>
    public IEnumerable<RequestedDocument> DocumentsAt(DocumentMoment moment) => Documents.Where(document => document.Moment == moment);

    /// <summary>How many different people approve a payment of this amount; null when the rules do not say.</summary>
    public int? PeopleFor(long amountMinor) => Approvals.FirstOrDefault(rule => rule.UpToMinor is not { } limit || amountMinor <= limit)?.People;
}

/// <summary>An organisation that pays grantees.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Countries">Countries whose grantees it pays.</param>
/// <param name="Currency">ISO 4217 code it pays in: another than the call's where local payments are made.</param>
public sealed record Payer(string Name, IReadOnlyList<string> Countries, string Currency);

/// <summary>A part of a call with a budget of its own.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Title">Title per language.</param>
/// <param name="BudgetMinor">What all its grants together may cost.</param>
/// <param name="MinGrantMinor">Smallest grant.</param>
/// <param name="MaxGrantMinor">Largest grant.</param>
public sealed record Lot(string Id, Dictionary<string, string> Title, long BudgetMinor, long MinGrantMinor, long MaxGrantMinor);

/// <summary>What a grant pays for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GrantForm>))]
public enum GrantForm
{
    /// <summary>Costs that were really incurred.</summary>
    [JsonStringEnumMemberName("actual-costs")]
    ActualCosts,

    /// <summary>A fixed sum for a result.</summary>
    [JsonStringEnumMemberName("lump-sum")]
    LumpSum,

    /// <summary>A fixed sum for each unit.</summary>
    [JsonStringEnumMemberName("unit-costs")]
    UnitCosts,

    /// <summary>What the organisation does anyway.</summary>
    [JsonStringEnumMemberName("core-support")]
    CoreSupport,

    /// <summary>A reward.</summary>
    [JsonStringEnumMemberName("prize")]
    Prize,
}

/// <summary>What applicants add to the grant themselves.</summary>
/// <param name="MinShareHundredths">Least share of the total eligible cost; 0 when nothing need be added.</param>
/// <param name="MaxShareHundredths">Largest share that counts; 10,000 when there is no limit.</param>
/// <param name="InKind">Whether work and things count.</param>
public sealed record Cofinancing(int MinShareHundredths, int MaxShareHundredths, bool InKind);

/// <summary>How long projects take.</summary>
/// <param name="MinMonths">Shortest, at least 1.</param>
/// <param name="MaxMonths">Longest.</param>
/// <param name="EarliestStart">First possible day, <c>yyyy-MM-dd</c>; empty when there is no limit.</param>
/// <param name="LatestEnd">Last possible day; empty when there is no limit.</param>
public sealed record Duration(int MinMonths, int MaxMonths, string EarliestStart, string LatestEnd);

/// <summary>Who may apply, as far as it can be checked, and how often.</summary>
/// <param name="MaxAsLead">How many applications of one organisation as lead, at least 1.</param>
/// <param name="MaxAsPartner">How many as partner; 0 when it may not be one.</param>
/// <param name="TooMany">What happens to those of an organisation that has too many.</param>
/// <param name="MinPartners">Fewest partners in an application.</param>
/// <param name="MaxPartners">Most partners in an application; 0 when there are none.</param>
/// <param name="PartnersFromAnotherCountry">How many of the partners are from another country than the lead.</param>
/// <param name="MaxYearlyBudgetMinor">The largest yearly budget the organisation may have had; null when there is no limit.</param>
/// <param name="YearsOfBudget">For how many past years that holds; 0 without a limit.</param>
/// <param name="BudgetAlsoOfPartners">Whether it holds for each partner too.</param>
/// <param name="MinMonthsRegistered">How long the organisation must have been registered when the call opens; 0 when that does not matter.</param>
/// <param name="InformalGroups">Whether groups without registration may apply.</param>
public sealed record ApplicantRules(
    int MaxAsLead, int MaxAsPartner, TooManyRule TooMany, int MinPartners, int MaxPartners, int PartnersFromAnotherCountry, long? MaxYearlyBudgetMinor, int YearsOfBudget,
    bool BudgetAlsoOfPartners, int MinMonthsRegistered, bool InformalGroups);

/// <summary>What happens to the applications of an organisation that is in too many.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TooManyRule>))]
public enum TooManyRule
{
    /// <summary>Those submitted later are out.</summary>
    [JsonStringEnumMemberName("later-out")]
    LaterOut,

    /// <summary>All of them are out.</summary>
    [JsonStringEnumMemberName("all-out")]
    AllOut,
}

/// <summary>How the money is divided among those who are good enough.</summary>
/// <param name="MinShareHundredths">Least share of the amount asked for that may be awarded; a project whose rest is smaller is passed over. 0 when any amount may.</param>
/// <param name="MaxAwardsPerOrganisation">Most awards to one organisation as lead.</param>
/// <param name="CapPerOrganisationMinor">The most one organisation may get in all; null when there is no cap.</param>
/// <param name="MinGrants">Fewest grants in all that the donor expects; 0 when it expects none.</param>
/// <param name="MinGrantsPerCountry">Fewest grants to each country, before the rest goes by rank; 0 when countries do not matter.</param>
public sealed record Allocation(int MinShareHundredths, int MaxAwardsPerOrganisation, long? CapPerOrganisationMinor, int MinGrants, int MinGrantsPerCountry);

/// <summary>A figure that projects report.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">What is counted, per language.</param>
/// <param name="Unit">In what, per language, such as persons.</param>
public sealed record Indicator(string Id, Dictionary<string, string> Label, Dictionary<string, string> Unit);

/// <summary>A document asked for.</summary>
/// <param name="Id">Stable id, such as <c>registration</c>.</param>
/// <param name="Label">Its name per language.</param>
/// <param name="Moment">When it is asked for.</param>
/// <param name="Required">Whether one goes on only with it.</param>
/// <param name="PerPartner">Whether each partner gives one.</param>
/// <param name="Signed">How it is signed.</param>
public sealed record RequestedDocument(string Id, Dictionary<string, string> Label, DocumentMoment Moment, bool Required, bool PerPartner, SignedRule Signed);

/// <summary>When a document is asked for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentMoment>))]
public enum DocumentMoment
{
    /// <summary>With the application.</summary>
    [JsonStringEnumMemberName("application")]
    Application,

    /// <summary>From the provisionally selected only.</summary>
    [JsonStringEnumMemberName("selected")]
    Selected,

    /// <summary>With the agreement.</summary>
    [JsonStringEnumMemberName("agreement")]
    Agreement,

    /// <summary>With a report.</summary>
    [JsonStringEnumMemberName("report")]
    Report,
}

/// <summary>How a document is signed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignedRule>))]
public enum SignedRule
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("no")]
    No,

    /// <summary>By who represents the organisation.</summary>
    [JsonStringEnumMemberName("signed")]
    Signed,

    /// <summary>Signed and stamped.</summary>
    [JsonStringEnumMemberName("signed-and-stamped")]
    SignedAndStamped,
}

/// <summary>How an agreement is signed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignatureMethod>))]
public enum SignatureMethod
{
    /// <summary>Accepted while signed in, which is recorded.</summary>
    [JsonStringEnumMemberName("recorded-acceptance")]
    RecordedAcceptance,

    /// <summary>Printed, signed, scanned, and confirmed by an officer.</summary>
    [JsonStringEnumMemberName("signed-scan")]
    SignedScan,
}

/// <summary>One instalment.</summary>
/// <param name="ShareHundredths">Share of the grant: 8,000 is 80 %.</param>
/// <param name="Trigger">What makes it due: <c>agreement-in-force</c>, <c>report-accepted</c> (an interim report) or <c>final-report-accepted</c>.</param>
/// <param name="SpentHundredths">Share of the instalments before it that must be spent; 0 when that does not matter.</param>
public sealed record InstalmentRule(int ShareHundredths, string Trigger, int SpentHundredths = 0);

/// <summary>How many people approve payments up to an amount.</summary>
/// <param name="UpToMinor">Largest payment it holds for; null for any.</param>
/// <param name="People">Different people, at least two.</param>
public sealed record ApprovalRule(long? UpToMinor, int People);

/// <summary>A report that grantees owe.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">Its name per language.</param>
/// <param name="IsFinal">True for the one that ends the grant.</param>
/// <param name="DueDays">Days after the end of the project for a final report, after its start for another.</param>
public sealed record ReportRule(string Id, Dictionary<string, string> Label, bool IsFinal, int DueDays);

/// <summary>Whether value-added tax may be charged to the grant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VatRule>))]
public enum VatRule
{
    /// <summary>Never.</summary>
    [JsonStringEnumMemberName("not-eligible")]
    NotEligible,

    /// <summary>Where the grantee cannot get it back.</summary>
    [JsonStringEnumMemberName("eligible-if-not-recoverable")]
    EligibleIfNotRecoverable,

    /// <summary>Always.</summary>
    [JsonStringEnumMemberName("eligible")]
    Eligible,
}

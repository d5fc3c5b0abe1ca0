namespace Grants.Contracts.Calls;

/// <summary>
/// One version of a call's definition: everything the services need to know of it, in one document. Published whole in
/// <see cref="Applications.CallPublished"/> as canonical JSON and never changed afterwards. Amounts are minor units of <see cref="Currency"/>.
/// </summary>
public sealed record CallDefinition
{
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

    /// <summary>Who may apply, per language.</summary>
    public required Dictionary<string, string> WhoMayApply { get; init; }

    /// <summary>Who gives the money.</summary>
    public required string Funder { get; init; }

    /// <summary>Who runs the call and signs the agreements.</summary>
    public required string Lead { get; init; }

    /// <summary>Partner organisations of the lead.</summary>
    public required IReadOnlyList<string> Partners { get; init; }

    /// <summary>ISO 3166-1 alpha-2 codes (XK for Kosovo) of countries applicants may be from.</summary>
    public required IReadOnlyList<string> Countries { get; init; }

    /// <summary>Municipalities or other places the projects must be in; empty when anywhere in the countries.</summary>
    public required IReadOnlyList<string> Places { get; init; }

    /// <summary>ISO 4217 code of all amounts.</summary>
    public required string Currency { get; init; }

    /// <summary>What all grants together may cost.</summary>
    public required long TotalBudgetMinor { get; init; }

    /// <summary>Smallest grant.</summary>
    public required long MinGrantMinor { get; init; }

    /// <summary>Largest grant.</summary>
    public required long MaxGrantMinor { get; init; }

    /// <summary>Longest project, in months.</summary>
    public required int MaxMonths { get; init; }

    /// <summary>Opening as local date and time, <c>yyyy-MM-ddTHH:mm:ss</c>, in <see cref="TimeZone"/>.</summary>
    public required string OpensAt { get; init; }

    /// <summary>Closing as local date and time in <see cref="TimeZone"/>: the last second in which a submission is accepted.</summary>
    public required string ClosesAt { get; init; }

    /// <summary>IANA time zone, such as <c>Europe/Sarajevo</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Questions of the application form, in order.</summary>
    public required IReadOnlyList<Question> Questions { get; init; }

    /// <summary>Documents asked for with the application, in order.</summary>
    public required IReadOnlyList<RequestedDocument> Documents { get; init; }

    /// <summary>Items of the administrative and eligibility check.</summary>
    public required IReadOnlyList<CheckItem> CheckList { get; init; }

    /// <summary>How applications are evaluated.</summary>
    public required EvaluationGrid Grid { get; init; }

    /// <summary>How a grant is paid out; the shares sum to 10,000 (hundredths of a percent).</summary>
    public required IReadOnlyList<InstalmentRule> Instalments { get; init; }

    /// <summary>How many different people approve a payment; never fewer than two.</summary>
    public required int ApprovalsNeeded { get; init; }

    /// <summary>Notes of whoever wrote the definition, such as which values are assumptions. Staff see them, applicants do not.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A question answered with text.</summary>
/// <param name="Id">Stable id within the form, such as <c>problem</c>.</param>
/// <param name="Label">The question per language.</param>
/// <param name="Hint">Help per language; may be empty.</param>
/// <param name="MaxCharacters">Limit, counted in characters as people see them after NFC.</param>
/// <param name="Lines">How many lines the box shows; 1 for a single-line answer.</param>
public sealed record Question(string Id, Dictionary<string, string> Label, Dictionary<string, string> Hint, int MaxCharacters, int Lines);

/// <summary>A document asked for.</summary>
/// <param name="Id">Stable id, such as <c>registration</c>.</param>
/// <param name="Label">Its name per language.</param>
/// <param name="Required">Whether an application without it cannot be submitted.</param>
public sealed record RequestedDocument(string Id, Dictionary<string, string> Label, bool Required);

/// <summary>One yes/no item of the check.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">What is checked, per language.</param>
public sealed record CheckItem(string Id, Dictionary<string, string> Label);

/// <summary>The evaluation grid. All points are hundredths: 5 points are 500.</summary>
/// <param name="Criteria">Criteria in order.</param>
/// <param name="ThresholdHundredths">Least total to be fundable.</param>
/// <param name="Evaluators">How many evaluators score each application.</param>
public sealed record EvaluationGrid(IReadOnlyList<Criterion> Criteria, int ThresholdHundredths, int Evaluators);

/// <summary>One criterion, scored in steps of one point (100 hundredths) from <paramref name="MinPoints"/> to <paramref name="MaxPoints"/> and multiplied by <paramref name="Weight"/>.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Label">What is judged, per language.</param>
/// <param name="Guidance">What the points mean, per language.</param>
/// <param name="MinPoints">Lowest points, in hundredths.</param>
/// <param name="MaxPoints">Highest points, in hundredths.</param>
/// <param name="Weight">Multiplier.</param>
public sealed record Criterion(string Id, Dictionary<string, string> Label, Dictionary<string, string> Guidance, int MinPoints, int MaxPoints, int Weight);

/// <summary>One instalment.</summary>
/// <param name="ShareHundredths">Share of the grant in hundredths of a percent: 8,000 is 80 %.</param>
/// <param name="Trigger"><c>agreement-in-force</c> or <c>final-report-accepted</c>.</param>
public sealed record InstalmentRule(int ShareHundredths, string Trigger);

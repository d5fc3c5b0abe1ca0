using System.Globalization;
using System.Text.RegularExpressions;
using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Localisation;

namespace Grants.Applications.Domain;

/// <summary>The rules of a definition that its shape cannot say. All that are broken are reported, in the order of the records.</summary>
public static class DefinitionRules
{
    /// <summary>Which rules a definition breaks.</summary>
    public static IReadOnlyList<DefinitionProblem> Problems(CallDefinition call) => [.. Findings(call).Select(finding => finding.Problem)];

    /// <summary>What a definition says that the services cannot carry out yet. It keeps it from being published.</summary>
    public static IReadOnlyList<DefinitionProblem> NotYet(CallDefinition call)
    {
        var problems = new List<DefinitionProblem>();
        var (intakes, evaluations) = (0, 0);
        if (call.Lots.Count > 1) problems.Add(new("/lots", "unsupported.lots"));
        foreach (var (index, stage) in call.Stages.Index())
        {
            var path = $"/stages/{index}";
            if (stage.Intake is { } intake)
            {
                if (++intakes > 1) problems.Add(new(path, "unsupported.intakes"));
                if (intake.Cutoffs.Count > 0) problems.Add(new($"{path}/intake/cutoffs", "unsupported.cutoffs"));
            }

            if (stage.Check is { } check && (check.SelectedOnly || evaluations > 0)) problems.Add(new(path, "unsupported.lateCheck"));
            if (stage.Evaluation is not { } evaluation) continue;
            evaluations++;
            foreach (var (at, section) in evaluation.Grid.Sections.Index())
            {
                if (section.CarriedFrom is not null) problems.Add(new($"{path}/evaluation/grid/sections/{at}/carriedFrom", "unsupported.carried"));
            }
        }

        return problems;
    }

    internal static IReadOnlyList<Finding> Findings(CallDefinition call)
    {
        var run = new RuleRun(call);
        run.Call();
        run.Money();
        run.Applicants();
        run.Stages();
        run.Contract();
        return run.Found;
    }
}

/// <summary>A broken rule.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Reads">
/// Which other places it depends on: when the shape of one is wrong, nobody can tell. <c>/lots/*</c> stands for the members of all lots, <c>/lots/**</c> for
/// everything below.
/// </param>
sealed record Finding(DefinitionProblem Problem, IReadOnlyList<string> Reads);

/// <summary>One look at a definition. What it says of the stages is in <c>DefinitionStageRules.cs</c>.</summary>
sealed partial class RuleRun(CallDefinition call)
{
    const int All = 10_000, MostLanguages = 30;

    // Ends what a form of this many languages costs; no call has as many.
    readonly List<string> languages = [.. call.Languages.Where(Codes.IsLanguage).Distinct(StringComparer.Ordinal).Take(MostLanguages)];

    readonly HashSet<string> declared = call.Languages.ToHashSet(StringComparer.Ordinal);

    readonly bool hasCurrency = Codes.IsCurrency(call.Currency), hasZone = Dates.IsZone(call.TimeZone);

    public List<Finding> Found { get; } = [];

    /// <summary>What it is, in which words, for which countries.</summary>
    public void Call()
    {
        if (call.Schema != CallDefinition.SchemaName) Add("/schema", "schema.name", CallDefinition.SchemaName);
        if (call.Id == Guid.Empty) Add("/id", "call.id");
        if (!Programme().IsMatch(call.Programme)) Add("/programme", "programme.form");
        if (!Programme().IsMatch(call.ReferencePrefix)) Add("/referencePrefix", "prefix.form");

        if (call.Languages.Count == 0) Add("/languages", "languages.none");
        if (call.Languages.Count > MostLanguages) Add("/languages", "languages.tooMany", MostLanguages);
        Listed("/languages", call.Languages, Codes.IsLanguage, "languages.unknown", "languages.twice");
        Text("/title", call.Title);
        Text("/summary", call.Summary);
        Each("/objectives", call.Objectives, (objective, path) => Text(path, objective));
        Text("/whoMayApply", call.WhoMayApply);
        Words("/donorContract", call.DonorContract, compulsory: false);
        Words("/funder", call.Funder);
        Words("/lead", call.Lead);
        Each("/partners", call.Partners, (partner, path) => Words(path, partner));
        Payers();
        if (call.Countries.Count == 0) Add("/countries", "countries.none");
        Listed("/countries", call.Countries, Codes.IsCountry, "countries.unknown", "countries.twice");
        Each("/places", call.Places, (place, path) => Words(path, place));
        if (!hasZone) Add("/timeZone", "zone.unknown", Shown(call.TimeZone));
        Currency("/currency", call.Currency);
    }

    /// <summary>Budget and lots.</summary>
    public void Money()
    {
        Positive("/totalBudgetMinor", call.TotalBudgetMinor);
        // What people can type ends there, too; far below what a long holds, so that no sum of grants overflows.
        var largest = MoneyParser.LargestMajor * 100;
        if (call.TotalBudgetMinor > largest) Add("/totalBudgetMinor", "budget.tooLarge", Amount(largest));
        if (call.Lots.Count == 0) Add("/lots", "lots.none");
        var sum = call.Lots.Sum(lot => (decimal)lot.BudgetMinor);
        if (call.Lots.Count > 0 && sum != call.TotalBudgetMinor) AddReading("/lots", ["/totalBudgetMinor"], "lots.sum", Amount(sum), Amount(call.TotalBudgetMinor));
        Ids("/lots", call.Lots.Select(lot => lot.Id));
        Each("/lots", call.Lots, (lot, path) =>
        {
            // With one lot nobody sees that there are any.
            Text($"{path}/title", lot.Title, call.Lots.Count > 1);
            Positive($"{path}/budgetMinor", lot.BudgetMinor);
            Positive($"{path}/minGrantMinor", lot.MinGrantMinor);
            Positive($"{path}/maxGrantMinor", lot.MaxGrantMinor);
            if (lot.MinGrantMinor > lot.MaxGrantMinor)
                AddReading($"{path}/minGrantMinor", [$"{path}/maxGrantMinor"], "lot.minAboveMax", Amount(lot.MinGrantMinor), Amount(lot.MaxGrantMinor));
            if (lot.MaxGrantMinor > lot.BudgetMinor)
                AddReading($"{path}/maxGrantMinor", [$"{path}/budgetMinor"], "lot.maxAboveBudget", Amount(lot.MaxGrantMinor), Amount(lot.BudgetMinor));
        });
    }

    /// <summary>Who may apply for how long a project, and how the money is divided.</summary>
    public void Applicants()
    {
        var cofinancing = call.Cofinancing;
        Share("/cofinancing/minShareHundredths", cofinancing.MinShareHundredths);
        Share("/cofinancing/maxShareHundredths", cofinancing.MaxShareHundredths);
        if (cofinancing.MinShareHundredths > cofinancing.MaxShareHundredths)
            AddReading("/cofinancing/minShareHundredths", ["/cofinancing/maxShareHundredths"], "order.minAboveMax", Hundredths(cofinancing.MinShareHundredths), Hundredths(cofinancing.MaxShareHundredths));
        Projects();

        var rules = call.Applicants;
        const string At = "/applicants";
        Between($"{At}/maxAsLead", rules.MaxAsLead, 1, 1000);
        Between($"{At}/maxAsPartner", rules.MaxAsPartner, 0, 1000);
        Between($"{At}/minPartners", rules.MinPartners, 0, 1000);
        Between($"{At}/maxPartners", rules.MaxPartners, 0, 1000);
        Between($"{At}/partnersFromAnotherCountry", rules.PartnersFromAnotherCountry, 0, 1000);
        if (rules.MinPartners > rules.MaxPartners) AddReading($"{At}/minPartners", [$"{At}/maxPartners"], "order.minAboveMax", rules.MinPartners, rules.MaxPartners);
        if (rules.PartnersFromAnotherCountry > rules.MaxPartners)
            AddReading($"{At}/partnersFromAnotherCountry", [$"{At}/maxPartners"], "applicants.foreign", rules.PartnersFromAnotherCountry, rules.MaxPartners);
        if (rules.MaxYearlyBudgetMinor is { } yearly) Positive($"{At}/maxYearlyBudgetMinor", yearly);
        Between($"{At}/yearsOfBudget", rules.YearsOfBudget, 0, 20);
        if (rules.MaxYearlyBudgetMinor is not null && rules.YearsOfBudget == 0) AddReading($"{At}/yearsOfBudget", [$"{At}/maxYearlyBudgetMinor"], "applicants.yearsMissing");
        if (rules.MaxYearlyBudgetMinor is null && rules.YearsOfBudget > 0) AddReading($"{At}/yearsOfBudget", [$"{At}/maxYearlyBudgetMinor"], "applicants.yearsWithoutBudget");
        Between($"{At}/minMonthsRegistered", rules.MinMonthsRegistered, 0, 600);
        Division();

        Ids("/indicators", call.Indicators.Select(indicator => indicator.Id));
        Each("/indicators", call.Indicators, (indicator, path) =>
        {
            Text($"{path}/label", indicator.Label);
            Text($"{path}/unit", indicator.Unit);
        });
    }

    /// <summary>From the budget of an application to the end of what is kept.</summary>
    public void Contract()
    {
        var headings = call.Budget.Headings.Select(heading => heading.Id).ToHashSet(StringComparer.Ordinal);
        Ids("/budget/headings", call.Budget.Headings.Select(heading => heading.Id));
        Each("/budget/headings", call.Budget.Headings, (heading, path) => Text($"{path}/label", heading.Label));
        Ids("/budget/limits", call.Budget.Limits.Select(limit => limit.Id));
        Each("/budget/limits", call.Budget.Limits, (limit, path) =>
        {
            Text($"{path}/label", limit.Label);
            if (limit.Headings.Count == 0) Add($"{path}/headings", "limit.headings");
            Each($"{path}/headings", limit.Headings, (heading, at) => Heading(at, heading));
            Each($"{path}/of", limit.Of, (heading, at) => Heading(at, heading));
            if (limit.MaxShareHundredths is { } share) Share($"{path}/maxShareHundredths", share);
            if (limit.MaxMinor is { } amount) Positive($"{path}/maxMinor", amount);
            if (limit.MaxShareHundredths is null == limit.MaxMinor is null) Add(path, "limit.oneOf");
        });
        Ids("/documents", call.Documents.Select(document => document.Id));
        Each("/documents", call.Documents, (document, path) => Text($"{path}/label", document.Label));
        if (call.Signatures.Count == 0) Add("/signatures", "signatures.none");
        Listed("/signatures", call.Signatures, _ => true, "", "signatures.twice");
        Instalments();
        Approvals();
        Ids("/reports", call.Reports.Select(report => report.Id));
        var finals = 0;
        Each("/reports", call.Reports, (report, path) =>
        {
            Text($"{path}/label", report.Label);
            if (report.IsFinal && ++finals > 1) AddReading($"{path}/isFinal", ["/reports/*"], "reports.finals");
            Between($"{path}/dueDays", report.DueDays, 1, 1000);
        });
        Between("/retentionYears", call.RetentionYears, 1, 50);
        Each("/notes", call.Notes, (note, path) => Words(path, note, compulsory: false));

        void Heading(string path, string heading)
        {
            if (!headings.Contains(heading)) AddReading(path, ["/budget/headings/*"], "limit.unknownHeading", Shown(heading));
        }
    }

    /// <summary>A member's value as it is written.</summary>
    internal static string Name(QuestionKind kind) => kind switch
    {
        QuestionKind.MultipleChoice => "multiple-choice",
        QuestionKind.YesNo => "yes-no",
        _ => kind.ToString().ToLowerInvariant(),
    };

    void Payers()
    {
        var (countries, paid) = (call.Countries.ToHashSet(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        Each("/payers", call.Payers, (payer, path) =>
        {
            Words($"{path}/name", payer.Name);
            if (payer.Countries.Count == 0) Add($"{path}/countries", "payers.noCountry");
            Each($"{path}/countries", payer.Countries, (country, at) =>
            {
                if (!countries.Contains(country)) AddReading(at, ["/countries"], "payers.outside", Shown(country));
                else if (!paid.Add(country)) AddReading(at, ["/payers/*"], "payers.twice", country);
            });
            Currency($"{path}/currency", payer.Currency);
        });
        foreach (var country in countries.Where(country => Codes.IsCountry(country) && !paid.Contains(country)))
            AddReading("/payers", ["/countries"], "payers.missing", country);
    }

    void Projects()
    {
        var duration = call.Duration;
        const string At = "/duration";
        Between($"{At}/minMonths", duration.MinMonths, 1, 120);
        Between($"{At}/maxMonths", duration.MaxMonths, 1, 120);
        if (duration.MinMonths > duration.MaxMonths) AddReading($"{At}/minMonths", [$"{At}/maxMonths"], "order.minAboveMax", duration.MinMonths, duration.MaxMonths);
        var (start, end) = (Day($"{At}/earliestStart", duration.EarliestStart), Day($"{At}/latestEnd", duration.LatestEnd));
        if (start is { } first && end is { } last && duration.MinMonths is >= 1 and <= 120 && first.AddMonths(duration.MinMonths) > last.AddDays(1))
            AddReading($"{At}/latestEnd", [$"{At}/earliestStart", $"{At}/minMonths"], "duration.doesNotFit", duration.MinMonths);
    }

    void Division()
    {
        var allocation = call.Allocation;
        const string At = "/allocation";
        Share($"{At}/minShareHundredths", allocation.MinShareHundredths);
        Between($"{At}/maxAwardsPerOrganisation", allocation.MaxAwardsPerOrganisation, 1, 1000);
        Between($"{At}/minGrants", allocation.MinGrants, 0, 100_000);
        Between($"{At}/minGrantsPerCountry", allocation.MinGrantsPerCountry, 0, 100_000);
        if (allocation.CapPerOrganisationMinor is { } cap)
        {
            Positive($"{At}/capPerOrganisationMinor", cap);
            var least = call.Lots.Select(lot => lot.MinGrantMinor).DefaultIfEmpty().Max();
            if (cap < least) AddReading($"{At}/capPerOrganisationMinor", ["/lots/*"], "allocation.capBelowMin", Amount(cap), Amount(least));
        }

        var smallest = call.Lots.Select(lot => lot.MinGrantMinor).DefaultIfEmpty().Min();
        Fits($"{At}/minGrants", allocation.MinGrants, "allocation.minGrants", []);
        Fits($"{At}/minGrantsPerCountry", (decimal)allocation.MinGrantsPerCountry * call.Countries.Count, "allocation.minGrantsPerCountry", ["/countries"]);

        void Fits(string path, decimal grants, string code, IReadOnlyList<string> reads)
        {
            if (smallest > 0 && grants * smallest > call.TotalBudgetMinor)
                AddReading(path, ["/lots/*", "/totalBudgetMinor", .. reads], code, grants, Amount(smallest), Amount(call.TotalBudgetMinor));
        }
    }

    void Instalments()
    {
        if (call.Instalments.Count == 0)
        {
            Add("/instalments", "instalments.none");
            return;
        }

        var sum = call.Instalments.Sum(instalment => (long)instalment.ShareHundredths);
        if (sum != All) Add("/instalments", "instalments.sum", Hundredths(sum));
        Each("/instalments", call.Instalments, (instalment, path) =>
        {
            if (instalment.ShareHundredths is <= 0 or > All) Add($"{path}/shareHundredths", "instalment.share");
            if (instalment.Trigger is not ("agreement-in-force" or "report-accepted" or "final-report-accepted"))
                Add($"{path}/trigger", "instalment.trigger", "agreement-in-force, report-accepted, final-report-accepted");
            else if (path == "/instalments/0" && instalment.Trigger != "agreement-in-force") Add($"{path}/trigger", "instalment.first", "agreement-in-force");
            if (instalment.Trigger == "report-accepted" && call.Reports.All(report => report.IsFinal)) AddReading($"{path}/trigger", ["/reports/*"], "instalment.noReport");
            if (instalment.Trigger == "final-report-accepted" && !call.Reports.Any(report => report.IsFinal))
                AddReading($"{path}/trigger", ["/reports/*"], "instalment.noFinalReport");
            Share($"{path}/spentHundredths", instalment.SpentHundredths);
        });
    }

    void Approvals()
    {
        if (call.Approvals.Count == 0) Add("/approvals", "approvals.none");
        long? before = null;
        Each("/approvals", call.Approvals, (rule, path) =>
        {
            var isLast = ReferenceEquals(rule, call.Approvals[^1]);
            if (rule.UpToMinor is { } limit)
            {
                Positive($"{path}/upToMinor", limit);
                if (isLast) AddReading($"{path}/upToMinor", ["/approvals"], "approvals.last");
                if (before is { } smaller && limit <= smaller) AddReading($"{path}/upToMinor", ["/approvals/*"], "approvals.order", Amount(smaller));
                before = limit;
            }
            else if (!isLast)
            {
                AddReading($"{path}/upToMinor", ["/approvals"], "approvals.limit");
            }

            if (rule.People is < 2 or > 9) Add($"{path}/people", "approvals.people");
        });
    }

    void Text(string path, Dictionary<string, string> text, bool compulsory = true)
    {
        string[] reads = ["/languages"];
        // What need not be said is said in every language or in none.
        if (compulsory || text.Values.Any(value => !string.IsNullOrWhiteSpace(value)))
        {
            foreach (var language in languages)
            {
                if (!text.TryGetValue(language, out var value)) AddReading($"{path}/{language}", reads, "text.missing", language);
                else if (string.IsNullOrWhiteSpace(value)) AddReading($"{path}/{language}", reads, "text.blank", language);
            }
        }

        foreach (var (language, value) in text)
        {
            var at = $"{path}/{DefinitionShape.Escape(language)}";
            if (!declared.Contains(language)) AddReading(at, reads, "text.undeclared", Shown(language));
            if (HasControls(value)) Add(at, "text.control");
        }
    }

    void Words(string path, string words, bool compulsory = true)
    {
        if (compulsory && string.IsNullOrWhiteSpace(words)) Add(path, "words.blank");
        if (HasControls(words)) Add(path, "text.control");
    }

    // PostgreSQL refuses some of them, letters and mails show none of them.
    static bool HasControls(string text) => text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t'));

    void Ids(string list, IEnumerable<string> ids, string member = "/id") => Ids(ids.Select((id, index) => ($"{list}/{index}{member}", id)), $"{list}/*");

    void Ids(IEnumerable<(string Path, string Id)> ids, string reads)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, id) in ids)
        {
            if (!Id().IsMatch(id)) Add(path, "id.form");
            else if (!seen.Add(id)) AddReading(path, [reads], "id.twice", id);
        }
    }

    void Listed<T>(string path, IReadOnlyList<T> items, Func<T, bool> known, string unknownCode, string twiceCode)
        where T : notnull
    {
        var seen = new HashSet<T>();
        Each(path, items, (item, at) =>
        {
            if (!known(item)) Add(at, unknownCode, Shown(item.ToString()!));
            else if (!seen.Add(item)) AddReading(at, [path], twiceCode, Shown(item.ToString()!));
        });
    }

    void Currency(string path, string code)
    {
        if (!Codes.IsCurrency(code)) Add(path, "currency.unknown", Shown(code));
    }

    void Positive(string path, long amount)
    {
        if (amount <= 0) Add(path, "amount.positive");
    }

    void Share(string path, int share)
    {
        if (share is < 0 or > All) Add(path, "share.range");
    }

    void Between(string path, long number, long from, long to)
    {
        if (number < from || number > to) Add(path, "number.range", from, to);
    }

    DateOnly? Day(string path, string written)
    {
        if (written.Length == 0) return null;
        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 9000) return day;
        Add(path, "day.form");
        return null;
    }

    DateTimeOffset? Moment(string path, string written)
    {
        // Without a zone nothing is known of any moment, which is said of the zone.
        if (!hasZone) return null;
        if (Dates.TryInstant(Local().IsMatch(written) ? written : "", call.TimeZone, out var instant, out var problem)) return instant;
        AddReading(path, ["/timeZone"], problem switch { DateProblem.DoesNotExist => "moment.doesNotExist", DateProblem.ExistsTwice => "moment.existsTwice", _ => "moment.form" }, Shown(written));
        return null;
    }

    /// <summary>An amount for a sentence; a plain number where the currency is not known.</summary>
    object Amount(decimal minor)
    {
        var shown = (long)Math.Clamp(minor, long.MinValue, long.MaxValue);
        return hasCurrency ? new Money(shown, call.Currency) : shown;
    }

    static decimal Hundredths(decimal number) => number / 100;

    static string Shown(string written) => DefinitionShape.Shown(written);

    static void Each<T>(string path, IReadOnlyList<T> items, Action<T, string> look)
    {
        for (var index = 0; index < items.Count; index++) look(items[index], string.Create(CultureInfo.InvariantCulture, $"{path}/{index}"));
    }

    void Add(string path, string code, params IReadOnlyList<object> arguments) => Found.Add(new(new(path, code, arguments), []));

    void AddReading(string path, IReadOnlyList<string> reads, string code, params IReadOnlyList<object> arguments) => Found.Add(new(new(path, code, arguments), reads));

    [GeneratedRegex(@"^(?=.{1,20}\z)[A-Z0-9-]+\z")]
    private static partial Regex Programme();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?\z")]
    private static partial Regex Local();
}

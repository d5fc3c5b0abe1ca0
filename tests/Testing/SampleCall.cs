using Grants.Contracts.Calls;

namespace Grants.Testing;

/// <summary>An invented call that breaks no rule, in as many languages as a test wants, and the changes that tests make to it.</summary>
public static class SampleCall
{
    /// <summary>A call of one intake, one check, one evaluation and one decision.</summary>
    /// <param name="languages">Its languages; the first is the one others fall back to.</param>
    public static CallDefinition In(params string[] languages) => new()
    {
        Schema = CallDefinition.SchemaName,
        Id = Guid.CreateVersion7(),
        Programme = "L4C",
        ReferencePrefix = "L4C-2026",
        Languages = languages,
        Title = Text(languages, "Small grants"),
        Summary = Text(languages, "For associations."),
        Objectives = [Text(languages, "Ties with citizens")],
        WhoMayApply = Text(languages, "Associations."),
        DonorContract = "",
        Funder = "European Union",
        Lead = "Agency",
        Partners = [],
        Payers = [new("Agency", ["BA"], "BAM")],
        Countries = ["BA"],
        Places = [],
        TimeZone = "Europe/Sarajevo",
        Currency = "BAM",
        TotalBudgetMinor = 10_000_000,
        Lots = [new("all", Text(languages, "All"), 10_000_000, 200_000, 1_000_000)],
        GrantForm = GrantForm.ActualCosts,
        Cofinancing = new(0, 10_000, false),
        Duration = new(1, 12, "", ""),
        Applicants = new(1, 1, TooManyRule.LaterOut, 0, 5, 0, null, 0, false, 0, false),
        Allocation = new(0, 1, null, 0, 0),
        Indicators = [],
        Stages =
        [
            new()
            {
                Id = "applications",
                Title = Text(languages, "Applications"),
                Intake = new("2026-12-01T08:00:00", "2027-01-15T23:59:59", [], "", [new("project", Text(languages, "The project"), [])], false, false, null, null, false),
            },
            new() { Id = "check", Title = Text(languages, "Check"), Check = new(false, [Item("in-time", Text(languages, "In time"))], 5) },
            new()
            {
                Id = "evaluation",
                Title = Text(languages, "Evaluation"),
                Evaluation = new(
                    Grid(600, Criterion("relevance", Text(languages, "Relevance"), 100, 500, 2)), 1, false, null, Aggregation.Average, 2, [new(TieBreakKind.EarlierSubmission, null)],
                    [new("scoring", Text(languages, "Scoring"), "evaluator", Sees.Never, false, true)]),
            },
            new() { Id = "decision", Title = Text(languages, "Decision"), Decision = new("chair", "decision-maker", 0, true, null) },
        ],
        Budget = new([], []),
        Documents = [],
        Signatures = [SignatureMethod.RecordedAcceptance],
        Instalments = [new(8_000, "agreement-in-force"), new(2_000, "final-report-accepted")],
        Approvals = [new(null, 2)],
        Reports = [new("final", Text(languages, "Final report"), true, 30)],
        RetentionYears = 5,
        Vat = VatRule.EligibleIfNotRecoverable,
        Notes = ["Amounts are assumptions."],
    };

    /// <summary>The same text in all languages.</summary>
    public static Dictionary<string, string> Text(IEnumerable<string> languages, string text) => languages.ToDictionary(language => language, _ => text, StringComparer.Ordinal);

    /// <summary>A question answered with text that must be answered.</summary>
    public static Question Question(string id, Dictionary<string, string> label, int maxCharacters, int lines = 6) => new()
    {
        Id = id, Kind = QuestionKind.Text, Label = label, Hint = [], Required = true, MaxCharacters = maxCharacters, Lines = lines,
    };

    /// <summary>A document asked for with the application.</summary>
    public static RequestedDocument Document(string id, Dictionary<string, string> label, bool required) => new(id, label, DocumentMoment.Application, required, false, SignedRule.No);

    /// <summary>An item of the check that may be clarified.</summary>
    public static CheckItem Item(string id, Dictionary<string, string> label) => new(id, label, [], true);

    /// <summary>A grid of one section.</summary>
    public static EvaluationGrid Grid(int thresholdHundredths, params IReadOnlyList<Criterion> criteria) => new([new("all", [], 0, null, criteria)], thresholdHundredths);

    /// <summary>A criterion in steps of one point that always wants a comment.</summary>
    public static Criterion Criterion(string id, Dictionary<string, string> label, int minPoints, int maxPoints, int weight) =>
        new(id, label, [], minPoints, maxPoints, 100, weight, 0, CommentRule.Always, true);

    /// <summary>With another closing of the first intake.</summary>
    public static CallDefinition Closing(this CallDefinition call, string closesAt) => call.WithIntake(intake => intake with { ClosesAt = closesAt });

    /// <summary>With another opening of the first intake.</summary>
    public static CallDefinition Opening(this CallDefinition call, string opensAt) => call.WithIntake(intake => intake with { OpensAt = opensAt });

    /// <summary>With these questions in the first intake.</summary>
    public static CallDefinition Asking(this CallDefinition call, params IReadOnlyList<Question> questions) =>
        call.WithIntake(intake => intake with { Sections = [intake.Sections[0] with { Questions = questions }] });

    /// <summary>With a changed first intake.</summary>
    public static CallDefinition WithIntake(this CallDefinition call, Func<Intake, Intake> change) => call.With(stage => stage.Intake is { } intake ? stage with { Intake = change(intake) } : stage);

    /// <summary>With these items in the check.</summary>
    public static CallDefinition Checking(this CallDefinition call, params IReadOnlyList<CheckItem> items) =>
        call.With(stage => stage.Check is { } check ? stage with { Check = check with { Items = items } } : stage);

    /// <summary>With this grid, and so many evaluators, in the evaluation.</summary>
    public static CallDefinition ScoredBy(this CallDefinition call, EvaluationGrid grid, int? evaluators = null) =>
        call.With(stage => stage.Evaluation is { } evaluation ? stage with { Evaluation = evaluation with { Grid = grid, Evaluators = evaluators ?? evaluation.Evaluators } } : stage);

    /// <summary>With changed stages.</summary>
    public static CallDefinition With(this CallDefinition call, Func<Stage, Stage> change) => call with { Stages = [.. call.Stages.Select(change)] };

    /// <summary>With another smallest and largest grant in its first lot.</summary>
    public static CallDefinition Granting(this CallDefinition call, long minGrantMinor, long maxGrantMinor) =>
        call with { Lots = [call.Lots[0] with { MinGrantMinor = minGrantMinor, MaxGrantMinor = maxGrantMinor }, .. call.Lots.Skip(1)] };

    /// <summary>With another budget, of the call and of its first lot.</summary>
    public static CallDefinition Budgeted(this CallDefinition call, long budgetMinor) =>
        call with { TotalBudgetMinor = budgetMinor, Lots = [call.Lots[0] with { BudgetMinor = budgetMinor }, .. call.Lots.Skip(1)] };
}

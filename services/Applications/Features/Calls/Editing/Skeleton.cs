using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>What a call from nothing begins with: the least that breaks no rule, in the officer's language. Everything in it is there to be changed.</summary>
static class Skeleton
{
    /// <summary>A call of one intake, one check, one evaluation and one decision that opens next month.</summary>
    public static CallDefinition Of(Guid id, string programme, DateTimeOffset now, PageContext page)
    {
        var opens = new DateTime(now.Year, now.Month, 1, 8, 0, 0, DateTimeKind.Unspecified).AddMonths(1);
        return new CallDefinition
        {
            Schema = CallDefinition.SchemaName,
            Id = id,
            Programme = programme,
            ReferencePrefix = $"{programme}-{opens.Year.ToString(CultureInfo.InvariantCulture)}",
            Languages = [page.Language],
            Title = Text("title"),
            Summary = Text("summary"),
            Objectives = [Text("objective")],
            WhoMayApply = Text("who"),
            DonorContract = "",
            Funder = page.Text(typeof(Skeleton), "skeleton.funder"),
            Lead = page.Text(typeof(Skeleton), "skeleton.lead"),
            Partners = [],
            Payers = [new(page.Text(typeof(Skeleton), "skeleton.lead"), ["BA"], "BAM")],
            Countries = ["BA"],
            Places = [],
            TimeZone = PageContext.DefaultZone,
            Currency = "BAM",
            TotalBudgetMinor = 10_000_000,
            Lots = [new("all", Text("lot"), 10_000_000, 100_000, 1_000_000)],
            GrantForm = GrantForm.ActualCosts,
            Cofinancing = new(0, 10_000, false),
            Duration = new(1, 12, "", ""),
            Applicants = new(1, 1, TooManyRule.LaterOut, 0, 0, 0, null, 0, false, 0, false),
            Allocation = new(0, 1, null, 0, 0),
            Indicators = [],
            Stages =
            [
                new()
                {
                    Id = "applications",
                    Title = Text("applications"),
                    Intake = new(Local(opens), Local(opens.AddDays(45).Date.AddDays(1).AddSeconds(-1)), [], "", [new("project", Text("section"), [Question()])], false, false, null, null, false),
                },
                new() { Id = "check", Title = Text("check"), Check = new(false, [new("in-time", Text("item"), [], true)], 5) },
                new()
                {
                    Id = "evaluation",
                    Title = Text("evaluation"),
                    Evaluation = new(
                        new EvaluationGrid([new("quality", Text("quality"), 0, null, [new("relevance", Text("criterion"), [], 100, 500, 100, 1, 0, CommentRule.Always, true)])], 300),
                        2, false, null, Aggregation.Average, 2, [new(TieBreakKind.EarlierSubmission, null)],
                        [new("scoring", Text("scoring"), "evaluator", Sees.Never, false, true)]),
                },
                new() { Id = "decision", Title = Text("decision"), Decision = new("chair", "decision-maker", 0, true, null) },
            ],
            Budget = new([], []),
            Documents = [],
            Signatures = [SignatureMethod.RecordedAcceptance],
            Instalments = [new(8_000, "agreement-in-force"), new(2_000, "final-report-accepted")],
            Approvals = [new(null, 2)],
            Reports = [new("final", Text("report"), true, 30)],
            RetentionYears = 5,
            Vat = VatRule.EligibleIfNotRecoverable,
            Notes = [],
        };

        Dictionary<string, string> Text(string key) => new(StringComparer.Ordinal) { [page.Language] = page.Text(typeof(Skeleton), "skeleton." + key) };

        Question Question() => new() { Id = "problem", Kind = QuestionKind.Text, Label = Text("question"), Hint = [], Required = true, MaxCharacters = 2000, Lines = 8 };

        static string Local(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }
}

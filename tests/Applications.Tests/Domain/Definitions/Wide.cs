using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain.Definitions;

/// <summary>A definition that says everything a definition can say, without breaking a rule: two lots, two intakes, all kinds of questions.</summary>
static class Wide
{
    static readonly string[] Languages = ["en", "mk"];

    /// <summary>The definition.</summary>
    public static CallDefinition Call() => SampleCall.In(Languages) with
    {
        Id = World.CallId,
        Payers = [new("Agency", ["BA", "MK"], "BAM"), new("Other agency", ["RS"], "RSD")],
        Partners = ["Partner"],
        Places = ["Mostar"],
        Countries = ["BA", "MK", "RS"],
        TotalBudgetMinor = 10_000_000,
        Lots = [new("small", Text("Small"), 4_000_000, 200_000, 1_000_000), new("large", Text("Large"), 6_000_000, 500_000, 2_000_000)],
        Cofinancing = new(1_000, 5_000, true),
        Duration = new(3, 12, "2027-03-01", "2028-12-31"),
        Applicants = new(1, 2, TooManyRule.LaterOut, 1, 4, 1, 5_000_000, 3, true, 12, false),
        Allocation = new(8_000, 1, 2_000_000, 4, 2),
        Indicators = [new("people", Text("People reached"), Text("persons"))],
        Stages = [Notes(), Check(), FirstEvaluation(), Proposals(), SecondEvaluation(), LateCheck(), Decision()],
        Budget = new(
            [new("direct", Text("Direct costs")), new("indirect", Text("Indirect costs"))],
            [new("indirect-share", Text("At most 7 %"), ["indirect"], ["direct"], 700, null), new("direct-amount", Text("At most 10,000"), ["direct"], [], null, 1_000_000)]),
        Documents = [SampleCall.Document("registration", Text("Registration"), true)],
        Signatures = [SignatureMethod.RecordedAcceptance, SignatureMethod.SignedScan],
        Instalments = [new(5_000, "agreement-in-force"), new(3_000, "report-accepted", 7_000), new(2_000, "final-report-accepted")],
        Approvals = [new(100_000, 2), new(500_000, 3), new(null, 4)],
        Reports = [new("interim", Text("Interim report"), false, 180), new("final", Text("Final report"), true, 60)],
    };

    /// <summary>As JSON.</summary>
    public static JsonObject Json() => (JsonObject)JsonSerializer.SerializeToNode(Call(), CanonicalJson.Options)!;

    static Dictionary<string, string> Text(string text) => SampleCall.Text(Languages, text);

    static Stage Notes() => new()
    {
        Id = "notes",
        Title = Text("Concept notes"),
        Intake = new(
            "2026-12-01T08:00:00", "2027-01-15T23:59:59", ["2026-12-20T23:59:59", "2027-01-15T23:59:59"], "2027-01-08T16:00:00",
            [
                new("idea", Text("The idea"),
                [
                    SampleCall.Question("problem", Text("Which problem?"), 500),
                    Question("people", QuestionKind.Number) with { Least = 1, Most = 1_000 },
                    Question("theme", QuestionKind.Choice) with { Options = [new("youth", Text("Youth")), new("culture", Text("Culture"))] },
                ]),
                new("more", Text("More"),
                [
                    Question("groups", QuestionKind.MultipleChoice) with { Options = [new("women", Text("Women")), new("men", Text("Men"))] },
                    Question("before", QuestionKind.YesNo) with { Condition = new("theme", ["youth"]) },
                    Question("when", QuestionKind.Date) with { Condition = new("before", ["yes"]) },
                    Question("worth", QuestionKind.Money) with { Condition = new("groups", ["women", "men"]) },
                ]),
            ],
            false, false, null, null, true),
    };

    static Stage Check() => new() { Id = "check", Title = Text("Check"), Check = new(false, [new("registered", Text("Registered"), ["registration"], true)], 5) };

    static Stage FirstEvaluation() => new()
    {
        Id = "first",
        Title = Text("First evaluation"),
        Evaluation = new(
            new(
                [
                    new("quality", Text("Quality"), 400, null,
                    [
                        SampleCall.Criterion("relevance", Text("Relevance"), 100, 500, 2) with { MinHundredths = 200 },
                        SampleCall.Criterion("hope", Text("Hope"), 0, 500, 1) with { Counts = false },
                    ]),
                    new("cost", Text("Cost"), 0, null, [SampleCall.Criterion("value", Text("Value"), 0, 1_000, 1) with { Step = 50 }]),
                ],
                1_200),
            2, true, new(600, null, true, ThirdResult.ClosestTwo), Aggregation.Average, 2,
            [new(TieBreakKind.Section, "quality"), new(TieBreakKind.SmallerRequest, null), new(TieBreakKind.EarlierSubmission, null)],
            [new("scoring", Text("Scoring"), "evaluator", Sees.Never, false, false), new("meeting", Text("Meeting"), "committee-member", Sees.AtMeeting, true, true)]),
    };

    static Stage Proposals() => new()
    {
        Id = "proposals",
        Title = Text("Full proposals"),
        Intake = new(
            "2027-03-01T08:00:00", "2027-04-15T23:59:59", [], "",
            [
                new("plan", Text("The plan"),
                [
                    Question("plan", QuestionKind.File),
                    Question("ally", QuestionKind.Organisation),
                    Question("steps", QuestionKind.Table) with { Columns = [new("what", Text("What"), QuestionKind.Text), new("until", Text("Until"), QuestionKind.Date)], MaxRows = 10 },
                ]),
            ],
            true, true, "notes", 2_000, false),
    };

    static Stage SecondEvaluation() => new()
    {
        Id = "second",
        Title = Text("Second evaluation"),
        Evaluation = new(
            new(
                [
                    new("before", Text("Of the concept note"), 0, new("first", "quality"), []),
                    new("plan", Text("Plan"), 1_000, null, [SampleCall.Criterion("feasibility", Text("Feasibility"), 100, 500, 1)]),
                ],
                1_500),
            2, false, new(null, 3_000, false, ThirdResult.All), Aggregation.Sum, 0, [new(TieBreakKind.Section, "plan")], [new("scoring", Text("Scoring"), "chair", Sees.AfterOwn, false, true)]),
    };

    static Stage LateCheck() => new() { Id = "late-check", Title = Text("Eligibility"), Check = new(true, [new("eligible", Text("Eligible"), [], false)], 0) };

    static Stage Decision() => new() { Id = "decision", Title = Text("Decision"), Decision = new("chair", "decision-maker", 3, true, new(8, true, true, Text("The agency"))) };

    static Question Question(string id, QuestionKind kind) => new() { Id = id, Kind = kind, Label = Text(id), Hint = [], Required = false };
}

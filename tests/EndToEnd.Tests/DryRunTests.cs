using System.Globalization;
using System.Net;
using System.Text.Json;
using Grants.AllInOne.DryRun;
using Grants.Applications;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Testing;

namespace Grants.EndToEnd.Tests;

/// <summary>Definitions are tried without a database: those of the demonstration reach their end, and each way of getting stuck is named with its stage and rule.</summary>
public sealed class DryRunTests
{
    static readonly string Demo = Path.Combine(Shared.Repository, "services", "AllInOne", "demo");
    static readonly DateTimeOffset Published = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Calls => [.. Directory.EnumerateFiles(Demo, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_of_the_demonstration_takes_a_grant_to_its_end(string file)
    {
        var call = JsonSerializer.Deserialize<CallDefinition>(File.ReadAllText(Path.Combine(Demo, file)), MessageJson.Options)!;
        var result = DryRun.Of(call, Opening(call).AddDays(-1));

        Assert.True(result.Passes, $"{file} is stuck in {result.Stuck?.Stage}: {result.Stuck?.Sentence("en")}");
        Assert.Equal(result.Steps.Select(step => step.At).Order(), result.Steps.Select(step => step.At));
        Assert.Equal(call.Instalments.Count, result.Steps.Count(step => step.Code == "paid"));
        Assert.All(call.Stages, stage => Assert.Contains(result.Steps, step => step.Stage == stage.Id));
        Assert.Equal("ended", result.Steps[^1].Code);
    }

    [Fact]
    public void The_same_definition_and_time_give_the_same_steps_by_the_clock_of_the_calls_zone()
    {
        var (first, second) = (DryRun.Of(Sound(), Published), DryRun.Of(Sound(), Published));
        Assert.Null(first.Stuck);
        Assert.Equal(first.Steps.Select(step => (step.Stage, step.At, step.Sentence("en"))), second.Steps.Select(step => (step.Stage, step.At, step.Sentence("en"))));
        Assert.Equal(
            [
                ("applications", "published", "2026-10-01T10:00:00"), ("applications", "opened", "2026-12-01T08:00:00"), ("applications", "draft-begun", "2026-12-01T08:00:00"),
                ("applications", "submitted", "2027-01-15T22:59:59"), ("applications", "closed", "2027-01-16T00:00:00"), ("check", "clarification", "2027-01-17T10:00:00"),
                ("check", "checked", "2027-01-23T10:00:00"), ("evaluation", "assigned", "2027-01-30T10:00:00"), ("evaluation", "scored", "2027-02-13T10:00:00"),
                ("decision", "ranked", "2027-02-20T10:00:00"), ("decision", "recommended", "2027-02-20T10:00:00"), ("decision", "decided", "2027-02-27T10:00:00"),
                ("decision", "letter", "2027-02-28T10:00:00"), (DryRun.Agreement, "offered", "2027-03-04T10:00:00"), (DryRun.Agreement, "in-force", "2027-03-08T10:00:00"),
                (DryRun.Payments, "due", "2027-03-08T10:00:00"), (DryRun.Payments, "approved", "2027-03-10T10:00:00"), (DryRun.Payments, "paid", "2027-03-12T10:00:00"),
                (DryRun.Reports, "final-report", "2027-07-28T10:00:00"), (DryRun.Payments, "due", "2027-07-28T10:00:00"), (DryRun.Payments, "approved", "2027-07-30T10:00:00"),
                (DryRun.Payments, "paid", "2027-08-01T10:00:00"), (DryRun.Closure, "ended", "2027-08-02T10:00:00"),
            ],
            first.Steps.Select(step => (step.Stage, step.Code, step.Local)));
    }

    [Fact]
    public void Two_evaluations_interim_reports_more_approvals_and_a_time_for_objections_are_gone_through()
    {
        var call = Sound() with
        {
            Instalments = [new(5_000, Instalment.AgreementInForce), new(3_000, Instalment.ReportAccepted, 7_000), new(2_000, Instalment.FinalReportAccepted)],
            Reports = [Report("interim", false, 30), Report("final", true, 30)],
            Approvals = [new(400_000, 2), new(null, 3)],
        };
        call = WithNational(call).With(stage => stage.Decision is { } decision ? stage with { Decision = decision with { Objection = new(8, true, true, []) } } : stage);
        var result = DryRun.Of(call, Published);

        Assert.Null(result.Stuck);
        Assert.Equal(["assigned-national", "scored", "assigned", "scored"], result.Steps.Where(step => step.Code.StartsWith("assigned", StringComparison.Ordinal) || step.Code == "scored").Select(step => step.Code));
        Assert.Equal([3, 2, 2], result.Steps.Where(step => step.Code == "approved").Select(step => (int)step.Arguments[1]));
        Assert.Contains(result.Steps, step => step.Code == "objections-over");
    }

    public static TheoryData<string> Broken => [.. Breaks.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_definition_that_gets_stuck_names_the_stage_and_the_rule(string name)
    {
        var (_, stage, rule, breaks) = Breaks.Single(one => one.Name == name);
        var result = DryRun.Of(breaks(Sound()), Published);

        Assert.NotNull(result.Stuck);
        Assert.Equal((stage, rule), (result.Stuck.Stage, result.Stuck.Rule));
        Assert.EndsWith(".", result.Stuck.Sentence("en"), StringComparison.Ordinal);
        Assert.NotEqual(result.Stuck.Sentence("en"), result.Stuck.Sentence("bs"));
    }

    [Fact]
    public void A_call_that_is_over_when_it_is_published_takes_nobody_in() =>
        Assert.Equal(("applications", "closed-already"), (DryRun.Of(Sound(), Published.AddYears(1)).Stuck!.Stage, DryRun.Of(Sound(), Published.AddYears(1)).Stuck!.Rule));

    [Fact]
    public void Texts_are_complete_in_English_and_Bosnian() => Assert.Empty(TextsCheck.Problems(typeof(AllInOne.Host).Assembly));

    [Fact]
    public async Task An_officer_of_the_call_tries_it_and_nobody_else_does()
    {
        await using var product = await Product.StartAsync();
        using var life = new Life(product.Address);
        var page = (await (await life.AsAsync(Life.Officer)).OpenAsync($"/calls/{Life.Call}/try")).Expect();
        Assert.Contains("The grant reaches its end", page.Text, StringComparison.Ordinal);
        Assert.Contains("Instalment 2 is paid", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await life.AsAsync(Life.Evaluator)).OpenAsync($"/calls/{Life.Call}/try")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await life.AsAsync(Life.Officer)).OpenAsync($"/calls/{Guid.NewGuid()}/try")).Status);

        // A draft is tried from its preview.
        var officer = await life.AsAsync(Life.Officer);
        var versions = (await officer.OpenAsync($"/desk/calls/{Life.Call}/versions")).Expect();
        (await officer.SubmitAsync(versions, "/amendment")).Expect();
        var preview = (await officer.OpenAsync($"/desk/calls/{Life.Call}/draft/preview")).Expect();
        var draft = (await officer.OpenAsync(preview.Link("/draft/try"))).Expect();
        Assert.Contains("The grant reaches its end", draft.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await (await life.AsAsync(Life.Evaluator)).OpenAsync($"/desk/calls/{Life.Call}/draft/try")).Status);
    }

    [Fact]
    public async Task Where_the_services_run_apart_the_page_does_not_exist()
    {
        await using var service = await ServiceFixture.StartAsync(ApplicationsService.Definition);
        Assert.Equal("applications", Routes.ServiceFor($"/calls/{Life.Call}/try"));
        var officer = new Caller(Guid.NewGuid(), "Emir", "en", [new(Role.ProgrammeOfficer, "*")]);
        Assert.True((await service.Client(officer).GetAsync(new Uri($"/calls/{Life.Call}/try", UriKind.Relative))).IsHidden());
        Assert.True((await service.Client(officer).GetAsync(new Uri($"/desk/calls/{Life.Call}/draft/try", UriKind.Relative))).IsHidden());
    }

    static readonly (string Name, string Stage, string Rule, Func<CallDefinition, CallDefinition> Break)[] Breaks =
    [
        ("opening after closing", "applications", "opens-after-closing", call => call.Opening("2027-01-16T00:00:00")),
        ("a closing that does not exist", "applications", "not-a-moment", call => call.Closing("2027-03-28T02:30:00")),
        ("an unknown zone", "applications", "zone", call => call with { TimeZone = "Europe/Nowhere" }),
        ("no country", "applications", "countries", call => call with { Countries = [] }),
        ("no currency", "applications", "currency", call => call with { Currency = "marks" }),
        ("no time for the project", "applications", "no-time", call => call with { Duration = new(6, 12, "2027-02-01", "2027-06-30") }),
        ("projects that end before the call closes", "applications", "no-time", call => call with { Duration = new(1, 12, "", "2027-02-01") }),
        ("more partners than are allowed", "applications", "partners", call => call with { Applicants = call.Applicants with { MinPartners = 6 } }),
        ("a cap below the smallest grant", "applications", "no-amount", call => call with { Allocation = call.Allocation with { CapPerOrganisationMinor = 100 } }),
        ("a question without room for an answer", "applications", "question", call => call.Asking(SampleCall.Question("why", Text("Why?"), 0))),
        ("a choice of nothing", "applications", "question", call => call.Asking(new Question { Id = "where", Kind = QuestionKind.Choice, Label = Text("Where?"), Hint = [], Required = true })),
        ("a number above the most", "applications", "question",
            call => call.Asking(new Question { Id = "count", Kind = QuestionKind.Number, Label = Text("How many?"), Hint = [], Required = true, Least = 5, Most = 4 })),
        ("a table without columns", "applications", "question", call => call.Asking(new Question { Id = "team", Kind = QuestionKind.Table, Label = Text("Team"), Hint = [], Required = true })),
        ("cut-offs", "applications", "cutoffs", call => call.WithIntake(intake => intake with { Cutoffs = ["2026-12-20T12:00:00"] })),
        ("an intake for the invited", "applications", "invited-only", call => call.WithIntake(intake => intake with { InvitedOnly = true })),
        ("two lots", "applications", "lots", call => call with { Lots = [call.Lots[0], call.Lots[0] with { Id = "second" }] }),
        ("a second intake", "full", "second-intake", call => call with { Stages = [call.Stages[0], call.Stages[1], call.Stages[0] with { Id = "full" }, .. call.Stages.Skip(2)] }),
        ("a check of the selected", "check", "selected-only", call => call.With(stage => stage.Check is { } check ? stage with { Check = check with { SelectedOnly = true } } : stage)),
        ("a check after the evaluation", "check", "order", call => call with { Stages = [call.Stages[0], call.Stages[2], call.Stages[1], call.Stages[3]] }),
        ("no check", "applications", "no-check", call => call with { Stages = [call.Stages[0], .. call.Stages.Skip(2)] }),
        ("no decision", "applications", "no-decision", call => call with { Stages = [.. call.Stages.SkipLast(1)] }),
        ("a carried score", "evaluation", "carried", call => call.ScoredBy(new EvaluationGrid([new("before", Text("Before"), 0, new("national", "all"), [])], 0))),
        ("a threshold out of reach", "evaluation", "threshold", call => call.ScoredBy(SampleCall.Grid(1001, SampleCall.Criterion("relevance", Text("Relevance"), 100, 500, 2)))),
        ("a section's minimum out of reach", "evaluation", "minimum",
            call => call.ScoredBy(new EvaluationGrid([new("all", Text("All"), 1001, null, call.FinalEvaluation.Grid.Criteria)], 600))),
        ("a criterion's minimum out of reach", "evaluation", "minimum",
            call => call.ScoredBy(SampleCall.Grid(600, SampleCall.Criterion("relevance", Text("Relevance"), 100, 500, 2) with { MinHundredths = 501 }))),
        ("a scale without steps", "evaluation", "scale", call => call.ScoredBy(SampleCall.Grid(600, SampleCall.Criterion("relevance", Text("Relevance"), 100, 500, 2) with { Step = 0 }))),
        ("nothing to score", "evaluation", "no-criteria", call => call.ScoredBy(SampleCall.Grid(0))),
        ("no evaluators", "evaluation", "evaluators", call => call.ScoredBy(call.FinalEvaluation.Grid, 0)),
        ("a national threshold out of reach", "national", "threshold", call => WithNational(call, threshold: 2000)),
        ("a budget smaller than a grant", "decision", "budget", call => call with { TotalBudgetMinor = 900_000 }),
        ("a recommendation by somebody else", "decision", "recommends",
            call => call.With(stage => stage.Decision is { } decision ? stage with { Decision = decision with { Recommends = Role.Evaluator } } : stage)),
        ("a decision by somebody else", "decision", "decides", call => call.With(stage => stage.Decision is { } decision ? stage with { Decision = decision with { Decides = Role.Chair } } : stage)),
        ("instalments that are not the whole", DryRun.Agreement, "instalments", call => call with { Instalments = [new(8_000, Instalment.AgreementInForce)] }),
        ("an unknown trigger", DryRun.Agreement, "instalments", call => call with { Instalments = [new(8_000, Instalment.AgreementInForce), new(2_000, "some-day")] }),
        ("nobody who pays", DryRun.Agreement, "payer", call => call with { Payers = [] }),
        ("no way to sign", DryRun.Agreement, "signatures", call => call with { Signatures = [] }),
        ("approvals that end below the grant", DryRun.Agreement, "approvals", call => call with { Approvals = [new(500_000, 2)] }),
        ("more approvals than people", DryRun.Payments, "approvals-many", call => call with { Approvals = [new(null, 50)] }),
        ("no final report", DryRun.Payments, "no-final-report", call => call with { Reports = [] }),
        ("no interim report", DryRun.Payments, "no-report", call => call with { Instalments = [new(8_000, Instalment.AgreementInForce), new(2_000, Instalment.ReportAccepted)] }),
        ("more to be spent than was paid", DryRun.Payments, "spent",
            call => call with { Instalments = [new(8_000, Instalment.AgreementInForce), new(2_000, Instalment.FinalReportAccepted, 10_001)] }),
        ("a report before its time", DryRun.Reports, "report-days", call => call with { Reports = [Report("final", true, -1)] }),
    ];

    static CallDefinition Sound() => SampleCall.In("bs", "en").Asking(SampleCall.Question("why", Text("Why?"), 500)) with { Reports = [Report("final", true, 60)] };

    static CallDefinition WithNational(CallDefinition call, int threshold = 600)
    {
        var last = call.Stages.Single(stage => stage.Evaluation is not null);
        var national = last with
        {
            Id = "national",
            Title = Text("National evaluation"),
            Evaluation = last.Evaluation! with { FromCountryOfApplicant = true, Grid = SampleCall.Grid(threshold, SampleCall.Criterion("needs", Text("Needs"), 0, 500, 2)) },
        };
        return call with { Stages = [call.Stages[0], call.Stages[1], national, .. call.Stages.Skip(2)] };
    }

    static ReportRule Report(string id, bool isFinal, int dueDays) => new(id, Text(id), isFinal, dueDays);

    static Dictionary<string, string> Text(string text) => SampleCall.Text(["bs", "en"], text);

    static DateTimeOffset Opening(CallDefinition call) => new(DateTime.Parse(call.OpensAt, CultureInfo.InvariantCulture), TimeSpan.Zero);
}

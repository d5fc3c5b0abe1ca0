using Grants.Contracts.Calls;
using Grants.Testing;

namespace Grants.Reviews.Tests;

/// <summary>Invented calls, people and organisations.</summary>
static class Sample
{
    /// <summary>A call with three criteria of 1 to 5 points, the first counted twice, and two reviews for each application.</summary>
    public static CallDefinition Definition(Guid? id = null, long budget = 1_000_000, int evaluators = 2) => (SampleCall.In("bs", "en") with
    {
        Id = id ?? Guid.CreateVersion7(),
        Title = Texts("Mali grantovi", "Small grants"),
        Places = ["Mostar"],
    }).Budgeted(budget).ScoredBy(
        SampleCall.Grid(
            1200,
            SampleCall.Criterion("needs", Texts("Potrebe", "Needs"), 100, 500, 2),
            SampleCall.Criterion("design", Texts("Plan", "Design"), 100, 500, 1),
            SampleCall.Criterion("budget", Texts("Budžet", "Budget"), 100, 500, 1)),
        evaluators);

    /// <summary>The same call with a national evaluation by one evaluator of the applicant's country before the evaluation by two.</summary>
    public static CallDefinition InTwoEvaluations()
    {
        var call = Definition();
        var last = call.Stages.Single(stage => stage.Evaluation is not null);
        var national = last with
        {
            Id = "national",
            Title = Texts("Nacionalno ocjenjivanje", "National evaluation"),
            Evaluation = last.Evaluation! with
            {
                Evaluators = 1,
                FromCountryOfApplicant = true,
                Grid = SampleCall.Grid(600, SampleCall.Criterion("needs", Texts("Potrebe u državi", "Needs of the country"), 100, 500, 2)),
            },
        };
        return call with
        {
            Stages =
            [
                .. call.Stages.TakeWhile(stage => stage.Evaluation is null), national, last with { Title = Texts("Međunarodno ocjenjivanje", "International evaluation") },
                .. call.Stages.SkipWhile(stage => stage.Evaluation is null).Skip(1),
            ],
        };
    }

    static Dictionary<string, string> Texts(string bs, string en) => new() { ["bs"] = bs, ["en"] = en };
}

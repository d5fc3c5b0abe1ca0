using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Testing;

namespace Grants.Applications.Tests.Domain.Definitions;

public sealed class PromiseTests
{
    static readonly CallDefinition Before = Wide.Call();

    [Fact]
    public void Words_and_times_break_no_promise() => Assert.Equal([], Promises.Broken(Before, Before.Closing("2027-01-16T23:59:59") with
    {
        Title = SampleCall.Text(["en", "mk"], "Better title"), RetentionYears = 9, Lots = [.. Before.Lots.Select(lot => lot with { Title = SampleCall.Text(["en", "mk"], "Better lot") })],
    }));

    [Theory]
    [InlineData("/currency", "\"EUR\"")]
    [InlineData("/totalBudgetMinor", "1")]
    [InlineData("/lots/0/id", "\"other\"")]
    [InlineData("/lots/0/budgetMinor", "1")]
    [InlineData("/lots/1/minGrantMinor", "1")]
    [InlineData("/lots/1/maxGrantMinor", "1")]
    [InlineData("/lots", "[]")]
    [InlineData("/stages/2/evaluation/grid/thresholdHundredths", "700")]
    [InlineData("/stages/2/evaluation/grid/sections", "[]")]
    [InlineData("/stages/2/evaluation/grid/sections/0/id", "\"other\"")]
    [InlineData("/stages/2/evaluation/grid/sections/0/minHundredths", "1")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/0/id", "\"other\"")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/0/minPoints", "0")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/0/maxPoints", "400")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/0/step", "50")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/0/weight", "3")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/0/minHundredths", "0")]
    [InlineData("/stages/2/evaluation/grid/sections/0/criteria/1/counts", "true")]
    [InlineData("/stages/4/evaluation/grid/sections/0/carriedFrom", "null")]
    [InlineData("/stages/4/evaluation/grid/sections/0/carriedFrom/section", "\"cost\"")]
    public void Whatever_applicants_rely_on_is_told_by_its_place(string path, string json)
    {
        var root = Wide.Json();
        Examples.With(path, json)(root);
        var after = System.Text.Json.JsonSerializer.Deserialize<CallDefinition>(root.ToJsonString(), Platform.Files.CanonicalJson.Options)!;
        Assert.Equal(path, Assert.Single(Promises.Broken(Before, after)).Path);
    }

    [Fact]
    public void Evaluations_stay_and_none_is_added()
    {
        var fewer = Before with { Stages = [.. Before.Stages.Where(stage => stage.Id != "second")] };
        Assert.Equal([("/stages", "promise.noEvaluation")], Promises.Broken(Before, fewer).Select(problem => (problem.Path, problem.Code)));
        Assert.Equal([("/stages/4/evaluation", "promise.newEvaluation")], Promises.Broken(fewer, Before).Select(problem => (problem.Path, problem.Code)));
    }
}

using System.Text.Json;
using Grants.Contracts.Calls;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Domain;

public sealed class SummaryTests
{
    static readonly DateTimeOffset Now = new(2027, 2, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly CallDefinition Call = Sample.Definition().ScoredBy(new EvaluationGrid(
        [
            new GridSection("relevance", Text("Relevance"), 0, null, [SampleCall.Criterion("needs", Text("Needs"), 100, 500, 2)]),
            new GridSection("plan", Text("Plan"), 0, null, [SampleCall.Criterion("design", Text("Design"), 100, 500, 1), SampleCall.Criterion("budget", Text("Budget"), 100, 500, 1)]),
        ], 1200));

    static readonly Grid Grid = Grid.Last(Call);

    [Fact]
    public void Sections_are_put_together_as_the_whole_is_and_comments_stand_in_alphabetical_order()
    {
        var (one, other) = (Review(400, "Zrelo.", "budget is thin"), Review(300, "another need", "Clear plan"));
        var findings = Summary.Of(Grid, [one, other], new HashSet<Guid>())!;

        Assert.Equal((1400, 2000), (findings.ScoreHundredths, findings.MaxHundredths));
        Assert.Equal([(700, 1000), (700, 1000)], findings.Sections.Select(section => (section.ScoreHundredths, section.MaxHundredths)));
        Assert.Equal(["another need", "Zrelo."], findings.Sections[0].Comments);
        Assert.Equal(["budget is thin", "budget is thin", "Clear plan", "Clear plan"], findings.Sections[1].Comments);
        Assert.Equal(JsonSerializer.Serialize(findings), JsonSerializer.Serialize(Summary.Of(Grid, [other, one], new HashSet<Guid>())));
        Assert.DoesNotContain(one.EvaluatorId.ToString(), JsonSerializer.Serialize(findings));
    }

    [Fact]
    public void What_does_not_count_is_not_found_and_without_a_review_nothing_is()
    {
        var (one, other) = (Review(400, "Good.", "Good."), Review(100, "Mine is better.", "Bad."));

        var findings = Summary.Of(Grid, [one, other], new HashSet<Guid> { other.EvaluatorId })!;
        Assert.Equal(1600, findings.ScoreHundredths);
        Assert.DoesNotContain(findings.Sections.SelectMany(section => section.Comments), comment => comment.Contains("Mine", StringComparison.Ordinal));
        Assert.Null(Summary.Of(Grid, [one, other], new HashSet<Guid> { one.EvaluatorId, other.EvaluatorId }));
        Assert.Null(Summary.Of(Grid, [], new HashSet<Guid>()));
    }

    [Theory]
    [InlineData("2027-02-01T09:00", 8, false, "Europe/Sarajevo", "2027-02-09T23:00")] // to the end of the ninth, which is an hour earlier in UTC
    [InlineData("2027-02-01T23:30", 8, false, "Europe/Sarajevo", "2027-02-10T23:00")] // it is the second already
    [InlineData("2027-03-22T09:00", 8, false, "Europe/Belgrade", "2027-03-30T22:00")] // summer time has begun
    [InlineData("2027-02-05T09:00", 1, true, "Europe/Sarajevo", "2027-02-08T23:00")] // Friday to Monday
    [InlineData("2027-02-01T09:00", 15, true, "Europe/Sarajevo", "2027-02-22T23:00")]
    public void Objections_end_with_a_local_day(string decided, int days, bool working, string zone, string expected) =>
        Assert.Equal(Utc(expected), ObjectionPeriod.EndsAt(new ObjectionRule(days, working, true, []), Utc(decided), zone));

    [Fact]
    public void Contracting_waits_only_where_objections_suspend_it()
    {
        CallDefinition With(ObjectionRule? rule) => Call.With(stage => stage.Decision is { } decision ? stage with { Decision = decision with { Objection = rule } } : stage);

        Assert.Null(ObjectionPeriod.ContractingFrom(With(null), Now));
        Assert.Null(ObjectionPeriod.ContractingFrom(With(new ObjectionRule(8, false, false, [])), Now));
        Assert.Equal(Utc("2027-02-09T23:00"), ObjectionPeriod.ContractingFrom(With(new ObjectionRule(8, false, true, [])), Now));
    }

    static Assignment Review(int points, string needs, string plan)
    {
        var review = Assignment.Make(Guid.NewGuid(), 0, Guid.NewGuid(), Guid.NewGuid(), Now, "");
        review.DeclareImpartial(Now);
        review.Save("needs", points, needs, Now);
        review.Save("design", points, plan, Now);
        review.Save("budget", points, plan, Now);
        review.Submit(Grid, Now);
        return review;
    }

    static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);

    static Dictionary<string, string> Text(string text) => SampleCall.Text(["bs", "en"], text);
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls.Rules;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Testing;
using Grants.Testing.Ajv;
using static Grants.Applications.Tests.Domain.Definitions.Examples;
using Checks = Grants.Applications.Domain.Definitions;

namespace Grants.Applications.Tests.Domain.Definitions;

public sealed partial class DefinitionTests
{
    static readonly HashSet<string> NotYet = ["unsupported.lots", "unsupported.intakes", "unsupported.cutoffs", "unsupported.lateCheck", "unsupported.carried"];

    // By number, so that the runner can name each.
    public static IEnumerable<object[]> Numbers() => All.Select((example, index) => new object[] { index, example.Code, example.Path });

    [Fact]
    public void A_call_that_can_be_carried_out_has_no_problems()
    {
        var found = Checks.Check(SampleCall.In("bs", "en", "mk"));
        Assert.Equal([], found.Problems);
        Assert.NotNull(found.Definition);
        Assert.Equal([], Checks.Check(World.Call()).Problems);
    }

    [Fact]
    public void The_call_of_the_demonstration_has_no_problems() =>
        Assert.Equal([], Checks.Check(File.ReadAllText(Path.Combine(Shared.Repository, "services/AllInOne/demo/link4cooperation.json"))).Problems);

    [Fact]
    public void What_can_be_said_and_not_yet_carried_out_is_told()
    {
        var found = Checks.Check(Wide.Json().ToJsonString());
        Assert.NotNull(found.Definition);
        Assert.Equal(
            [
                ("/lots", "unsupported.lots"), ("/stages/0/intake/cutoffs", "unsupported.cutoffs"), ("/stages/3", "unsupported.intakes"),
                ("/stages/4/evaluation/grid/sections/0/carriedFrom", "unsupported.carried"),
                ("/stages/5", "unsupported.lateCheck"),
            ],
            found.Problems.Select(problem => (problem.Path, problem.Code)));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_rule_is_told_where_it_is_broken(int number, string code, string path)
    {
        var example = All.ElementAt(number);
        var found = Checks.Check(example.Json());
        Assert.Equal(
            example.Also.Append((code, path)).Order().Select(problem => $"{problem}"),
            found.Problems.Where(problem => !NotYet.Contains(problem.Code)).Select(problem => (problem.Code, problem.Path)).Order().Select(problem => $"{problem}"));
        Assert.Equal(code.StartsWith("shape.", StringComparison.Ordinal), found.Definition is null);
    }

    [Theory]
    [InlineData("languages.none", "/languages")]
    [InlineData("lots.none", "/lots")]
    [InlineData("countries.none", "/countries")]
    public void What_leaves_much_open_is_told_too(string code, string path)
    {
        var root = Wide.Json();
        With(path, "[]")(root);
        Assert.Contains(Checks.Check(root.ToJsonString()).Problems, problem => problem.Code == code && problem.Path == path);
    }

    [Fact]
    public void More_languages_than_anybody_speaks_are_refused()
    {
        var root = Wide.Json();
        root["languages"] = new JsonArray([.. Enumerable.Range(0, 2000).Select(number => JsonValue.Create($"a{(char)('a' + number % 26)}{(char)('a' + number / 26 % 26)}"))]);
        Assert.Contains(Checks.Check(root.ToJsonString()).Problems, problem => problem.Code == "languages.tooMany");
    }

    [Theory]
    [InlineData("", "shape.notJson", 1, 1)]
    [InlineData("{\n  \"title\": {\"mk\": \"Мали\",}\n}", "shape.notJson", 2, 26)]
    [InlineData("{\"title\": \"a\"} x", "shape.notJson", 1, 16)]
    [InlineData("{\n\"š\": \"\\ud800\"}", "shape.halfCharacter", 2, 6)]
    public void What_is_no_JSON_is_told_with_line_and_letter(string json, string code, int line, int letter)
    {
        var problem = Assert.Single(Checks.Check(json).Problems);
        Assert.Equal(("", code), (problem.Path, problem.Code));
        Assert.Equal([line, letter], problem.Arguments);
    }

    [Theory]
    [InlineData("[]", "shape.object")]
    [InlineData("null", "shape.null")]
    [InlineData("5", "shape.object")]
    public void Another_JSON_is_one_problem(string json, string code) => Assert.Equal([code], Checks.Check(json).Problems.Select(problem => problem.Code));

    [Fact]
    public void Too_much_and_too_deep_are_one_problem_and_take_no_time()
    {
        var patience = Stopwatch.StartNew();
        Assert.Equal("shape.tooLarge", Assert.Single(Checks.Check("[" + new string(' ', 2_000_000) + "]").Problems).Code);
        Assert.Equal("shape.tooLarge", Assert.Single(Checks.Check("\"" + new string('ш', 600_000) + "\"").Problems).Code);
        Assert.Equal("shape.tooDeep", Assert.Single(Checks.Check(new string('[', 500_000)).Problems).Code);
        Assert.Equal("shape.object", Assert.Single(Checks.Check(new string('[', DefinitionShape.Deepest) + new string(']', DefinitionShape.Deepest)).Problems).Code);
        var many = Wide.Json();
        many["languages"] = new JsonArray([.. Enumerable.Range(0, 400_000).Select(_ => JsonValue.Create(1))]);
        Assert.Equal(Checks.MostProblems, Checks.Check(many.ToJsonString()).Problems.Count);
        var nameless = Wide.Json();
        nameless["stages"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(_ => JsonNode.Parse("""{"id":"a","title":{},"check":{"selectedOnly":true,"items":[],"clarificationDays":0}}"""))]);
        Assert.Equal("shape.tooLarge", Checks.Check(nameless.ToJsonString()).Problems[0].Code);
        ((JsonArray)nameless["stages"]!).Clear();
        nameless["stages"] = new JsonArray([.. Enumerable.Range(0, 10_000).Select(_ => JsonNode.Parse("""{"id":"a","title":{},"check":{"selectedOnly":true,"items":[],"clarificationDays":0}}"""))]);
        Assert.Equal(Checks.MostProblems, Checks.Check(nameless.ToJsonString()).Problems.Count);
        Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"{patience.Elapsed}");
    }

    [Fact]
    public void A_member_twice_is_told_and_the_last_one_looked_at()
    {
        var json = Wide.Json().ToJsonString().Insert(1, "\"funder\": 5, \"lead\": \"Agency\",");
        Assert.Equal([("/funder", "shape.text"), ("/funder", "shape.twice"), ("/lead", "shape.twice")], Shapes(json).Order());
    }

    [Theory]
    [InlineData("5.0")]
    [InlineData("5e0")]
    [InlineData("0.5e1")]
    [InlineData("50E-1")]
    public void A_whole_number_may_be_written_in_other_ways(string written)
    {
        var root = Wide.Json();
        root["retentionYears"] = JsonNode.Parse(written);
        Assert.Equal(5, Checks.Check(root.ToJsonString()).Definition?.RetentionYears);
    }

    [Fact]
    public void Fifty_mistakes_are_fifty_problems_in_the_order_of_the_document()
    {
        // Only such as leave each other alone: some of the shape, most of the rules.
        string[] taken = ["/title", "/titel", "/programme", "/cofinancing/inKind", "/retentionYears", "/grantForm", "/partners/0"];
        var root = Wide.Json();
        var expected = new List<(string Path, string Code)>();
        foreach (var example in All.Where(example => example.Also.Count == 0 && example.Changes.Count == 1 && !example.Code.StartsWith("languages.", StringComparison.Ordinal)))
        {
            var isShape = example.Code.StartsWith("shape.", StringComparison.Ordinal);
            if (isShape && !taken.Contains(example.Path)) continue;
            if (!isShape && taken.Contains(example.Path)) continue;
            // What the change touches must be free of others, too.
            var trial = (JsonObject)root.DeepClone();
            try
            {
                example.Changes[0](trial);
            }
            catch (Exception problem) when (problem is ArgumentException or InvalidCastException)
            {
                continue;
            }

            var problems = Checks.Check(trial.ToJsonString()).Problems.Where(problem => !NotYet.Contains(problem.Code)).Select(problem => (problem.Path, problem.Code)).ToList();
            if (problems.Count != expected.Count + 1 || !expected.Append((example.Path, example.Code)).All(problems.Contains)) continue;
            root = trial;
            expected.Add((example.Path, example.Code));
            if (expected.Count == 50) break;
        }

        Assert.Equal(50, expected.Count);
        Assert.InRange(expected.Count(problem => problem.Code.StartsWith("shape.", StringComparison.Ordinal)), 5, 10);
        var json = root.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        var found = Checks.Check(json).Problems.Where(problem => !NotYet.Contains(problem.Code)).ToList();
        Assert.Equal(expected.Order(), found.Select(problem => (problem.Path, problem.Code)).Order());
        var lines = found.Select(problem => DefinitionLines.LineOf(json, problem.Path)).ToList();
        Assert.Equal(lines.Order(), lines);
    }

    [Fact]
    public void Wrong_shapes_bring_no_nonsense_after_them()
    {
        var root = Wide.Json();
        // Without knowing these, nobody can tell of sums, orders and what is carried.
        With("/totalBudgetMinor", "\"much\"")(root);
        With("/currency", "7")(root);
        With("/timeZone", "null")(root);
        With("/stages/2/evaluation", "\"as always\"")(root);
        With("/reports", "{}")(root);
        With("/languages/1", "5")(root);
        Assert.Equal(
            ["/languages/1", "/timeZone", "/currency", "/totalBudgetMinor", "/stages/2/evaluation", "/reports"],
            Checks.Check(root.ToJsonString()).Problems.Where(problem => !NotYet.Contains(problem.Code)).Select(problem => problem.Path));
    }

    [Theory]
    [InlineData("Europe/Sarajevo", "2027-03-28T02:00:00", "moment.doesNotExist")]
    [InlineData("Europe/Sarajevo", "2027-03-28T02:59:59", "moment.doesNotExist")]
    [InlineData("Europe/Sarajevo", "2027-10-31T02:00:00", "moment.existsTwice")]
    [InlineData("Europe/Skopje", "2027-10-31T02:59:59", "moment.existsTwice")]
    [InlineData("Europe/Sarajevo", "2027-03-28T03:00:00", null)]
    [InlineData("Europe/Lisbon", "2027-03-28T02:30:00", null)]
    [InlineData("Europe/Pristina", "2027-03-28T02:30:00", "moment.doesNotExist")]
    public void A_closing_when_the_clocks_change_is_refused(string zone, string closesAt, string? code) =>
        Assert.Equal(
            code is null ? [] : [(code, "/stages/0/intake/closesAt")],
            Checks.Check((SampleCall.In("en") with { TimeZone = zone }).Closing(closesAt)).Problems.Select(problem => (problem.Code, problem.Path)));

    [SharedFact]
    public void Nasty_texts_never_throw()
    {
        foreach (var nasty in Naughty.Strings)
        {
            var root = Wide.Json();
            root["title"]!["en"] = nasty;
            root["title"]![nasty] = nasty;
            root["timeZone"] = nasty;
            root["currency"] = nasty;
            root["countries"]![0] = nasty;
            root["stages"]![0]!["id"] = nasty;
            root["stages"]![0]!["intake"]!["opensAt"] = nasty;
            root["duration"]!["latestEnd"] = nasty;
            var json = root.ToJsonString();
            var lines = new DefinitionLines(json);
            foreach (var problem in Checks.Check(json).Problems)
            {
                Assert.True(lines.Line(problem.Path) >= 1);
                Assert.False(string.IsNullOrWhiteSpace(DefinitionSentences.InEnglish(problem)));
            }

            _ = Checks.Check(nasty);
            _ = DefinitionLines.LineOf(nasty, nasty);
        }
    }

    [Fact]
    public async Task Another_reader_of_the_schema_finds_the_same()
    {
        string[] documents = [.. All.Select(example => example.Json()), Wide.Json().ToJsonString(), "[]", "null", "{}", Wide.Json().ToJsonString().Replace("\"retentionYears\":5", "\"retentionYears\":5.0", StringComparison.Ordinal)];
        var answers = await OtherReader.CheckAsync(DefinitionShape.Schema, documents);
        foreach (var (document, answer) in documents.Zip(answers))
        {
            // It names the object in which a member is missing or unknown.
            var ours = Checks.Check(document).Problems.Where(problem => problem.Code.StartsWith("shape.", StringComparison.Ordinal))
                .Select(problem => problem.Code is "shape.missing" or "shape.unknown" ? problem.Path[..problem.Path.LastIndexOf('/')] : problem.Path);
            Assert.Equal(ours.Distinct().Order(StringComparer.Ordinal), answer.Select(finding => finding.Path).Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_problem_has_a_sentence_in_every_language_and_an_example()
    {
        var folder = Path.Combine(Shared.Repository, "services/Applications");
        var sources = Directory.EnumerateFiles(Path.Combine(folder, "Domain"), "*.cs")
            .Append(Path.Combine(folder, "Features/Calls/CallPublishing.cs")).Append(Path.Combine(folder, "Features/Calls/Editing/DraftChecks.cs")).Select(File.ReadAllText);
        var codes = sources.SelectMany(source => CodeOf().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet();
        foreach (var file in (string[])["Texts.resx", "Texts.bs.resx", "Texts.mk.resx"])
        {
            var keys = XDocument.Load(Path.Combine(folder, "Features/Calls/Rules", file)).Root!.Elements("data").Select(data => data.Attribute("name")!.Value["problem.".Length..]);
            Assert.Equal(codes.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
        }

        string[] elsewhere = ["languages.none", "languages.tooMany", "lots.none", "countries.none", "shape.notJson", "shape.halfCharacter", "shape.tooLarge", "shape.tooDeep", "shape.twice", .. NotYet];
        Assert.Equal(
            codes.Where(code => !code.StartsWith("promise.", StringComparison.Ordinal) && !code.StartsWith("draft.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            All.Select(example => example.Code).Concat(elsewhere).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("bs")]
    [InlineData("mk")]
    public void Sentences_have_all_they_name(string language)
    {
        var page = new PageContext(Caller.Anonymous, language, "/", new AppTime());
        foreach (var problem in All.SelectMany(example => Checks.Check(example.Json()).Problems))
            Assert.DoesNotMatch(@"\{\d|Grants\.|System\.", DefinitionSentences.Of(page, problem));
    }

    [Fact]
    public void Sentences_name_amounts_and_points_as_people_write_them()
    {
        var page = new PageContext(Caller.Anonymous, "bs", "/", new AppTime());
        Assert.Equal(
            "Najmanji grant, 2.000,00 BAM, veći je od najvećeg, 1.000,00 BAM. Promijenite jedan.".Replace(" BAM", "\u00A0BAM", StringComparison.Ordinal), Sentence("lot.minAboveMax"));
        Assert.Equal("Prag od 20,01 bodova ne može se dostići: najveći zbir je 20. Smanjite ga.", Sentence("grid.threshold"));
        Assert.Equal("Zbir rata je 100,01 %. Neka bude 100 %.", Sentence("instalments.sum"));

        string Sentence(string code) => DefinitionSentences.Of(page, Checks.Check(All.First(example => example.Code == code).Json()).Problems.Single(problem => problem.Code == code));
    }

    [Fact]
    public void Lines_are_those_of_the_names()
    {
        const string Json = "{\n  \"a\": [\n    1,\n    { \"b/c\": 2,\r\n      \"d\":\n        3 }\n  ],\n  \"e\": {}\n}";
        Assert.Equal([1, 2, 3, 4, 4, 5, 8, 8, 4, 1], new[] { "", "/a", "/a/0", "/a/1", "/a/1/b~1c", "/a/1/d", "/e", "/e/missing", "/a/1/x/y", "/x" }.Select(new DefinitionLines(Json).Line));
        Assert.Equal(2, DefinitionLines.LineOf("{\n\"a\": 1,\n\"b\" nonsense", "/a"));
        Assert.Equal(1, DefinitionLines.LineOf("", "/a"));
    }

    static IEnumerable<(string Path, string Code)> Shapes(string json) =>
        Checks.Check(json).Problems.Where(problem => problem.Code.StartsWith("shape.", StringComparison.Ordinal)).Select(problem => (problem.Path, problem.Code));

    [GeneratedRegex("\"([a-z][A-Za-z]*\\.(?!published)[a-z][A-Za-z]*)\"")]
    private static partial Regex CodeOf();
}

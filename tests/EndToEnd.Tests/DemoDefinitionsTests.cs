using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Localisation;

namespace Grants.EndToEnd.Tests;

/// <summary>The calls of the demonstration, as files: the shape to the letter, every text in every language, sums and references that hold.</summary>
public sealed partial class DemoDefinitionsTests
{
    // A misspelt member would otherwise be left out without a word.
    static readonly JsonSerializerOptions Strict = new(CanonicalJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "demo");

    /// <summary>Each file with its programme and the programme's languages.</summary>
    public static TheoryData<string, string, string> Files => new()
    {
        { "link4cooperation.json", "L4C", "bs hr sr-Latn sr-Cyrl en" },
        { "alter.json", "ALTER", "sq bs sr-Latn sr-Cyrl mk tr en" },
        { "regional.json", "BTD", "sq sr-Latn sr-Cyrl mk bs en" },
        { "recov.json", "RECOV", "sq en" },
        { "ecnet.json", "ECNET", "sl en" },
    };

    [Fact]
    public void Every_file_is_looked_at_and_every_call_is_another()
    {
        var files = Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Files.Select(row => (string)row[0]).Order(StringComparer.Ordinal), files);
        var calls = files.Select(Read).ToList();
        Different(calls.Select(call => call.Id.ToString()));
        Different(calls.Select(call => call.ReferencePrefix));
    }

    [Theory, MemberData(nameof(Files))]
    public void A_call_is_in_the_languages_of_its_programme(string file, string programme, string languages)
    {
        var call = Read(file);
        Assert.Equal(CallDefinition.SchemaName, call.Schema);
        Assert.Equal(programme, call.Programme);
        Assert.Equal(languages.Split(' '), call.Languages);
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_text_is_there_in_every_language_and_in_its_letters(string file, string programme, string languages)
    {
        var texts = TextsOf(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file))), programme).ToList();
        Assert.True(texts.Count > 50);
        foreach (var (path, text) in texts)
        {
            Assert.True(languages.Split(' ').SequenceEqual(text.Keys), $"{path} is in {string.Join(", ", text.Keys)}");
            foreach (var (language, words) in text)
            {
                var where = $"{path} in {language}: {words}";
                Assert.True(words.Length > 0 && words.Trim() == words && words.IsNormalized(NormalizationForm.FormC), where);
                var alien = language switch
                {
                    "mk" => "[\u0400-\u04FF-[АБВГДЃЕЖЗЅИЈКЛЉМНЊОПРСТЌУФХЦЧЏШЀЍабвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ]]",
                    "sr-Cyrl" => "[\u0400-\u04FF-[АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШабвгдђежзијклљмнњопрстћуфхцчџш]]",
                    _ => "[\u0400-\u04FF]",
                };
                Assert.False(Regex.IsMatch(words, alien), where);
                if (language is "mk" or "sr-Cyrl") Assert.True(Regex.IsMatch(words, "[\u0400-\u04FF]"), where);
            }

            if (text.TryGetValue("sr-Cyrl", out var cyrillic)) Assert.Equal(text["sr-Latn"], InLatin(cyrillic));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Money_and_people_add_up(string file, string programme, string languages)
    {
        var call = Read(file);
        Assert.Equal(programme, call.Programme);
        Assert.Contains("en", languages, StringComparison.Ordinal);
        var lot = Assert.Single(call.Lots);
        Assert.Equal(call.TotalBudgetMinor, lot.BudgetMinor);
        Assert.InRange(lot.MinGrantMinor, 1, lot.MaxGrantMinor);
        Assert.True(lot.MaxGrantMinor <= lot.BudgetMinor);
        var grants = Math.Max(call.Allocation.MinGrants, call.Allocation.MinGrantsPerCountry * call.Countries.Count);
        Assert.True(grants * lot.MinGrantMinor <= call.TotalBudgetMinor);

        Assert.Equal(call.Countries.Order(StringComparer.Ordinal), call.Payers.SelectMany(payer => payer.Countries).Order(StringComparer.Ordinal));
        Different(call.Countries);

        Assert.Equal(10_000, call.Instalments.Sum(instalment => instalment.ShareHundredths));
        Assert.Equal("agreement-in-force", call.Instalments[0].Trigger);
        if (call.Instalments.Any(instalment => instalment.Trigger == "report-accepted")) Assert.Contains(call.Reports, report => !report.IsFinal);
        Assert.Single(call.Reports, report => report.IsFinal);
        Assert.All(call.Instalments.Skip(1), instalment => Assert.Contains(instalment.Trigger, new[] { "report-accepted", "final-report-accepted" }));

        Assert.Null(call.Approvals[^1].UpToMinor);
        Assert.All(call.Approvals, rule => Assert.InRange(rule.People, 2, 9));
        Assert.All(call.Approvals.Zip(call.Approvals.Skip(1)), pair => Assert.True(pair.First.UpToMinor < (pair.Second.UpToMinor ?? long.MaxValue) && pair.First.People <= pair.Second.People));
    }

    [Theory, MemberData(nameof(Files))]
    public void What_is_referred_to_is_there(string file, string programme, string languages)
    {
        var call = Read(file);
        Assert.Equal((programme, languages.Split(' ').Length), (call.Programme, call.Languages.Count));
        Assert.Equal(
            ["intake", "check", .. call.Evaluations.Select(_ => "evaluation"), "decision"],
            call.Stages.Select(stage => stage.Intake is not null ? "intake" : stage.Check is not null ? "check" : stage.Evaluation is not null ? "evaluation" : "decision"));
        Different(call.Stages.Select(stage => stage.Id));
        Different(call.Documents.Select(document => document.Id));
        Assert.All(call.CheckList.SelectMany(item => item.Documents), id => Assert.Contains(call.Documents, document => document.Id == id));

        Different(call.Budget.Headings.Select(heading => heading.Id));
        foreach (var limit in call.Budget.Limits)
        {
            Assert.All(limit.Headings.Concat(limit.Of), id => Assert.Contains(call.Budget.Headings, heading => heading.Id == id));
            Assert.NotEqual(limit.MaxShareHundredths is null, limit.MaxMinor is null);
        }

        Assert.True(call.Intake is { Cutoffs.Count: 0 } intake && Moment(intake.OpensAt) < Moment(intake.QuestionsUntil) && Moment(intake.QuestionsUntil) <= Moment(intake.ClosesAt));
        Different(call.Questions.Select(question => question.Id));
        foreach (var (question, index) in call.Questions.Select((question, index) => (question, index)))
        {
            Assert.Equal(question.Kind is QuestionKind.Choice or QuestionKind.MultipleChoice, question.Options.Count >= 2);
            Assert.Equal(question.Kind is QuestionKind.Text, question is { MaxCharacters: > 0, Lines: > 0 });
            if (question.Condition is not { } condition) continue;
            var earlier = Assert.Single(call.Questions.Take(index), asked => asked.Id == condition.Question);
            string[] answers = earlier.Kind == QuestionKind.YesNo ? ["yes", "no"] : [.. earlier.Options.Select(option => option.Id)];
            Assert.Subset(answers.ToHashSet(), condition.AnyOf.ToHashSet());
        }

        return;

        DateTimeOffset Moment(string local)
        {
            Assert.True(Dates.TryInstant(local, call.TimeZone, out var instant, out var why), $"{local}: {why}");
            return instant;
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_line_of_a_grid_can_be_reached(string file, string programme, string languages)
    {
        var call = Read(file);
        Assert.Equal((programme, languages.Split(' ').Length), (call.Programme, call.Languages.Count));
        var most = new Dictionary<(string, string), int>();
        foreach (var stage in call.Evaluations)
        {
            var grid = stage.Evaluation!.Grid;
            Different(grid.Criteria.Select(criterion => criterion.Id));
            foreach (var section in grid.Sections)
            {
                foreach (var criterion in section.Criteria)
                {
                    Assert.Equal(0, (criterion.MaxPoints - criterion.MinPoints) % criterion.Step);
                    Assert.True(criterion.Weight >= 1 && criterion.MinHundredths <= criterion.MaxPoints);
                }

                Assert.Equal(section.CarriedFrom is null, section.Criteria.Count > 0);
                most[(stage.Id, section.Id)] = section.CarriedFrom is { } from
                    ? most[(from.Stage, from.Section)]
                    : section.Criteria.Where(criterion => criterion.Counts).Sum(criterion => criterion.MaxPoints * criterion.Weight);
                Assert.True(section.MinHundredths <= most[(stage.Id, section.Id)]);
            }

            Assert.InRange(grid.ThresholdHundredths, 0, grid.Sections.Sum(section => most[(stage.Id, section.Id)]));
            Assert.All(
                stage.Evaluation.TieBreaks,
                tie => Assert.True(tie.By == TieBreakKind.Section ? most.ContainsKey((stage.Id, tie.Section!)) : tie.Section is null));
            if (stage.Evaluation.Third is { } third) Assert.NotEqual(third.DifferenceHundredths is null, third.ShareHundredths is null);
        }
    }

    static CallDefinition Read(string file) => JsonSerializer.Deserialize<CallDefinition>(File.ReadAllText(Path.Combine(Folder, file)), Strict)!;

    static void Different(IEnumerable<string> ids) => Assert.All(ids.GroupBy(id => id, StringComparer.Ordinal), group => Assert.Single(group));

    // A text is an object with nothing but languages for names.
    static IEnumerable<(string Path, Dictionary<string, string> Text)> TextsOf(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject text when text.Count > 0 && text.All(member => LanguageTag().IsMatch(member.Key)):
                yield return (path, text.ToDictionary(member => member.Key, member => (string)member.Value!));
                break;
            case JsonObject members:
                foreach (var found in members.SelectMany(member => TextsOf(member.Value, $"{path}.{member.Key}"))) yield return found;
                break;
            case JsonArray items:
                foreach (var found in items.SelectMany((item, index) => TextsOf(item, $"{path}[{index}]"))) yield return found;
                break;
        }
    }

    static string InLatin(string cyrillic)
    {
        var latin = new StringBuilder();
        foreach (var letter in cyrillic)
        {
            var at = "абвгдђежзијклљмнњопрстћуфхцчџш".IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
            var written = at < 0 ? letter.ToString() : "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".Split(' ')[at];
            latin.Append(at >= 0 && char.IsUpper(letter) ? char.ToUpperInvariant(written[0]) + written[1..] : written);
        }

        return latin.ToString();
    }

    [GeneratedRegex("^[a-z]{2}(-[A-Z][a-z]{3})?$")]
    private static partial Regex LanguageTag();
}

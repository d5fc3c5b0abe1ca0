using System.Globalization;
using System.Text.Json;
using Grants.Contracts.Calls;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Domain;

/// <summary>The tables in <c>docs/worked-examples</c>, which were worked out by hand, against the code.</summary>
public sealed class WorkedExamplesTests
{
    [Theory]
    [InlineData("link4cooperation", 11, 10_000_000)]
    [InlineData("alter", 18, 14_000_000)]
    [InlineData("regional", 13, 12_000_000)]
    [InlineData("recov", 8, 9_000_000)]
    [InlineData("ecnet", 11, 7_490_000)]
    public void The_example_comes_out_as_it_was_worked_out_by_hand(string name, int grants, long sum)
    {
        var call = JsonSerializer.Deserialize<CallDefinition>(File.ReadAllText(Path.Combine(Shared.Repository, "services/AllInOne/demo", name + ".json")), MessageJson.Options)!;
        var rows = Table(name);
        var contenders = rows.Select(row => Of(call, row)).ToList();
        var list = new Allocator(call).Propose(contenders.OrderBy(one => one.Reference.GetHashCode(StringComparison.Ordinal)));

        Assert.Equal(
            rows.Select(row => $"{row["application"]} {row["place"]} {row["outcome"]} {row["amount"]} {row["why"]}"),
            list.Select(one => $"{one.Contender.Reference} {one.Place} {Word(one)} {(one.AmountMinor == 0 ? "" : (one.AmountMinor / 100m).ToString("#,0.00", CultureInfo.InvariantCulture))} {one.Why}"));
        Assert.Equal((grants, sum), (list.Count(one => one.Outcome == ProposedOutcome.Fund), list.Sum(one => one.AmountMinor)));
        Assert.Empty(new Allocator(call).CountriesWithTooFew(list));
        Assert.True(grants >= call.Allocation.MinGrants);
    }

    [SharedFact]
    public void A_municipalitys_list_has_our_order_and_our_sum()
    {
        using var data = JsonDocument.Parse(Shared.Text("data/names/organisations.json"));
        var published = data.RootElement.GetProperty("award_list_priboj_2023").GetProperty("rows").EnumerateArray()
            .Select((row, index) => (Name: row[0].GetString()!, Minor: long.Parse(row[2].GetString()!.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture),
                Points: row[3].GetInt32(), Reference: $"P-{index + 1:00}")).ToList();
        Assert.Equal((8, 390_000_000, 135), (published.Count, published.Sum(row => row.Minor), published.Max(row => row.Points)));

        var list = Propose(390_000_000);
        Assert.Equal(published.Select(row => row.Reference), list.Select(one => one.Contender.Reference));
        Assert.Equal([1, 2, 3, 4, 4, 6, 6, 6], list.Select(one => one.Place));
        Assert.Equal([false, false, false, true, true, true, true, true], list.Select(one => one.IsTied));
        Assert.All(list, one => Assert.Equal((ProposedOutcome.Fund, one.Contender.RequestedMinor), (one.Outcome, one.AmountMinor)));
        Assert.Equal(390_000_000, list.Sum(one => one.AmountMinor));
        // With one dinar less the last cannot have all.
        Assert.Equal((ProposedWhy.RestOfBudget, 20_000_000 - 100), (Propose(390_000_000 - 100)[^1].Why, Propose(390_000_000 - 100)[^1].AmountMinor));

        IReadOnlyList<Placed> Propose(long budget) => new Allocator(SampleCall.In("sr").Budgeted(budget).Granting(1, budget).With(stage => stage.Evaluation is { } evaluation
            ? stage with { Evaluation = evaluation with { TieBreaks = [] } } : stage)).Propose(published.Select(row => new Contender
            {
                ApplicationId = Guid.NewGuid(), Reference = row.Reference, Lot = "all", Country = "RS", OrganisationId = Guid.NewGuid(), SubmittedAt = default, RequestedMinor = row.Minor,
                ScoreHundredths = row.Points * 100,
            }).Reverse());
    }

    static Contender Of(CallDefinition call, Dictionary<string, string> row)
    {
        var grid = call.FinalEvaluation.Grid;
        var section = grid.Sections.FirstOrDefault(section => call.FinalEvaluation.TieBreaks.Any(rule => rule.Section == section.Id));
        var (score, part) = ((int)Minor(row["score"]), row["section"].Length == 0 ? 0 : (int)Minor(row["section"]));
        return new Contender
        {
            ApplicationId = Guid.NewGuid(),
            Reference = row["application"],
            Lot = call.Lots[0].Id,
            Country = row["country"],
            OrganisationId = new Guid(int.Parse(row["organisation"][1..], CultureInfo.InvariantCulture), 0, 0, new byte[8]),
            SubmittedAt = DateTimeOffset.ParseExact($"2027-{row["submitted"]}", "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            RequestedMinor = Minor(row["asked"]),
            ScoreHundredths = score,
            Sections = section is null ? new Dictionary<string, int>() : new Dictionary<string, int> { [section.Id] = part },
            IsGoodEnough = score >= grid.ThresholdHundredths && part >= (section?.MinHundredths ?? 0),
        };
    }

    static long Minor(string text) => (long)(decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture) * 100);

    static string Word(Placed one) => one.Outcome switch
    {
        ProposedOutcome.Fund => "fund",
        ProposedOutcome.Reserve => $"reserve {one.ReservePlace}",
        ProposedOutcome.PassedOver => "passed over",
        _ => "below",
    };

    static List<Dictionary<string, string>> Table(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Shared.Repository, "docs/worked-examples", name + ".md")).Where(line => line.StartsWith('|')).Select(Cells).ToList();
        return [.. lines.Skip(2).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal))];
    }

    static List<string> Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grants.Contracts.Calls;
using Grants.Platform.Messaging;
using Grants.Testing;

namespace Grants.EndToEnd.Tests;

/// <summary>Rules that a funder sets stand in the definition of its call: none of their numbers is in the code.</summary>
public sealed partial class RuleNumbersTests
{
    [Fact]
    public void No_number_of_a_programmes_rules_stands_in_the_code()
    {
        var services = Path.Combine(Shared.Repository, "services");
        var calls = Directory.EnumerateFiles(Path.Combine(services, "AllInOne", "demo"), "*.json")
            .Select(file => JsonSerializer.Deserialize<CallDefinition>(File.ReadAllText(file), MessageJson.Options)!).ToList();
        // An amount may also have been written in whole units of the currency.
        var amounts = calls.SelectMany(Amounts).ToHashSet();
        var wanted = amounts.Concat(amounts.Where(amount => amount % 100 == 0).Select(amount => amount / 100)).Concat(calls.SelectMany(PointsAndShares))
            .Where(IsDistinctive).ToHashSet();
        Assert.NotEmpty(wanted);

        var found = Directory.EnumerateFiles(services, "*.cs", SearchOption.AllDirectories).Where(file => !Left(Path.GetRelativePath(services, file)))
            .SelectMany(file => Numbers(File.ReadAllText(file)).Where(wanted.Contains).Select(number => $"{Path.GetRelativePath(services, file)}: {number}")).ToList();
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("const long Cap = 6_000_000;", 6_000_000)]
    [InlineData("if (amount > 1234567L) // 7654321", 1_234_567)]
    [InlineData("\"0193a1f0-1234567\"", null)]
    public void A_number_is_found_however_it_is_written_and_not_in_comments(string code, int? expected) => Assert.Equal(expected is { } one ? [one] : [], Numbers(code));

    static IEnumerable<long> Amounts(CallDefinition call) =>
    [
        call.TotalBudgetMinor, .. call.Lots.SelectMany(lot => new[] { lot.BudgetMinor, lot.MinGrantMinor, lot.MaxGrantMinor }), call.Allocation.CapPerOrganisationMinor ?? 0,
        call.Applicants.MaxYearlyBudgetMinor ?? 0, .. call.Approvals.Select(rule => rule.UpToMinor ?? 0), .. call.Budget.Limits.Select(limit => limit.MaxMinor ?? 0),
    ];

    static IEnumerable<long> PointsAndShares(CallDefinition call) =>
    [
        .. call.Evaluations.SelectMany(stage => stage.Evaluation!.Grid.Sections.Select(section => (long)section.MinHundredths).Append(stage.Evaluation.Grid.ThresholdHundredths)),
        .. call.Instalments.SelectMany(rule => new long[] { rule.ShareHundredths, rule.SpentHundredths }), .. call.Budget.Limits.Select(limit => (long)(limit.MaxShareHundredths ?? 0)),
        call.Cofinancing.MinShareHundredths, call.Cofinancing.MaxShareHundredths, call.Allocation.MinShareHundredths,
    ];

    // Fewer digits, and round thousands, are years, lengths of texts and milliseconds as well; powers of ten are units, such as the whole in hundredths of a percent.
    static bool IsDistinctive(long number) =>
        number >= 1000 && (number % 1000 != 0 || number >= 100_000) && number.ToString(CultureInfo.InvariantCulture).TrimEnd('0') != "1";

    static bool Left(string path) => path.Split(Path.DirectorySeparatorChar) is var parts && (parts.Contains("Migrations") || parts.Contains("demo") || parts.Contains("obj") || parts.Contains("bin"));

    static IEnumerable<long> Numbers(string code) => Number().Matches(Comment().Replace(code, ""))
        .Select(match => long.TryParse(match.Groups[1].Value.Replace("_", "", StringComparison.Ordinal), out var number) ? number : 0).Where(number => number > 0);

    [GeneratedRegex(@"(?<![\w.-])([0-9][0-9_]{3,})(?=[LlMmUu]?\b)")]
    private static partial Regex Number();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}

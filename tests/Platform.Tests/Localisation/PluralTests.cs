using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grants.Platform.Localisation;
using Grants.Testing;

namespace Grants.Platform.Tests.Localisation;

public partial class PluralTests
{
    [Theory]
    [InlineData("bs", "other one few few few other other other other other other other one few other other one few few other one other other")]
    [InlineData("mk", "other one other other other other other other other other other other one other other other one other other other one other other")]
    [InlineData("sq", "other one other other other other other other other other other other other other other other other other other other other other other")]
    [InlineData("sl", "other one two few few other other other other other other other other other other other one two few other other few other")]
    [InlineData("lv", "zero one other other other other zero zero zero zero zero zero one other other zero one other other zero one other zero")]
    [InlineData("ro", "few one few few few few few few few few few other other other other other few few few few other few other")]
    [InlineData("fr", "one one other other other other other other other other other other other other other other other other other other other one many")]
    [InlineData("pt-PT", "other one other other other other other other other other other other other other other other other other other other other other many")]
    [InlineData("en-GB", "other one other other other other other other other other other other other other other other other other other other other other other")]
    public void The_numbers_that_trip_people_up_have_their_form(string language, string expected)
    {
        decimal[] numbers = [0, 1, 2, 3, 4, 5, 10, 11, 12, 14, 19, 20, 21, 22, 25, 100, 101, 102, 103, 111, 121, 1.5m, 1_000_000];
        Assert.Equal(expected, string.Join(' ', numbers.Select(number => Plural.Category(language, number))));
    }

    [Theory]
    [InlineData("sr-Latn-ME", "sr")]
    [InlineData("sr-Cyrl", "sr")]
    [InlineData("bs-Cyrl", "bs")]
    [InlineData("hr-BA", "hr")]
    [InlineData("sq-XK", "sq")]
    public void Regional_names_follow_their_language(string name, string language)
    {
        for (var number = 0; number < 130; number++) Assert.Equal(Plural.Category(language, number), Plural.Category(CultureInfo.GetCultureInfo(name), number));
    }

    [Fact]
    public void The_sign_does_not_matter_and_a_stranger_has_one_form()
    {
        Assert.Equal("few", Plural.Category("bs", -2));
        Assert.Equal("other", Plural.Category("ja", 1));
    }

    [SharedFact]
    public void Every_sample_number_of_cldr_gets_its_category()
    {
        using var data = JsonDocument.Parse(Shared.Text("data/cldr/plurals_subset.json"));
        var checkedSamples = 0;
        foreach (var language in data.RootElement.GetProperty("cardinal").EnumerateObject())
        {
            foreach (var rule in language.Value.EnumerateObject())
            {
                var category = rule.Name["pluralRule-count-".Length..];
                foreach (var sample in Samples(rule.Value.GetString()!))
                {
                    checkedSamples++;
                    Assert.True(category == Plural.Category(language.Name, sample), $"{language.Name} {sample}: {Plural.Category(language.Name, sample)}, not {category}");
                }
            }
        }
        Assert.True(checkedSamples > 800, $"Only {checkedSamples} samples were found.");
    }

    static IEnumerable<decimal> Samples(string rule)
    {
        foreach (var list in rule.Split('@').Skip(1))
        {
            foreach (Match match in Sample().Matches(list))
            {
                var from = Number(match.Groups["from"].Value);
                var to = match.Groups["to"].Success ? Number(match.Groups["to"].Value) : from;
                var step = from.Scale == 0 ? 1m : 0.1m;
                for (var number = from; number <= to; number += step) yield return number;
            }
        }
    }

    static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    // "1c6" (1 million in compact notation) is no number we write.
    [GeneratedRegex(@"(?<![\dc.])(?<from>\d+(\.\d+)?)(~(?<to>\d+(\.\d+)?))?(?![\dc.])")]
    private static partial Regex Sample();
}

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Grants.Platform.Tests;

public class MoneyParserTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 700)]
    [InlineData("1234", 123_400)]
    [InlineData("1234.50", 123_450)]
    [InlineData("1234,50", 123_450)]
    [InlineData(" 1234,50\t", 123_450)]
    [InlineData("1.234,50", 123_450)]
    [InlineData("1,234.50", 123_450)]
    [InlineData("1 234,50", 123_450)]
    [InlineData("1\u00A0234.50", 123_450)]
    [InlineData("1\u202F234\u202F567,05", 123_456_705)]
    [InlineData("1.234.567", 123_456_700)]
    [InlineData("1.234.567,05", 123_456_705)]
    [InlineData("10 000", 1_000_000)]
    [InlineData("0,05", 5)]
    [InlineData("007,00", 700)]
    [InlineData("999999999999.99", 99_999_999_999_999)]
    public void What_can_mean_one_thing_only_is_read(string typed, long minor)
    {
        Assert.True(MoneyParser.TryParse(typed, "BAM", out var amount, out var problem), problem.ToString());
        Assert.Equal(new Money(minor, "BAM"), amount);
    }

    [Theory]
    [InlineData(null, MoneyProblem.Empty)]
    [InlineData(" \u00A0 ", MoneyProblem.Empty)]
    [InlineData("1.234", MoneyProblem.Ambiguous)]
    [InlineData("1,234", MoneyProblem.Ambiguous)]
    [InlineData("12.345", MoneyProblem.Ambiguous)]
    [InlineData("1234,5", MoneyProblem.Decimals)]
    [InlineData("1234.567", MoneyProblem.Decimals)]
    [InlineData("1.234,5", MoneyProblem.Decimals)]
    [InlineData("0.123", MoneyProblem.Decimals)]
    [InlineData("1 234.567", MoneyProblem.Decimals)]
    [InlineData("-1", MoneyProblem.Negative)]
    [InlineData("-1234,50", MoneyProblem.Negative)]
    [InlineData("\u22121", MoneyProblem.Negative)]
    [InlineData("-", MoneyProblem.NotANumber)]
    [InlineData("1234.", MoneyProblem.NotANumber)]
    [InlineData(".50", MoneyProblem.NotANumber)]
    [InlineData("12 34", MoneyProblem.NotANumber)]
    [InlineData("1..234", MoneyProblem.NotANumber)]
    [InlineData("1.23.456", MoneyProblem.NotANumber)]
    [InlineData("1.234 567,00", MoneyProblem.NotANumber)]
    [InlineData("1.000,000.00", MoneyProblem.NotANumber)]
    [InlineData("1e5", MoneyProblem.NotANumber)]
    [InlineData("+5", MoneyProblem.NotANumber)]
    [InlineData("1234 KM", MoneyProblem.NotANumber)]
    [InlineData("пет", MoneyProblem.NotANumber)]
    [InlineData("١٢٣", MoneyProblem.NotANumber)]
    [InlineData("１２３", MoneyProblem.NotANumber)]
    [InlineData("1000000000000", MoneyProblem.TooLarge)]
    [InlineData("9223372036854775808", MoneyProblem.TooLarge)]
    [InlineData("9999999999999999999999999999999999999999999999999999999999999999", MoneyProblem.TooLarge)]
    public void What_is_doubtful_is_asked_back(string? typed, MoneyProblem expected)
    {
        Assert.False(MoneyParser.TryParse(typed, "BAM", out var amount, out var problem));
        Assert.Equal(expected, problem);
        Assert.True(amount.IsZero);
    }

    [Theory]
    [InlineData("1234", "JPY", true)]
    [InlineData("1234.50", "JPY", false)]
    [InlineData("1234.500", "KWD", true)]
    [InlineData("1234.50", "KWD", false)]
    public void Decimals_are_those_of_the_currency(string typed, string currency, bool fine) =>
        Assert.Equal(fine, MoneyParser.TryParse(typed, currency, out _, out _));

    [Fact]
    public void What_we_show_in_any_language_we_can_read_back() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).Select(number => number * 31L).ToArbitrary(),
        Gen.Elements("en-GB", "bs", "hr", "mk", "sr-Latn", "sr-Cyrl", "sq", "sl", "lv", "tr", "ro", "it", "pt-PT", "fr").ToArbitrary(),
        (minor, language) =>
        {
            var amount = new Money(minor, "ALL");
            var shown = MoneyFormat.Number(amount, CultureInfo.GetCultureInfo(language));
            return MoneyParser.TryParse(shown, "ALL", out var read, out _) && read == amount
                && MoneyParser.TryParse(MoneyFormat.Plain(amount), "ALL", out var plain, out _) && plain == amount;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_typed_throws_or_becomes_negative() => Prop.ForAll(
        Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Gen.Elements("0123456789., -\u00A0\u202F".ToCharArray()).ArrayOf().Select(letters => new string(letters))).ToArbitrary(),
        typed => !MoneyParser.TryParse(typed, "EUR", out var amount, out var problem) ? problem != MoneyProblem.None : amount.Minor >= 0)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_problem_has_a_sentence_in_every_language_of_the_pages()
    {
        foreach (var problem in Enum.GetValues<MoneyProblem>().Where(problem => problem != MoneyProblem.None))
        {
            var sentences = new[] { "en-GB", "bs", "mk" }.Select(language => MoneyParser.Sentence(problem, CultureInfo.GetCultureInfo(language))).ToList();
            Assert.All(sentences, sentence => Assert.EndsWith(".", sentence));
            Assert.Equal(3, sentences.Distinct().Count());
        }
        Assert.Contains("1234.50 or 1234,50", MoneyParser.Sentence(MoneyProblem.Decimals, CultureInfo.GetCultureInfo("en")));
    }
}

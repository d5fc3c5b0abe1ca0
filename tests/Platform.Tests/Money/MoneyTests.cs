using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Grants.Platform.Tests;

public class MoneyTests
{
    static Money Bam(long minor) => new(minor, "BAM");

    [Fact]
    public void Amounts_of_one_currency_add_subtract_and_compare()
    {
        Assert.Equal(Bam(150), Bam(100) + Bam(50));
        Assert.Equal(Bam(-50), Bam(50) - Bam(100));
        Assert.Equal(Bam(-50), -Bam(50));
        Assert.True(Bam(1) < Bam(2) && Bam(2) > Bam(1) && Bam(1) <= Bam(1) && Bam(1) >= Bam(1));
        Assert.Equal(Bam(6), Money.Sum("BAM", [Bam(1), Bam(2), Bam(3)]));
        Assert.Equal(Money.Zero("BAM"), Money.Sum("BAM", []));
    }

    [Fact]
    public void Different_currencies_never_meet()
    {
        var euro = new Money(1, "EUR");
        Assert.Throws<InvalidOperationException>(() => Bam(1) + euro);
        Assert.Throws<InvalidOperationException>(() => Bam(1) - euro);
        Assert.Throws<InvalidOperationException>(() => Bam(1) < euro);
        Assert.Throws<InvalidOperationException>(() => Bam(1).CompareTo(euro));
        Assert.NotEqual(Bam(1), euro);
    }

    [Fact]
    public void Sums_that_do_not_fit_are_refused_and_not_wrapped()
    {
        Assert.Throws<OverflowException>(() => Bam(long.MaxValue) + Bam(1));
        Assert.Throws<OverflowException>(() => Bam(long.MinValue) - Bam(1));
        Assert.Throws<OverflowException>(() => -Bam(long.MinValue));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bam")]
    [InlineData("KM")]
    [InlineData("ВАМ")] // Cyrillic
    public void A_currency_is_three_capital_letters(string currency) => Assert.Throws<ArgumentException>(() => new Money(1, currency));

    [Theory]
    [InlineData("BAM", 2)]
    [InlineData("ALL", 2)]
    [InlineData("RSD", 2)]
    [InlineData("MKD", 2)]
    [InlineData("EUR", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    public void Decimals_are_those_of_iso_4217(string currency, int decimals) => Assert.Equal(decimals, Currencies.Decimals(currency));

    [Fact]
    public void Eighty_and_twenty_of_an_odd_amount_lose_no_cent()
    {
        Assert.Equal([Bam(799_999), Bam(200_000)], Bam(999_999).Split(8000, 2000));
        Assert.Equal([Bam(34), Bam(33), Bam(33)], Bam(100).Split(1, 1, 1));
        Assert.Equal([Bam(-34), Bam(-33), Bam(-33)], Bam(-100).Split(1, 1, 1));
        Assert.Equal([Bam(0), Bam(1)], Bam(1).Split(0, 10000));
    }

    [Fact]
    public void Shares_must_make_sense()
    {
        Assert.Throws<ArgumentException>(() => Bam(1).Split());
        Assert.Throws<ArgumentException>(() => Bam(1).Split(0, 0));
        Assert.Throws<ArgumentException>(() => Bam(1).Split(-1, 2));
    }

    [Fact]
    public void Parts_always_sum_to_the_whole_and_are_within_a_cent_of_their_share() => Prop.ForAll(
        ArbMap.Default.ArbFor<long>(), ArbMap.Default.ArbFor<NonEmptyArray<PositiveInt>>(), (minor, shares) =>
        {
            var weights = shares.Get.Select(share => share.Get).ToArray();
            var whole = weights.Sum(weight => (long)weight);
            var parts = Bam(minor).Split(weights);
            return Money.Sum("BAM", parts) == Bam(minor)
                && parts.Zip(weights).All(pair => Int128.Abs((Int128)pair.First.Minor * whole - (Int128)minor * pair.Second) < whole);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("bs", "1.234.567,05\u00A0BAM")]
    [InlineData("mk", "1.234.567,05\u00A0BAM")]
    [InlineData("sq", "1\u00A0234\u00A0567,05\u00A0BAM")]
    [InlineData("fr", "1\u202F234\u202F567,05\u00A0BAM")]
    [InlineData("en-GB", "1,234,567.05\u00A0BAM")]
    public void Amounts_are_shown_with_the_separators_of_the_language(string language, string shown) =>
        Assert.Equal(shown, MoneyFormat.Format(Bam(123_456_705), CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData(0, "RSD", "0,00\u00A0RSD")]
    [InlineData(5, "ALL", "0,05\u00A0ALL")]
    [InlineData(-99_999, "BAM", "-999,99\u00A0BAM")]
    [InlineData(100_000, "BAM", "1.000,00\u00A0BAM")]
    [InlineData(1234, "JPY", "1.234\u00A0JPY")]
    [InlineData(1234, "KWD", "1,234\u00A0KWD")]
    [InlineData(long.MinValue, "BAM", "-92.233.720.368.547.758,08\u00A0BAM")]
    public void Decimals_are_always_those_of_the_currency(long minor, string currency, string shown) =>
        Assert.Equal(shown, MoneyFormat.Format(new Money(minor, currency), CultureInfo.GetCultureInfo("bs")));

    [Fact]
    public void Machines_read_a_point_and_no_groups()
    {
        Assert.Equal("1234567.05 BAM", Bam(123_456_705).ToString());
        Assert.Equal("-0.05", MoneyFormat.Plain(Bam(-5)));
        Assert.Equal("7", MoneyFormat.Plain(new Money(7, "JPY")));
    }
}

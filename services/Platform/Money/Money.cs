using System.Globalization;

namespace Grants.Platform;

/// <summary>
/// An amount of money: whole minor units (cents, feninga) and an ISO 4217 code. Never a floating-point number, never two currencies in one sum.
/// The type lives in the root namespace so that its name never clashes with a namespace.
/// </summary>
/// <param name="Minor">Minor units: 123450 is 1,234.50 in a currency with two decimals.</param>
/// <param name="Currency">ISO 4217 code, three capital letters.</param>
public readonly record struct Money(long Minor, string Currency) : IComparable<Money>
{
    /// <summary>ISO 4217 code, three capital letters.</summary>
    public string Currency { get; init; } = Currencies.Require(Currency);

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>Whether the amount is nothing.</summary>
    public bool IsZero => Minor == 0;

    /// <summary>Whether the amount is below nothing.</summary>
    public bool IsNegative => Minor < 0;

    /// <summary>The sum of amounts in one currency; zero when there are none.</summary>
    public static Money Sum(string currency, IEnumerable<Money> amounts) => amounts.Aggregate(Zero(currency), (sum, next) => sum + next);

    /// <summary>Adds amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Minor + right.InSameCurrencyAs(left)), left.Currency);

    /// <summary>Subtracts an amount of the same currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The difference does not fit.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Minor - right.InSameCurrencyAs(left)), left.Currency);

    /// <summary>The opposite amount.</summary>
    public static Money operator -(Money amount) => new(checked(-amount.Minor), amount.Currency);

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left amount is not larger.</summary>
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left amount is not smaller.</summary>
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>Compares amounts of one currency.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public int CompareTo(Money other) => Minor.CompareTo(other.InSameCurrencyAs(this));

    /// <summary>
    /// Divides the amount in proportion to the shares (80 % and 20 % are 8000 and 2000) without losing a cent: parts are rounded down and the cents
    /// left over go to the parts with the largest remainder, the first of equals first. The parts always sum to the whole.
    /// </summary>
    /// <exception cref="ArgumentException">A share is negative, or all are zero.</exception>
    public IReadOnlyList<Money> Split(params IReadOnlyList<int> shareHundredths)
    {
        ArgumentNullException.ThrowIfNull(shareHundredths);
        if (shareHundredths.Any(share => share < 0)) throw new ArgumentException("A share cannot be negative.", nameof(shareHundredths));
        var whole = shareHundredths.Sum(share => (long)share);
        if (whole == 0) throw new ArgumentException("At least one share must be above zero.", nameof(shareHundredths));

        var sign = Math.Sign(Minor);
        var amount = Int128.Abs(Minor);
        var parts = shareHundredths.Select(share => (long)(amount * share / whole)).ToArray();
        var left = (int)(amount - parts.Aggregate(Int128.Zero, (sum, part) => sum + part));
        var largestRemainderFirst = Enumerable.Range(0, parts.Length).OrderByDescending(index => amount * shareHundredths[index] % whole);
        foreach (var index in largestRemainderFirst.Take(left)) parts[index]++;

        var currency = Currency;
        return [.. parts.Select(part => new Money(sign * part, currency))];
    }

    /// <summary>The amount for machines and logs: <c>1234.50 BAM</c>. For people use <see cref="MoneyFormat"/>.</summary>
    public override string ToString() => $"{MoneyFormat.Plain(this)} {Currency}";

    long InSameCurrencyAs(Money other) => string.Equals(Currency, other.Currency, StringComparison.Ordinal)
        ? Minor
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Currency} and {other.Currency} cannot be added or compared."));
}

/// <summary>What ISO 4217 says about currencies. Not what the culture data say: those drop the decimals of ALL and RSD.</summary>
public static class Currencies
{
    static readonly HashSet<string> WithoutDecimals =
        ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"];

    static readonly HashSet<string> WithThreeDecimals = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>How many decimals amounts of the currency have: 2 for all currencies of the programmes, ALL and RSD among them.</summary>
    public static int Decimals(string currency) => WithoutDecimals.Contains(currency) ? 0 : WithThreeDecimals.Contains(currency) ? 3 : 2;

    /// <summary>How many minor units make one of the currency.</summary>
    public static long MinorPerMajor(string currency) => Decimals(currency) switch { 0 => 1, 3 => 1000, _ => 100 };

    /// <summary>Returns the code, or throws when it is not three capital letters.</summary>
    public static string Require(string currency) => currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper)
        ? currency
        : throw new ArgumentException("A currency is an ISO 4217 code of three capital letters.", nameof(currency));
}

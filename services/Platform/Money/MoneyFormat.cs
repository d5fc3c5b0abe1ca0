using System.Globalization;
using System.Text;

namespace Grants.Platform;

/// <summary>Amounts as people read them. Never the culture's currency format: it takes decimals from the culture and not from the currency.</summary>
public static class MoneyFormat
{
    const char NoBreakSpace = '\u00A0';

    /// <summary><c>1.234,50 BAM</c>: separators of the language, decimals of the currency, a no-break space before the code.</summary>
    public static string Format(Money amount, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return $"{Number(amount, culture)}{NoBreakSpace}{amount.Currency}";
    }

    /// <summary><c>1.234,50</c>: the same without the code, for columns whose heading names the currency.</summary>
    public static string Number(Money amount, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        var (whole, decimals) = Digits(amount);
        var text = new StringBuilder();
        if (amount.IsNegative) text.Append(culture.NumberFormat.NegativeSign);
        for (var index = 0; index < whole.Length; index++)
        {
            if (index > 0 && (whole.Length - index) % 3 == 0) text.Append(culture.NumberFormat.NumberGroupSeparator);
            text.Append(whole[index]);
        }
        if (decimals.Length > 0) text.Append(culture.NumberFormat.NumberDecimalSeparator).Append(decimals);
        return text.ToString();
    }

    /// <summary><c>-1234.50</c>: no groups, a point, no code. The value of an input field, of CSV and of the API.</summary>
    public static string Plain(Money amount)
    {
        var (whole, decimals) = Digits(amount);
        return (amount.IsNegative ? "-" : "") + whole + (decimals.Length > 0 ? "." + decimals : "");
    }

    static (string Whole, string Decimals) Digits(Money amount)
    {
        // Int128: the smallest long has no opposite.
        var places = Currencies.Decimals(amount.Currency);
        var digits = Int128.Abs(amount.Minor).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        return (digits[..^places], digits[^places..]);
    }
}

using System.Globalization;

namespace Grants.Reviews.Features.Parts;

/// <summary>Scores as people read them.</summary>
public static class Points
{
    /// <summary><c>71,50</c>: hundredths with the decimal separator of the language.</summary>
    public static string Format(int hundredths, CultureInfo culture) =>
        string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100}{culture.NumberFormat.NumberDecimalSeparator}{hundredths % 100:00}");

    /// <summary><c>4</c>: points are whole on the scale; anything else shows its decimals.</summary>
    public static string Short(int hundredths, CultureInfo culture) =>
        hundredths % 100 == 0 ? (hundredths / 100).ToString(CultureInfo.InvariantCulture) : Format(hundredths, culture);
}

using System.Globalization;

namespace Grants.Platform.Localisation;

/// <summary>
/// Which form of a word goes with a number, by the CLDR rules. Texts have keys <c>x.one</c>, <c>x.few</c>, <c>x.many</c>, <c>x.other</c>, <c>x.zero</c>, <c>x.two</c>.
/// </summary>
public static class Plural
{
    /// <summary>
    /// The category of a number: <c>zero</c>, <c>one</c>, <c>two</c>, <c>few</c>, <c>many</c> or <c>other</c>. The number counts as it is written: 1.0 has one decimal,
    /// which matters in several languages. Unknown languages have <c>other</c> only.
    /// </summary>
    /// <param name="language">Culture name such as <c>bs</c>, <c>sr-Latn-ME</c>, <c>pt-PT</c>.</param>
    /// <param name="n">The number; its sign does not matter.</param>
    public static string Category(string language, decimal n)
    {
        ArgumentNullException.ThrowIfNull(language);
        var number = Operands.Of(n);
        return language.Split('-')[0] switch
        {
            "en" => number.IsInteger(1) ? "one" : "other",
            "sq" or "tr" => number.N == 1 ? "one" : "other",
            "mk" => EndsInOne(number) ? "one" : "other",
            "sr" or "bs" or "hr" or "cnr" or "sh" => EndsInOne(number) ? "one" : EndsInTwoToFour(number) ? "few" : "other",
            "sl" => Slovene(number),
            "lv" => Latvian(number),
            "ro" => number.IsInteger(1) ? "one" : number.V != 0 || number.N == 0 || number.N != 1 && number.N % 100 is >= 1 and <= 19 ? "few" : "other",
            "it" => number.IsInteger(1) ? "one" : IsMillions(number) ? "many" : "other",
            "fr" => number.I is 0 or 1 ? "one" : IsMillions(number) ? "many" : "other",
            // Portugal says "0 dias" and Brazil "0 dia".
            "pt" when language.StartsWith("pt-PT", StringComparison.Ordinal) => number.IsInteger(1) ? "one" : IsMillions(number) ? "many" : "other",
            "pt" => number.I is 0 or 1 ? "one" : IsMillions(number) ? "many" : "other",
            _ => "other",
        };
    }

    /// <summary>The category in the language of a culture.</summary>
    public static string Category(CultureInfo culture, decimal n)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return Category(culture.Name, n);
    }

    static bool EndsInOne(Operands number) =>
        number.V == 0 && number.I % 10 == 1 && number.I % 100 != 11 || number.F % 10 == 1 && number.F % 100 != 11;

    static bool EndsInTwoToFour(Operands number) =>
        number.V == 0 && number.I % 10 is >= 2 and <= 4 && number.I % 100 is not (>= 12 and <= 14)
        || number.F % 10 is >= 2 and <= 4 && number.F % 100 is not (>= 12 and <= 14);

    static string Slovene(Operands number) => number.V != 0 ? "few" : (number.I % 100) switch
    {
        1 => "one",
        2 => "two",
        3 or 4 => "few",
        _ => "other",
    };

    static string Latvian(Operands number)
    {
        if (number.N % 10 == 0 || number.N % 100 is >= 11 and <= 19 && number.N == number.I || number.V == 2 && number.F % 100 is >= 11 and <= 19) return "zero";
        var one = number.N % 10 == 1 && number.N % 100 != 11
            || number.V == 2 && number.F % 10 == 1 && number.F % 100 != 11
            || number.V != 2 && number.F % 10 == 1;
        return one ? "one" : "other";
    }

    static bool IsMillions(Operands number) => number.V == 0 && number.I != 0 && number.I % 1_000_000 == 0;

    /// <summary>The operands of CLDR: n the number, i its whole part, v how many decimals are written, f the decimals as a number.</summary>
    readonly record struct Operands(decimal N, decimal I, int V, decimal F)
    {
        public static Operands Of(decimal number)
        {
            var n = Math.Abs(number);
            var i = Math.Truncate(n);
            var f = n - i;
            var v = n.Scale;
            for (var place = 0; place < v; place++) f *= 10;
            return new Operands(n, i, v, Math.Truncate(f));
        }

        public bool IsInteger(decimal value) => V == 0 && I == value;
    }
}

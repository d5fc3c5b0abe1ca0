using System.Globalization;
using System.Text.RegularExpressions;
using Grants.Platform.Localisation;

namespace Grants.Applications.Domain;

/// <summary>A kind of number that registers and tax offices give to organisations.</summary>
/// <param name="Id">As open data know it, such as <c>HR-OIB</c>.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or XK.</param>
/// <param name="IsSolid">Whether its rule holds for every real number, so that one which breaks it is a typing error for sure.</param>
public sealed record NumberScheme(string Id, string Country, bool IsSolid);

/// <summary>What can be said of a number.</summary>
public enum NumberResult
{
    /// <summary>Nothing is wrong, or no rule is known.</summary>
    Fine,

    /// <summary>It does not look like others of its kind, but real ones are known that do not either.</summary>
    Doubtful,

    /// <summary>There is no such number.</summary>
    Wrong,
}

/// <summary>Numbers of organisations: how they are compared, and what their check digits say.</summary>
public static partial class OrganisationNumbers
{
    /// <summary>Kinds we know a rule or a form of.</summary>
    public static readonly IReadOnlyList<NumberScheme> Schemes =
    [
        new("AL-NIPT", "AL", false), new("BA-JIB", "BA", false), new("FR-SIREN", "FR", true), new("FR-SIRET", "FR", true), new("HR-OIB", "HR", true), new("IT-CF", "IT", true),
        new("LV-RE", "LV", true), new("ME-PIB", "ME", false), new("MK-EDB", "MK", true), new("MK-EMBS", "MK", false), new("PT-NIPC", "PT", true), new("RO-CUI", "RO", true),
        new("RS-MB", "RS", false), new("RS-PIB", "RS", true), new("SI-PRS", "SI", true), new("SI-TIN", "SI", true), new("TR-VKN", "TR", true), new("XK-NUI", "XK", false),
    ];

    // Cyrillic letters that look like Latin ones: МК and MK before a number are the same to everybody who reads them.
    const string Cyrillic = "АВЕКМНОРСТУХЈЅІ", Latin = "ABEKMHOPCTYXJSI";

    // The post office of France, whose branches do not follow the rule of all others.
    const string LaPoste = "356000000";

    /// <summary>A number as numbers are compared: capitals and digits only, look-alike letters as Latin ones, without the country's letters before digits.</summary>
    public static string Normal(string number)
    {
        var kept = string.Concat(TextForm.Nfkc(number).ToUpperInvariant().Where(char.IsLetterOrDigit)
            .Select(letter => Cyrillic.IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? Latin[at] : letter));
        return CountryBeforeDigits().IsMatch(kept) ? kept[2..] : kept;
    }

    /// <summary>What a number is by the rule of its kind.</summary>
    public static NumberResult Check(string scheme, string number)
    {
        if (Schemes.FirstOrDefault(known => known.Id == scheme) is not { } found) return NumberResult.Fine;
        return Follows(scheme, Normal(number)) ? NumberResult.Fine : found.IsSolid ? NumberResult.Wrong : NumberResult.Doubtful;
    }

    static bool Follows(string scheme, string number) => scheme switch
    {
        "AL-NIPT" => AlbanianForm().IsMatch(number),
        "BA-JIB" => IsDigits(number, 12, 13),
        "XK-NUI" => IsDigits(number, 7, 9),
        "MK-EMBS" => IsDigits(number, 7, 7),
        "RS-MB" => IsDigits(number, 8, 8),
        "ME-PIB" => IsDigits(number, 8, 8) && Digit(number, 7) == Negative(number, 8, 7, 6, 5, 4, 3, 2) % 10,
        "MK-EDB" => IsDigits(number, 13, 13) && Digit(number, 12) == Negative(number, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 10,
        "RS-PIB" => IsDigits(number, 9, 9) && Iso7064(number),
        "HR-OIB" => IsDigits(number, 11, 11) && Iso7064(number),
        // A remainder of nothing is given to nobody.
        "SI-PRS" => SlovenianForm().IsMatch(number) && Negative(number, 7, 6, 5, 4, 3, 2) is var check and not 0 && Digit(number, 6) == check % 10,
        "SI-TIN" => IsDigits(number, 8, 8) && number[0] != '0' && Negative(number, 8, 7, 6, 5, 4, 3, 2) is var check and not 0 && Digit(number, 7) == check % 10,
        "LV-RE" => IsDigits(number, 11, 11) && Weighted(number, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3,
        "RO-CUI" => IsDigits(number, 2, 10) && Digit(number, number.Length - 1) == Weighted(number[..^1].PadLeft(9, '0'), 7, 5, 3, 2, 1, 7, 5, 3, 2) * 10 % 11 % 10,
        "TR-VKN" => IsDigits(number, 10, 10) && Digit(number, 9) == Turkish(number),
        "IT-CF" => IsDigits(number, 11, 11) && !number.StartsWith("0000000", StringComparison.Ordinal) && IsItalianOffice(number[7..10]) && Luhn(number),
        "PT-NIPC" => IsDigits(number, 9, 9) && number[0] != '0' && Digit(number, 8) == Negative(number, 9, 8, 7, 6, 5, 4, 3, 2) % 10,
        "FR-SIREN" => IsDigits(number, 9, 9) && Luhn(number),
        "FR-SIRET" => IsDigits(number, 14, 14) && Luhn(number[..9])
            && (Luhn(number) || number.StartsWith(LaPoste, StringComparison.Ordinal) && number.Sum(digit => digit - '0') % 5 == 0),
        _ => true,
    };

    static bool IsDigits(string number, int least, int most) => number.Length >= least && number.Length <= most && number.All(char.IsAsciiDigit);

    static int Digit(string number, int at) => number[at] - '0';

    static int Weighted(string number, params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var at = 0; at < weights.Length; at++) sum += weights[at] * Digit(number, at);
        return sum;
    }

    // What is missing to the next multiple of 11.
    static int Negative(string number, params ReadOnlySpan<int> weights) => (11 - Weighted(number, weights) % 11) % 11;

    // ISO/IEC 7064, MOD 11,10.
    static bool Iso7064(string number)
    {
        var check = 5;
        foreach (var digit in number) check = ((check == 0 ? 10 : check) * 2 % 11 + (digit - '0')) % 10;
        return check == 1;
    }

    static bool Luhn(string number)
    {
        var sum = 0;
        for (var fromRight = 0; fromRight < number.Length; fromRight++)
        {
            var digit = Digit(number, number.Length - 1 - fromRight) * (1 + fromRight % 2);
            sum += digit / 10 + digit % 10;
        }

        return sum % 10 == 0;
    }

    static int Turkish(string number)
    {
        var sum = 0;
        for (var place = 1; place <= 9; place++)
        {
            var digit = (Digit(number, 9 - place) + place) % 10;
            if (digit == 0) continue;
            var part = digit * (1 << place) % 9;
            sum += part == 0 ? 9 : part;
        }

        return (10 - sum % 10) % 10;
    }

    // The office that gave the number: a province, or one of a few others.
    static bool IsItalianOffice(string office) => int.Parse(office, CultureInfo.InvariantCulture) is >= 1 and <= 100 or 120 or 121 or 888 or 999;

    [GeneratedRegex("^[A-Z]{2}[0-9]+$")]
    private static partial Regex CountryBeforeDigits();

    [GeneratedRegex("^[A-M][0-9]{8}[A-Z]$")]
    private static partial Regex AlbanianForm();

    [GeneratedRegex("^[0-9]{7}([A-Z0-9][0-9]{2})?$")]
    private static partial Regex SlovenianForm();
}

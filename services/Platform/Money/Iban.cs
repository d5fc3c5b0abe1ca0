using System.Globalization;
using System.Resources;
using System.Text;
using Grants.Platform.Localisation;

namespace Grants.Platform;

/// <summary>What the check of a bank account number found. Each has one sentence: <see cref="IbanCheck.Sentence"/>.</summary>
public enum IbanResult
{
    /// <summary>The number can exist.</summary>
    Ok,

    /// <summary>Nothing was typed.</summary>
    Empty,

    /// <summary>Something besides letters and digits.</summary>
    BadCharacters,

    /// <summary>The first two letters name no country whose numbers we know.</summary>
    UnknownCountry,

    /// <summary>Too short or too long for its country.</summary>
    WrongLength,

    /// <summary>Letters where the country has digits, or the other way round.</summary>
    WrongStructure,

    /// <summary>The check digits do not fit: something is mistyped.</summary>
    WrongCheckDigits,
}

/// <summary>A checked bank account number.</summary>
/// <param name="Result">What was found.</param>
/// <param name="Normalised">Capital letters and digits without spaces; what was understood when the result is not <see cref="IbanResult.Ok"/>.</param>
/// <param name="Warning">The number is possible, but its country's banks give out other check digits: ask to compare it with the bank's letter.</param>
public sealed record IbanCheck(IbanResult Result, string Normalised, bool Warning)
{
    static readonly ResourceManager Texts = new("Grants.Platform.Money.Texts", typeof(IbanCheck).Assembly);

    /// <summary>Whether the number can be taken.</summary>
    public bool IsOk => Result == IbanResult.Ok;

    /// <summary>Two-letter country; empty when not known.</summary>
    public string Country => Result is IbanResult.Empty or IbanResult.BadCharacters or IbanResult.UnknownCountry ? "" : Normalised[..2];

    /// <summary>In groups of four, as banks print it.</summary>
    public string Formatted => Iban.Format(Normalised);

    /// <summary>The sentence that says what is wrong, or the warning; empty when there is nothing to say.</summary>
    public string Sentence(CultureInfo culture)
    {
        if (IsOk && !Warning) return "";
        var text = Texts.GetString(IsOk ? "IbanWarning" : $"{nameof(IbanResult)}.{Result}", culture) ?? throw new MissingManifestResourceException($"{Result}");
        return Result == IbanResult.WrongLength ? string.Format(culture, text, Country, Iban.LengthIn(Country), Normalised.Length) : text;
    }
}

/// <summary>
/// International bank account numbers: the structures of the SWIFT registry for the countries of the programmes and the rest of SEPA, and the mod-97 check,
/// which finds every single wrong character and every swap of two neighbours (but B1 for 1B, M2 and X3: the sum cannot see those).
/// </summary>
public static class Iban
{
    const int LongestInput = 80;

    // n digits, a capital letters, c either.
    static readonly Dictionary<string, string> Structures = new(StringComparer.Ordinal)
    {
        // The programmes' countries.
        ["AL"] = "8n16c", ["BA"] = "3n3n8n2n", ["XK"] = "4n10n2n", ["ME"] = "3n13n2n", ["MK"] = "3n10c2n", ["RS"] = "3n13n2n", ["TR"] = "5n1n16c",
        ["SI"] = "5n8n2n", ["LV"] = "4a13c", ["IT"] = "1a5n5n12c", ["PT"] = "4n4n11n2n", ["FR"] = "5n5n11c2n", ["RO"] = "4a16c", ["HR"] = "7n10n",
        // The rest of SEPA: partners and suppliers.
        ["AD"] = "4n4n12c", ["AT"] = "5n11n", ["BE"] = "3n7n2n", ["BG"] = "4a4n2n8c", ["CH"] = "5n12c", ["CY"] = "3n5n16c", ["CZ"] = "4n6n10n", ["DE"] = "8n10n",
        ["DK"] = "4n9n1n", ["EE"] = "2n2n11n1n", ["ES"] = "4n4n1n1n10n", ["FI"] = "3n11n", ["GB"] = "4a6n8n", ["GR"] = "3n4n16c", ["HU"] = "3n4n1n15n1n",
        ["IE"] = "4a6n8n", ["IS"] = "4n2n6n10n", ["LI"] = "5n12c", ["LT"] = "5n11n", ["LU"] = "3n13c", ["MC"] = "5n5n11c2n", ["MD"] = "2c18c", ["MT"] = "4a5n18c",
        ["NL"] = "4a10n", ["NO"] = "4n6n1n", ["PL"] = "8n16n", ["SE"] = "3n16n1n", ["SK"] = "4n6n10n", ["SM"] = "1a5n5n12c",
    };

    // Here the account number itself ends in mod-97 check digits, which makes the IBAN's own check digits the same for all accounts of the country.
    static readonly Dictionary<string, string> ConstantCheckDigits = new(StringComparer.Ordinal)
    {
        ["BA"] = "39", ["ME"] = "25", ["MK"] = "07", ["RS"] = "35", ["SI"] = "56", ["XK"] = "05", ["PT"] = "50",
    };

    // Cyrillic and Greek capitals that look like Latin ones: typed with the wrong keyboard, or copied from a letter. By code point: in the source they look alike.
    static readonly Dictionary<char, char> LookAlikes = new()
    {
        ['\u0410'] = 'A', ['\u0412'] = 'B', ['\u0415'] = 'E', ['\u041A'] = 'K', ['\u041C'] = 'M', ['\u041D'] = 'H', ['\u041E'] = 'O', ['\u0420'] = 'P',
        ['\u0421'] = 'C', ['\u0422'] = 'T', ['\u0425'] = 'X', ['\u0405'] = 'S', ['\u0406'] = 'I', ['\u0408'] = 'J',
        ['\u0391'] = 'A', ['\u0392'] = 'B', ['\u0395'] = 'E', ['\u0396'] = 'Z', ['\u0397'] = 'H', ['\u0399'] = 'I', ['\u039A'] = 'K', ['\u039C'] = 'M', ['\u039D'] = 'N',
        ['\u039F'] = 'O', ['\u03A1'] = 'P', ['\u03A4'] = 'T', ['\u03A5'] = 'Y', ['\u03A7'] = 'X',
    };

    /// <summary>Checks what was typed. Spaces, hyphens, a leading "IBAN", small letters and Cyrillic look-alikes are put right silently.</summary>
    public static IbanCheck Check(string? typed)
    {
        if (typed is { Length: > LongestInput }) return new IbanCheck(IbanResult.BadCharacters, "", false);
        var normalised = Normalise(typed ?? "");
        if (normalised.Length == 0) return new IbanCheck(IbanResult.Empty, "", false);

        var country = normalised.Length >= 2 ? normalised[..2] : "";
        var result = !normalised.All(letter => char.IsAsciiDigit(letter) || char.IsAsciiLetterUpper(letter)) ? IbanResult.BadCharacters
            : !Structures.TryGetValue(country, out var structure) ? IbanResult.UnknownCountry
            : normalised.Length != LengthIn(country) ? IbanResult.WrongLength
            : !Fits(normalised.AsSpan(4), structure) || !char.IsAsciiDigit(normalised[2]) || !char.IsAsciiDigit(normalised[3]) ? IbanResult.WrongStructure
            : !HasRightCheckDigits(normalised) ? IbanResult.WrongCheckDigits
            : IbanResult.Ok;

        var unusual = result == IbanResult.Ok && ConstantCheckDigits.TryGetValue(country, out var usual) && normalised[2..4] != usual;
        // Only Montenegro's rule is documented as strict.
        return unusual && country == "ME" ? new IbanCheck(IbanResult.WrongCheckDigits, normalised, false) : new IbanCheck(result, normalised, unusual);
    }

    /// <summary>In groups of four: <c>BA39 1290 0794 0102 8494</c>.</summary>
    public static string Format(string iban)
    {
        ArgumentNullException.ThrowIfNull(iban);
        return string.Join(' ', iban.Chunk(4).Select(group => new string(group)));
    }

    /// <summary>How many characters the numbers of a country have; 0 for unknown countries.</summary>
    public static int LengthIn(string country) => Structures.TryGetValue(country, out var structure) ? 4 + Parts(structure).Sum(part => part.Length) : 0;

    /// <summary>Whether the two check digits fit the rest (ISO 7064 mod 97-10). Expects capital letters and digits.</summary>
    public static bool HasRightCheckDigits(string iban)
    {
        if (iban is not { Length: > 4 }) return false;
        // 98 would give the same remainder as 1 does: 00, 01 and 99 are never given out.
        if (iban[2..4] is "00" or "01" or "99") return false;
        var remainder = 0;
        foreach (var letter in iban[4..] + iban[..4])
        {
            if (char.IsAsciiDigit(letter)) remainder = (remainder * 10 + letter - '0') % 97;
            else if (char.IsAsciiLetterUpper(letter)) remainder = (remainder * 100 + letter - 'A' + 10) % 97;
            else return false;
        }
        return remainder == 1;
    }

    static string Normalise(string typed)
    {
        var text = new StringBuilder();
        foreach (var letter in TextForm.Nfkc(typed).ToUpperInvariant())
        {
            if (char.IsWhiteSpace(letter) || letter is '-' or '\u2010' or '\u2011' or '\u2013' or '\u200B' or '\uFEFF') continue;
            text.Append(LookAlikes.GetValueOrDefault(letter, letter));
        }
        if (text.Length > 4 && text.ToString(0, 4) == "IBAN")
        {
            text.Remove(0, 4);
            if (text[0] == ':') text.Remove(0, 1);
        }
        return text.ToString();
    }

    static bool Fits(ReadOnlySpan<char> account, string structure)
    {
        var at = 0;
        foreach (var (length, kind) in Parts(structure))
        {
            foreach (var letter in account.Slice(at, length))
            {
                var fits = kind switch { 'n' => char.IsAsciiDigit(letter), 'a' => char.IsAsciiLetterUpper(letter), _ => char.IsAsciiLetterOrDigit(letter) };
                if (!fits) return false;
            }
            at += length;
        }
        return at == account.Length;
    }

    static IEnumerable<(int Length, char Kind)> Parts(string structure)
    {
        var length = 0;
        foreach (var letter in structure)
        {
            if (char.IsAsciiDigit(letter))
            {
                length = length * 10 + letter - '0';
                continue;
            }
            yield return (length, letter);
            length = 0;
        }
    }
}

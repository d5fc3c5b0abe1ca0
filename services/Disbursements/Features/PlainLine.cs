using System.Globalization;
using System.Text;

namespace Grants.Disbursements.Features;

/// <summary>What may stand in a line of a bank order or an agreement: one line of visible characters with at least one letter or digit.</summary>
public static class PlainLine
{
    /// <summary>Key of the sentence that says what is wrong, or null.</summary>
    public static string? Problem(string value, int mostCharacters)
    {
        if (value.Length == 0) return "line.empty";
        if (value.EnumerateRunes().Any(IsHidden)) return "line.hidden";
        if (!value.EnumerateRunes().Any(Rune.IsLetterOrDigit)) return "line.noLetters";
        return new StringInfo(value).LengthInTextElements > mostCharacters ? "line.long" : null;
    }

    /// <summary>White space of any kind and length as one space: for values that come from elsewhere.</summary>
    public static string Of(string value) => string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    // Line ends, controls, direction marks and half characters: what is read would not be what is meant.
    static bool IsHidden(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
}

using System.Globalization;
using System.Text;

namespace Grants.Platform.Localisation;

/// <summary>
/// Text as it is searched: small letters without accents, Cyrillic as Latin. Whoever types "zepce", "Žepče" or "Жепче" finds the same.
/// </summary>
public static class SearchText
{
    // Serbian and Macedonian, and the letters of their neighbours. Where the two Latin spellings of a letter differ, the one with more letters stands, because
    // that is how people type without the letter on their keyboard: đ is dj.
    static readonly Dictionary<char, string> Letters = new()
    {
        ['а'] = "a", ['б'] = "b", ['в'] = "v", ['г'] = "g", ['д'] = "d", ['ђ'] = "dj", ['ѓ'] = "gj", ['е'] = "e", ['ѐ'] = "e", ['ё'] = "e", ['ж'] = "z", ['з'] = "z", ['ѕ'] = "dz",
        ['и'] = "i", ['ѝ'] = "i", ['й'] = "j", ['ј'] = "j", ['к'] = "k", ['л'] = "l", ['љ'] = "lj", ['м'] = "m", ['н'] = "n", ['њ'] = "nj", ['о'] = "o", ['п'] = "p", ['р'] = "r",
        ['с'] = "s", ['т'] = "t", ['ћ'] = "c", ['ќ'] = "kj", ['у'] = "u", ['ф'] = "f", ['х'] = "h", ['ц'] = "c", ['ч'] = "c", ['џ'] = "dz", ['ш'] = "s", ['щ'] = "st", ['ъ'] = "a",
        ['ы'] = "i", ['ь'] = "", ['э'] = "e", ['ю'] = "ju", ['я'] = "ja", ['đ'] = "dj", ['ð'] = "d", ['ı'] = "i", ['İ'] = "i", ['ł'] = "l", ['ø'] = "o", ['ß'] = "ss", ['æ'] = "ae", ['œ'] = "oe",
    };

    /// <summary>The text in that form, words parted by single spaces.</summary>
    public static string Fold(string text)
    {
        var plain = new StringBuilder(text.Length);
        // Composed first: ќ would fall apart into к and an accent.
        foreach (var letter in TextForm.Nfkc(text).ToLowerInvariant())
        {
            if (Letters.TryGetValue(letter, out var latin)) plain.Append(latin);
            else plain.Append(letter);
        }

        var folded = new StringBuilder(plain.Length);
        foreach (var letter in TextForm.Decomposed(plain.ToString()))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) continue;
            if (char.IsLetterOrDigit(letter)) folded.Append(letter);
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }

    /// <summary>Whether each word that was typed stands somewhere in the texts, also within a longer word. Nothing typed finds everything.</summary>
    public static bool Finds(string typed, params IEnumerable<string> texts)
    {
        var wanted = Fold(typed);
        if (wanted.Length == 0) return typed.Trim().Length == 0;
        var there = string.Join('\n', texts.Select(Fold));
        return wanted.Split(' ').All(word => there.Contains(word, StringComparison.Ordinal));
    }
}

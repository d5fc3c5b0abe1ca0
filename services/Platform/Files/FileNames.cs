using System.Globalization;
using System.Text;
using Grants.Platform.Localisation;

namespace Grants.Platform.Files;

/// <summary>Names of files as people gave them, made harmless. The store never uses them: there the hash is the name.</summary>
public static class FileNames
{
    const int Longest = 120;

    static readonly HashSet<string> ReservedByWindows = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" })], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The last part of a path, in NFC, without control characters, invisible characters and those that turn the direction of writing (with which
    /// <c>gpj.exe</c> reads as a picture), at most 120 characters with its ending kept. Never empty.
    /// </summary>
    public static string Clean(string? name)
    {
        var text = TextForm.Nfc(name ?? "");
        text = text[(text.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) continue;
            if (category is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) clean.Append(' ');
            else clean.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? "_" : rune.ToString());
        }
        text = Cut(clean.ToString().Trim(' ', '.', '\u00A0'));
        if (text.Length == 0) return "file";
        return ReservedByWindows.Contains(text.Split('.')[0].TrimEnd()) ? "_" + text : text;
    }

    static string Cut(string name)
    {
        if (name.Length <= Longest) return name;
        var ending = Path.GetExtension(name);
        if (ending.Length > 10) ending = "";
        var kept = Longest - ending.Length;
        // Not through the middle of a character of two halves.
        if (char.IsHighSurrogate(name[kept - 1])) kept--;
        return name[..kept].TrimEnd(' ', '.') + ending;
    }
}

using System.Globalization;

namespace Grants.Platform.Persistence;

/// <summary>
/// Collations for sorting names as a language sorts them. They have the same names on both databases: ordinal order is wrong for every
/// language of the product (<c>Č</c> after <c>Z</c>), and hyphens in names break on SQLite.
/// </summary>
public static class Collations
{
    /// <summary>Language tags that have a collation.</summary>
    public static readonly IReadOnlyList<string> Languages =
    [
        "sq", "sq-XK", "sq-MK", "mk", "sr-Cyrl", "sr-Latn", "sr-Latn-ME", "bs", "bs-Cyrl", "hr", "hr-BA", "sl", "lv", "tr", "ro", "it", "pt-PT", "fr", "en",
    ];

    internal static readonly IReadOnlyList<(string Name, Comparison<string> Compare)> Comparers = [.. Languages.Select(Comparer)];

    /// <summary>Name of the collation of a language; that of English for a language that has none.</summary>
    public static string For(string language)
    {
        for (var tag = language; tag.Length > 0; tag = tag.LastIndexOf('-') is > 0 and var cut ? tag[..cut] : "")
        {
            if (Languages.Contains(tag, StringComparer.OrdinalIgnoreCase)) return Name(tag);
        }

        return Name("en");
    }

    internal static string Name(string language) => "grants_" + language.Replace('-', '_').ToLowerInvariant();

    static (string Name, Comparison<string> Compare) Comparer(string language)
    {
        var info = CultureInfo.GetCultureInfo(language).CompareInfo;
        return (Name(language), (a, b) => info.Compare(a, b, CompareOptions.None));
    }
}

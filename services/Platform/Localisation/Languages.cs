using System.Globalization;

namespace Grants.Platform.Localisation;

/// <summary>A language that pages can be read in.</summary>
/// <param name="Code">Neutral culture code, the one of the resource files.</param>
/// <param name="OwnName">The language's name in itself.</param>
/// <param name="Culture">Culture whose separators and month names are used.</param>
public sealed record Language(string Code, string OwnName, CultureInfo Culture);

/// <summary>The languages of the pages. Adding one: a line here, and resource files beside the pages.</summary>
public static class Languages
{
    /// <summary>The language every text exists in.</summary>
    public const string Fallback = "en";

    /// <summary>All, in the order of the language switch. English is British: days come before months.</summary>
    public static readonly IReadOnlyList<Language> Supported =
    [
        new("en", "English", CultureInfo.GetCultureInfo("en-GB")),
        new("bs", "Bosanski", CultureInfo.GetCultureInfo("bs-Latn-BA")),
        new("mk", "Македонски", CultureInfo.GetCultureInfo("mk-MK")),
    ];

    /// <summary>Whether pages can be read in the language.</summary>
    public static bool IsSupported(string? code) => Supported.Any(language => language.Code == code);

    /// <summary>The language of a code, English when it is not supported.</summary>
    public static Language Of(string? code) => Supported.FirstOrDefault(language => language.Code == code) ?? Supported[0];

    /// <summary>
    /// The first wish that can be met: exactly, or by its first part (<c>bs-Latn-BA</c> is met by <c>bs</c>). Null when none can.
    /// </summary>
    public static string? Match(IEnumerable<string?> wishes) => wishes
        .Select(wish => Supported.FirstOrDefault(language => string.Equals(language.Code, wish, StringComparison.OrdinalIgnoreCase))
            ?? Supported.FirstOrDefault(language => string.Equals(language.Code, wish?.Split('-')[0], StringComparison.OrdinalIgnoreCase)))
        .FirstOrDefault(language => language is not null)?.Code;
}

using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls;

/// <summary>Words that pages about calls share.</summary>
public static class CallWords
{
    /// <summary>A language's own name; its code when we do not know it.</summary>
    public static string LanguageName(string code) => Languages.IsSupported(code) ? Languages.Of(code).OwnName : OtherNames.GetValueOrDefault(code, code);

    // With capitals like the names of the languages the pages are in: they stand side by side.
    static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["hr"] = "Hrvatski", ["sr"] = "Srpski", ["sr-Latn"] = "Srpski (latinica)", ["sr-Cyrl"] = "Српски (ћирилица)", ["sq"] = "Shqip", ["tr"] = "Türkçe",
        ["sl"] = "Slovenščina", ["lv"] = "Latviešu", ["ro"] = "Română", ["it"] = "Italiano", ["pt"] = "Português", ["fr"] = "Français",
    };

    /// <summary>A share of hundredths of a percent: <c>7%</c>, <c>7,5 %</c>.</summary>
    public static string Share(int hundredths, CultureInfo culture) =>
        (hundredths / 100m).ToString("0.##", culture) + (culture.NumberFormat.PercentPositivePattern == 1 ? "%" : "\u00A0%");

    /// <summary>Points of hundredths: <c>60</c>, <c>7.5</c>.</summary>
    public static string Points(int hundredths, CultureInfo culture) => (hundredths / 100m).ToString("0.##", culture);

    /// <summary>The moment of a local time in a call's zone; null when none is set.</summary>
    public static DateTimeOffset? At(CallDefinition call, string local) => Dates.TryInstant(local, call.TimeZone, out var instant, out _) ? instant : null;

    /// <summary>A moment of a call in words, for sentences; empty when none is set.</summary>
    public static string When(CallDefinition call, string local, PageContext page) => At(call, local) is { } at ? Dates.Instant(at, call.TimeZone, page.Culture) : "";

    /// <summary>A day of a definition in words.</summary>
    public static string Day(string day, CultureInfo culture) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var found) ? Dates.Day(found, culture) : day;

    /// <summary>The words of an option, or of yes and no, by which a condition is met.</summary>
    public static string Text(IReadOnlyDictionary<string, string> of, string language, PageContext page) => LocalText.Pick(of, language, page.Language).Text;
}

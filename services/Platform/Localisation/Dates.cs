using System.Globalization;

namespace Grants.Platform.Localisation;

/// <summary>What is wrong with a typed moment.</summary>
public enum DateProblem
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>Not a date and a time: <c>2027-01-15T23:59</c> was expected.</summary>
    Malformed,

    /// <summary>No time zone of that name is known.</summary>
    UnknownZone,

    /// <summary>The clocks go forward over this time: it does not exist on that day.</summary>
    DoesNotExist,

    /// <summary>The clocks go back over this time: it comes twice on that day.</summary>
    ExistsTwice,
}

/// <summary>Days and moments as people read them, and the one way from a local time to an instant.</summary>
public static class Dates
{
    // Kosovo has no zone of its own in the IANA list; its deadlines are still shown with its own capital.
    const string Pristina = "Europe/Pristina", RulesOfPristina = "Europe/Belgrade";

    static readonly string[] TypedFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <summary><c>Friday 15 January 2027</c>, <c>petak, 15. januar 2027.</c>, <c>петок, 15 јануари 2027 г.</c></summary>
    public static string Day(DateOnly day, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return day.ToString(Styles.Of(culture).Day, culture);
    }

    /// <summary><c>15 Jan 2027</c>, <c>15. 1. 2027.</c>: for tables.</summary>
    public static string ShortDay(DateOnly day, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return day.ToString(Styles.Of(culture).ShortDay, culture);
    }

    /// <summary><c>Friday 15 January 2027, 23:59 (Sarajevo)</c>: a moment in a zone, named by its city so that nobody has to guess whose clock is meant.</summary>
    public static string Instant(DateTimeOffset instant, string ianaZone, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        var local = In(instant, ianaZone);
        var day = Day(DateOnly.FromDateTime(local), culture);
        return $"{day}{Styles.Of(culture).At}{local.ToString("HH:mm", CultureInfo.InvariantCulture)} ({City(ianaZone, culture)})";
    }

    /// <summary><c>15 Jan 2027, 23:59</c>: for tables and lists, where the page says which zone is meant.</summary>
    public static string ShortInstant(DateTimeOffset instant, string ianaZone, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        var local = In(instant, ianaZone);
        return $"{ShortDay(DateOnly.FromDateTime(local), culture)}{Styles.Of(culture).ShortAt}{local.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    /// <summary>The city a zone is named after, in the language of the reader: <c>Europe/Sarajevo</c> is Sarajevo or Сараево.</summary>
    public static string City(string ianaZone, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(ianaZone);
        ArgumentNullException.ThrowIfNull(culture);
        return Cities.Of(ianaZone, Styles.Key(culture));
    }

    /// <summary>Whether a zone is known.</summary>
    public static bool IsZone(string ianaZone) => Find(ianaZone) is not null;

    /// <summary>The local date and time of an instant in a zone.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not known.</exception>
    public static DateTime In(DateTimeOffset instant, string ianaZone) =>
        TimeZoneInfo.ConvertTime(instant, Find(ianaZone) ?? throw new TimeZoneNotFoundException(ianaZone)).DateTime;

    /// <summary>
    /// The one way from a local date and time to an instant. A time that does not exist, or exists twice, when the clocks change is reported and never
    /// moved: a deadline is a promise, and whoever sets it must choose another minute.
    /// </summary>
    /// <param name="local"><c>2027-01-15T23:59</c>, as browsers post it; seconds are allowed.</param>
    /// <param name="ianaZone">IANA zone, such as <c>Europe/Sarajevo</c>.</param>
    /// <param name="instant">The instant, +00:00.</param>
    /// <param name="problem">What is wrong, or <see cref="DateProblem.None"/>.</param>
    public static bool TryInstant(string? local, string? ianaZone, out DateTimeOffset instant, out DateProblem problem)
    {
        instant = default;
        problem = DateProblem.None;
        if (Find(ianaZone) is not { } zone) problem = DateProblem.UnknownZone;
        else if (!DateTime.TryParseExact(local?.Trim(), TypedFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) problem = DateProblem.Malformed;
        else if (zone.IsInvalidTime(time)) problem = DateProblem.DoesNotExist;
        else if (zone.IsAmbiguousTime(time)) problem = DateProblem.ExistsTwice;
        // The first and last day of the calendar have no instant in every zone.
        else if (time.Year is < 1900 or > 9000) problem = DateProblem.Malformed;
        else instant = new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime();
        return problem == DateProblem.None;
    }

    static TimeZoneInfo? Find(string? ianaZone)
    {
        if (string.IsNullOrEmpty(ianaZone)) return null;
        var id = string.Equals(ianaZone, Pristina, StringComparison.Ordinal) ? RulesOfPristina : ianaZone;
        // HasIanaId refuses the names Windows uses, which other readers of the data would not know.
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId ? zone : null;
    }

    sealed record Styles(string Day, string ShortDay, string At, string ShortAt)
    {
        static readonly Dictionary<string, Styles> ByLanguage = new(StringComparer.Ordinal)
        {
            ["en"] = new("dddd d MMMM yyyy", "d MMM yyyy", ", ", ", "),
            ["bs"] = new("dddd, d. MMMM yyyy.", "d. M. yyyy.", " u ", " u "),
            ["bs-Cyrl"] = new("dddd, d. MMMM yyyy.", "d. M. yyyy.", " у ", " у "),
            ["hr"] = new("dddd, d. MMMM yyyy.", "d. M. yyyy.", " u ", " u "),
            ["sr-Latn"] = new("dddd, d. MMMM yyyy.", "d. M. yyyy.", " u ", " u "),
            ["sr"] = new("dddd, d. MMMM yyyy.", "d. M. yyyy.", " у ", " у "),
            ["mk"] = new("dddd, d MMMM yyyy 'г.'", "d.M.yyyy 'г.'", " во ", " во "),
            ["sq"] = new("dddd, d MMMM yyyy", "d.M.yyyy", ", ", ", "),
            ["sl"] = new("dddd, d. MMMM yyyy", "d. M. yyyy", " ob ", " ob "),
            ["lv"] = new("dddd, yyyy. 'gada' d. MMMM", "dd.MM.yyyy.", ", ", ", "),
            ["tr"] = new("d MMMM yyyy dddd", "dd.MM.yyyy", ", ", ", "),
            ["ro"] = new("dddd, d MMMM yyyy", "dd.MM.yyyy", ", ", ", "),
            ["it"] = new("dddd d MMMM yyyy", "dd/MM/yyyy", ", ", ", "),
            ["pt"] = new("dddd, d 'de' MMMM 'de' yyyy", "dd/MM/yyyy", ", ", ", "),
            ["fr"] = new("dddd d MMMM yyyy", "dd/MM/yyyy", ", ", ", "),
        };

        public static Styles Of(CultureInfo culture) => ByLanguage.GetValueOrDefault(Key(culture), ByLanguage["en"]);

        /// <summary>Language and, where both are in use, script.</summary>
        public static string Key(CultureInfo culture)
        {
            var language = culture.TwoLetterISOLanguageName;
            if (language == "sr") return culture.Name.Contains("Latn", StringComparison.Ordinal) ? "sr-Latn" : "sr";
            return language == "bs" && culture.Name.Contains("Cyrl", StringComparison.Ordinal) ? "bs-Cyrl" : language;
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;

namespace Grants.Platform.Localisation;

/// <summary>A text and the language it was found in: English when the wanted language lacks it.</summary>
/// <param name="Value">The text, with its placeholders.</param>
/// <param name="Language">Code of its language.</param>
public sealed record FoundText(string Value, string Language);

/// <summary>
/// Looks texts up in the <c>Texts.resx</c> files of the folder (namespace) that a component or handler belongs to.
/// Keys start with the name of the page: <c>submit.title</c>.
/// </summary>
public static class Texts
{
    static readonly ConcurrentDictionary<(string Assembly, string Namespace), ResourceManager> Managers = new();

    /// <summary>
    /// The text of a key, in the language or else in English. A key missing in English throws when <paramref name="strict"/> (development and tests);
    /// otherwise the key itself is shown, so that a person can still do what they came for.
    /// </summary>
    /// <exception cref="MissingTextException">The key does not exist in English.</exception>
    public static FoundText Find(Type marker, string key, string language, bool strict)
    {
        if (Raw(marker, key, language) is { } text) return new FoundText(text, language);
        if (Raw(marker, key, Languages.Fallback) is { } english) return new FoundText(english, Languages.Fallback);
        return strict ? throw new MissingTextException(marker, key) : new FoundText(key, Languages.Fallback);
    }

    /// <summary>
    /// The text of a key with plural forms (<c>key.one</c>, <c>key.few</c>, <c>key.other</c>) that fits a count. Each language uses its own rule,
    /// English too when it stands in.
    /// </summary>
    public static FoundText FindPlural(Type marker, string key, decimal count, string language, bool strict)
    {
        if (Raw(marker, $"{key}.{Plural.Category(language, count)}", language) is { } text) return new FoundText(text, language);
        return Find(marker, $"{key}.{Plural.Category(Languages.Fallback, count)}", Languages.Fallback, strict);
    }

    /// <summary>Puts arguments into a text, as the reader's language writes them.</summary>
    public static string Format(FoundText text, string zone, params object?[] args)
    {
        var culture = Languages.Of(text.Language).Culture;
        return args.Length == 0 ? text.Value : string.Format(culture, text.Value, [.. args.Select(arg => Argument(arg, zone, culture))]);
    }

    /// <summary>An argument as text: money and instants as the components <c>Amount</c> and <c>Instant</c> show them.</summary>
    public static object? Argument(object? arg, string zone, CultureInfo culture) => arg switch
    {
        Money money => MoneyFormat.Format(money, culture),
        DateTimeOffset instant => Dates.Instant(instant, zone, culture),
        DateOnly day => Dates.Day(day, culture),
        _ => arg,
    };

    static string? Raw(Type marker, string key, string language)
    {
        var space = marker.Namespace ?? "";
        var manager = Managers.GetOrAdd((marker.Assembly.FullName!, space), _ => new ResourceManager($"{space}.Texts", marker.Assembly));
        // The parent of every culture is the neutral file, which is English: other languages must not fall into it unseen.
        var culture = language == Languages.Fallback ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language);
        try
        {
            return manager.GetResourceSet(culture, createIfNotExists: true, tryParents: false)?.GetString(key);
        }
        catch (MissingManifestResourceException)
        {
            return null;
        }
    }
}

/// <summary>A page asks for a text that does not exist. Thrown in development and tests only.</summary>
public sealed class MissingTextException(Type marker, string key) : Exception($"No text '{key}' in Texts.resx of {marker.Namespace} ({marker.Name}).");

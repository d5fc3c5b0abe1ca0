namespace Grants.Platform.Localisation;

/// <summary>Which language readers take when theirs is not there: a neighbouring one they read without effort, before English.</summary>
public static class NearLanguages
{
    static readonly Dictionary<string, string[]> Near = new(StringComparer.Ordinal)
    {
        ["bs"] = ["hr", "sr-Latn", "sr", "sr-Cyrl"],
        ["hr"] = ["bs", "sr-Latn", "sr"],
        ["sr"] = ["sr-Latn", "sr-Cyrl", "bs", "hr"],
        ["sr-Latn"] = ["sr", "bs", "hr", "sr-Cyrl"],
        ["sr-Cyrl"] = ["sr", "sr-Latn", "bs", "hr"],
        ["me"] = ["sr-Latn", "sr", "bs", "hr", "sr-Cyrl"],
    };

    /// <summary>The languages to look for, best first: each of those wished for with its neighbours, then English.</summary>
    public static IReadOnlyList<string> Order(params IEnumerable<string> wished) =>
        [.. wished.SelectMany(language => Near.GetValueOrDefault(language, []).Prepend(language)).Append(Languages.Fallback).Distinct(StringComparer.Ordinal)];

    /// <summary>The best of the languages that are there; the first of them when none is near.</summary>
    public static string Best(IReadOnlyList<string> there, params IEnumerable<string> wished) => Order(wished).FirstOrDefault(there.Contains) ?? there[0];
}

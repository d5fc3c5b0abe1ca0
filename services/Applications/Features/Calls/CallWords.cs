using Grants.Platform.Localisation;

namespace Grants.Applications.Features.Calls;

/// <summary>Names that pages about calls share.</summary>
public static class CallWords
{
    /// <summary>A language's own name; its code when we have no texts in it.</summary>
    public static string LanguageName(string code) => Languages.IsSupported(code) ? Languages.Of(code).OwnName : OtherNames.GetValueOrDefault(code, code);

    static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["hr"] = "hrvatski", ["sr"] = "srpski", ["sr-Latn"] = "srpski", ["sr-Cyrl"] = "српски", ["sq"] = "shqip", ["mk"] = "македонски", ["bs"] = "bosanski",
        ["sl"] = "slovenščina", ["tr"] = "Türkçe", ["en"] = "English",
    };
}

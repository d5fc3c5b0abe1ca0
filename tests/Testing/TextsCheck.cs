using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Grants.Platform.Localisation;

namespace Grants.Testing;

/// <summary>Checks the texts of a project: every language complete, with the same placeholders, and every key that a page asks for exists.</summary>
public static partial class TextsCheck
{
    /// <summary>Languages every text must exist in; the others need the texts of public pages only.</summary>
    public static readonly IReadOnlyList<string> Complete = ["bs"];

    static readonly string[] Forms = ["zero", "one", "two", "few", "many", "other"];

    /// <summary>What is wrong with the texts of a service; empty when nothing is. <paramref name="assembly"/> is the service's, its sources lie in <c>services/{name}</c>.</summary>
    public static IReadOnlyList<string> Problems(Assembly assembly) => [.. Files(assembly).SelectMany(Check), .. MissingKeys(assembly), .. NotBuiltIn(assembly)];

    /// <summary>The problems of one folder's files, given as language and key to text; English is <c>en</c>.</summary>
    public static IEnumerable<string> Check((string Folder, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Languages) files)
    {
        var english = files.Languages["en"];
        foreach (var problem in Plurals(files.Folder, "en", english)) yield return problem;
        foreach (var language in Complete)
            if (!files.Languages.ContainsKey(language)) yield return $"{files.Folder}: no Texts.{language}.resx";

        foreach (var (language, texts) in files.Languages.Where(entry => entry.Key != "en"))
        {
            var wanted = english.Keys.Select(Stem).ToHashSet();
            var there = texts.Keys.Select(Stem).ToHashSet();
            foreach (var key in wanted.Except(there).Where(_ => Complete.Contains(language))) yield return $"{files.Folder}: '{key}' is missing in {language}";
            foreach (var key in there.Except(wanted)) yield return $"{files.Folder}: '{key}' is in {language} and not in English";
            foreach (var problem in Plurals(files.Folder, language, texts)) yield return problem;
            foreach (var (key, text) in texts)
            {
                var original = english.GetValueOrDefault(key) ?? english.GetValueOrDefault(Stem(key) + ".other");
                // One form of a plural may say "one" in words and leave the count out.
                if (original is not null && Stem(key) == key && !Holes(text).SetEquals(Holes(original))) yield return $"{files.Folder}: '{key}' has other placeholders in {language}";
            }
        }
    }

    static IEnumerable<string> Plurals(string folder, string language, IReadOnlyDictionary<string, string> texts)
    {
        var needed = Enumerable.Range(0, 200).Select(count => Plural.Category(language, count).ToString().ToLowerInvariant()).Distinct().ToList();
        foreach (var stem in texts.Keys.Where(key => Stem(key) != key).Select(Stem).Distinct())
        {
            foreach (var form in needed.Where(form => !texts.ContainsKey($"{stem}.{form}"))) yield return $"{folder}: '{stem}.{form}' is missing in {language}";
        }
    }

    static string Stem(string key) => key.LastIndexOf('.') is var dot and > 0 && Forms.Contains(key[(dot + 1)..]) ? key[..dot] : key;

    static HashSet<string> Holes(string text) => [.. Hole().Matches(text).Select(match => match.Value)];

    static string Source(Assembly assembly) => Path.Combine(Shared.Repository, "services", assembly.GetName().Name!);

    static IEnumerable<(string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>)> Files(Assembly assembly) =>
        Directory.EnumerateFiles(Source(assembly), "Texts.resx", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Select(folder => (
            Path.GetRelativePath(Shared.Repository, folder!),
            (IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>)Directory.EnumerateFiles(folder!, "Texts*.resx").ToDictionary(
                file => Path.GetFileName(file).Split('.') is [_, var language, _] ? language : "en",
                file => (IReadOnlyDictionary<string, string>)XDocument.Load(file).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value))));

    static IEnumerable<string> MissingKeys(Assembly assembly)
    {
        var texts = Files(assembly).ToDictionary(file => file.Item1, file => file.Item2["en"]);
        foreach (var page in Directory.EnumerateFiles(Source(assembly), "*.razor", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(Shared.Repository, Path.GetDirectoryName(page)!);
            foreach (var match in Use().Matches(File.ReadAllText(page)).Cast<Match>())
            {
                var key = match.Groups["key"].Value;
                if (!texts.TryGetValue(folder, out var there) || !there.ContainsKey(match.Groups["kind"].Value == "N" ? key + ".other" : key))
                    yield return $"{Path.GetRelativePath(Shared.Repository, page)}: asks for '{key}', which is not in Texts.resx beside it";
            }
        }
    }

    // A wrong root namespace builds resources under names that nobody looks for, silently.
    static IEnumerable<string> NotBuiltIn(Assembly assembly)
    {
        foreach (var (folder, languages) in Files(assembly))
        {
            var name = "Grants." + Path.GetRelativePath(Path.Combine(Shared.Repository, "services"), Path.Combine(Shared.Repository, folder)).Replace(Path.DirectorySeparatorChar, '.') + ".Texts";
            foreach (var language in languages.Keys)
            {
                var culture = language == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language);
                ResourceSet? built = null;
                try
                {
                    built = new ResourceManager(name, assembly).GetResourceSet(culture, createIfNotExists: true, tryParents: false);
                }
                catch (MissingManifestResourceException)
                {
                    // Said below, as for the languages.
                }

                if (built is null) yield return $"{folder}: Texts in {language} are not in the built assembly as {name}";
            }
        }
    }

    [GeneratedRegex(@"\{\d+[^}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"(?<![\w.])(?<kind>[TSN])\(""(?<key>[^""{}]+)""\s*[,)]")]
    private static partial Regex Use();
}

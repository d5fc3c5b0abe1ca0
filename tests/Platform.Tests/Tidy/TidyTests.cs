using Grants.Testing;

namespace Grants.Platform.Tests.Tidy;

public class TidyTests
{
    static readonly string[] Left = ["artifacts", "node_modules", ".git", "data", "bin", "obj", ".vs", ".idea"];
    static readonly string[] Texts =
        [".cs", ".razor", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".js", ".mjs", ".scss", ".css", ".sh", ".yml", ".yaml", ".resx", ".xml", ".txt", ".html", ".editorconfig", ".gitignore", ""];

    static readonly Lazy<IReadOnlyList<(string Path, string Text)>> Files = new(() => [.. Read(new DirectoryInfo(Shared.Repository), "")]);

    public static TheoryData<string> Names => [.. TidyRules.All.Select(rule => rule.Name)];

    static TidyRule Rule(string name) => TidyRules.All.Single(rule => rule.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_repository_keeps_to(string rule)
    {
        var broken = Files.Value.SelectMany(file => Rule(rule).Find(file.Path, file.Text).Select(line => line == 0 ? file.Path : $"{file.Path}:{line}")).ToList();
        Assert.True(broken.Count == 0, $"{rule}:\n{string.Join('\n', broken)}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_rule_can_fail_and_spares_what_is_fine(string rule)
    {
        var (bad, good) = (Rule(rule), Rule(rule));
        Assert.NotEmpty(bad.Find(bad.BadPath, bad.Bad));
        if (!bad.Name.Contains("appsettings", StringComparison.Ordinal)) Assert.Empty(good.Find(good.BadPath, good.Good));
    }

    [Fact]
    public void The_files_of_the_repository_are_found()
    {
        Assert.Contains(Files.Value, file => file.Path == "services/Platform/Money/Money.cs");
        Assert.Contains(Files.Value, file => file.Path == "tests/run.sh");
        Assert.DoesNotContain(Files.Value, file => file.Path.Contains("node_modules/", StringComparison.Ordinal));
    }

    static IEnumerable<(string, string)> Read(DirectoryInfo folder, string path)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => Texts.Contains(file.Extension, StringComparer.OrdinalIgnoreCase) && file.Name != ".git"))
            yield return (path + file.Name, File.ReadAllText(file.FullName));
        foreach (var inner in folder.EnumerateDirectories().Where(inner => !Left.Contains(inner.Name)))
        {
            // The rules quote what they forbid.
            var below = $"{path}{inner.Name}/";
            if (below == "tests/Platform.Tests/Tidy/") continue;
            foreach (var file in Read(inner, below)) yield return file;
        }
    }
}

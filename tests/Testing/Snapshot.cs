namespace Grants.Testing;

/// <summary>Files in the repository that must be changed on purpose: diagrams, names on the wire.</summary>
public static class Snapshot
{
    /// <summary>Compares a text with a file of the repository; with <c>UPDATE_SNAPSHOTS=1</c> writes the file instead.</summary>
    /// <param name="path">Path from the repository's root, such as <c>docs/lifecycles/grant.md</c>.</param>
    /// <param name="text">What the code says now.</param>
    public static void Matches(string path, string text)
    {
        var file = Path.Combine(Shared.Repository, path);
        text = text.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        var kept = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (kept != text)
            throw new InvalidOperationException($"{path} does not say what the code says. If the change is meant, run the test with UPDATE_SNAPSHOTS=1 and commit the file.\n{text}");
    }
}

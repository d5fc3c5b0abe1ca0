using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Grants.Testing;

/// <summary>
/// The folder <c>shared</c> beside the repository: data and texts that are not part of it. Tests that read it carry <see cref="SharedFactAttribute"/> or
/// <see cref="SharedTheoryAttribute"/>; without the folder they are reported as not run, and with <c>CI=true</c> they fail.
/// </summary>
public static class Shared
{
    /// <summary>Said for a test that did not run; <c>tests/run.sh</c> looks for it.</summary>
    public const string Missing = "needs the folder 'shared' beside the repository";

    static readonly Lazy<string> RootOfRepository = new(() =>
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "GrantsPlatform.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("No GrantsPlatform.sln above the tests.");
    });

    /// <summary>The repository's root.</summary>
    public static string Repository => RootOfRepository.Value;

    /// <summary>The shared folder, whether or not it is there.</summary>
    public static string Folder => Path.GetFullPath(Path.Combine(Repository, "..", "shared"));

    /// <summary>Whether the shared folder is there.</summary>
    public static bool IsThere => Directory.Exists(Folder);

    /// <summary>Full path of something in the shared folder: <c>Shared.At("data/iban/iban.json")</c>.</summary>
    public static string At(string path) => Path.Combine(Folder, path);

    /// <summary>Text of a file in the shared folder.</summary>
    public static string Text(string path) => IsThere ? File.ReadAllText(At(path)) : throw new DirectoryNotFoundException($"This test {Missing}.");

    [SuppressMessage("Style", "IDE0046", Justification = "One reason a line.")]
    internal static string? SkipReason()
    {
        if (IsThere) return null;
        return Environment.GetEnvironmentVariable("CI") == "true" ? null : Missing;
    }
}

/// <summary>A test that reads the shared folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = Shared.SkipReason();
}

/// <summary>A theory that reads the shared folder.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = Shared.SkipReason();
}

using System.Text.Json;

namespace Grants.Testing;

/// <summary>Strings that break software (the big list of naughty strings). In a test with <see cref="SharedFactAttribute"/>, because they are in the shared folder.</summary>
public static class Naughty
{
    static readonly Lazy<IReadOnlyList<string>> All = new(() => JsonSerializer.Deserialize<List<string>>(Shared.Text("data/strings/blns.json"))!);

    /// <summary>All of them, the empty string among them.</summary>
    public static IReadOnlyList<string> Strings => All.Value;
}

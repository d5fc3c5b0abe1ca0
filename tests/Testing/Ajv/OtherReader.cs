using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Grants.Testing.Ajv;

/// <summary>Another reader of JSON Schemas, npm's ajv: what it finds is compared with what ours finds.</summary>
public static class OtherReader
{
    /// <summary>What is wrong with each document, in their order: the JSON Pointer of the value that breaks the schema, and the keyword that it breaks.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<Finding>>> CheckAsync(string schema, IEnumerable<string> documents)
    {
        var packages = typeof(OtherReader).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "AjvPackages").Value!;
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(packages, "validate.mjs"), packages])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { schema = JsonDocument.Parse(schema).RootElement, documents }));
        node.StandardInput.Close();
        var errors = node.StandardError.ReadToEndAsync();
        var answer = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? JsonSerializer.Deserialize<List<IReadOnlyList<Finding>>>(answer, JsonSerializerOptions.Web)!
            : throw new InvalidOperationException(await errors);
    }

    /// <summary>One thing that is wrong.</summary>
    /// <param name="Path">JSON Pointer of the value.</param>
    /// <param name="Keyword">Keyword of the schema.</param>
    public sealed record Finding(string Path, string Keyword);
}

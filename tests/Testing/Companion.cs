using System.Diagnostics;
using System.Globalization;

namespace Grants.Testing;

/// <summary>A program that tests need beside them. It has a folder of its own, and ends with the test process however that ends: a test host is often killed.</summary>
public sealed class Companion : IDisposable
{
    readonly int id;

    Companion(string folder, int id)
    {
        Folder = folder;
        this.id = id;
    }

    /// <summary>Its folder, deleted with it.</summary>
    public string Folder { get; }

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            using var file = new FileStream(Path.Combine(Folder, "output.log"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
            return new StreamReader(file).ReadToEnd();
        }
    }

    /// <summary>Starts a program in a folder from <see cref="NewFolder"/>.</summary>
    public static Companion Start(string folder, params string[] command)
    {
        const string Script = """
            host=$1 folder=$2; shift 2
            setsid "$@" >"$folder/output.log" 2>&1 </dev/null &
            child=$!
            echo $child
            setsid /bin/sh -c 'tail --pid='$host' -f /dev/null; kill -9 '$child'; rm -rf "$1"' sh "$folder" </dev/null >/dev/null 2>&1 &
            """;
        string[] arguments = ["-c", Script, "sh", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), folder, .. command];
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", arguments) { RedirectStandardOutput = true, WorkingDirectory = folder })!;
        var child = int.Parse(shell.StandardOutput.ReadToEnd().Trim(), CultureInfo.InvariantCulture);
        shell.WaitForExit();
        return new Companion(folder, child);
    }

    /// <summary>A folder for a companion, its settings and data.</summary>
    public static string NewFolder(string name) => Directory.CreateTempSubdirectory($"grants-{name}-").FullName;

    /// <summary>Waits until the program is as it should be.</summary>
    /// <exception cref="TimeoutException">It was not within two minutes; with what it wrote.</exception>
    public async Task UntilAsync(Func<bool> ready)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var patience = Stopwatch.StartNew();
        while (!ready())
        {
            if (patience.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException($"A program that tests need is not ready:\n{Output}");
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>Stops it where it stands, as a machine that hangs, or lets it go on.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Dispose() => Signal("KILL");
}

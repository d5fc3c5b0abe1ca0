using System.Diagnostics;
using Npgsql;

namespace Grants.Testing;

/// <summary>
/// A PostgreSQL of the test process's own: made at first use in a folder under the temporary one, reached by its socket only, stopped when the process ends.
/// Durability is off: nothing here outlives the tests.
/// </summary>
public sealed class PostgresServer
{
    static readonly Lazy<PostgresServer> Instance = new(() => new PostgresServer(), LazyThreadSafetyMode.ExecutionAndPublication);

    readonly string folder = Directory.CreateTempSubdirectory("grants-pg-").FullName;
    readonly string programs;
    readonly bool root = Environment.UserName == "root";

    PostgresServer()
    {
        programs = Programs();
        if (root) Run("chown", "postgres", folder); // initdb and the server refuse to run as root
        RunAsOwner("initdb", "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        RunAsOwner("pg_ctl", "-D", $"{folder}/data", "-l", $"{folder}/log", "-w", "-o",
            $"-k {folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200", "start");
        StopWithThisProcess();
    }

    /// <summary>Connection string of a fresh, empty database.</summary>
    public static string NewDatabase()
    {
        var server = Instance.Value;
        var name = $"t_{Guid.NewGuid():N}";
        using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand($"create database {name}", connection);
        command.ExecuteNonQuery();
        return server.ConnectionString(name);
    }

    string ConnectionString(string database) => $"Host={folder};Username=postgres;Database={database};Maximum Pool Size=20";

    // A watcher beside us, because a test host is often killed before it can tidy up.
    void StopWithThisProcess()
    {
        var script = $"tail --pid={Environment.ProcessId} -f /dev/null; {programs}/pg_ctl -D {folder}/data -m immediate stop; rm -rf {folder}";
        string[] asOwner = root ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        Run(["/bin/sh", "-c", "setsid \"$@\" </dev/null >/dev/null 2>&1 &", "sh", .. asOwner, "/bin/sh", "-c", script]);
    }

    static string Programs()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return debian.OrderDescending().Concat(path).FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")))
            ?? throw new InvalidOperationException("These tests need PostgreSQL: initdb is neither in /usr/lib/postgresql nor in PATH.");
    }

    void RunAsOwner(string program, params string[] arguments)
    {
        string[] asOwner = root ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        Run([.. asOwner, Path.Combine(programs, program), .. arguments]);
    }

    void Run(params string[] command)
    {
        // Output is not piped: the server would inherit the pipe and the read would never end.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" >>{folder}.out 2>&1", "sh", .. command]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        var output = File.ReadAllText($"{folder}.out");
        File.Delete($"{folder}.out");
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} failed: {output}");
    }
}

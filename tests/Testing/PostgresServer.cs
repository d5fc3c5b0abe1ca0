using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Npgsql;

namespace Grants.Testing;

/// <summary>
/// A PostgreSQL of the test process's own: made at first use in a folder under the temporary one, reached by its socket only, stopped when the process ends.
/// Nothing is synced to the disk, for nothing here outlives the tests; but what was committed is written, and outlives the server. A test that stops the server takes one for itself.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    static readonly Lazy<PostgresServer> Instance = new(() => new PostgresServer(), LazyThreadSafetyMode.ExecutionAndPublication);

    readonly ConcurrentDictionary<string, Lazy<Task<string>>> templates = new();
    readonly string folder = Directory.CreateTempSubdirectory("grants-pg-").FullName;
    readonly string programs;
    readonly bool root = Environment.UserName == "root";

    PostgresServer()
    {
        programs = Programs();
        if (root) Run("chown", "postgres", folder); // initdb and the server refuse to run as root
        RunAsOwner("initdb", "-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        Start();
        StopWithThisProcess();
    }

    /// <summary>A server for one test alone.</summary>
    public static PostgresServer New() => new();

    /// <summary>Connection string of a fresh, empty database, as its owner.</summary>
    public static string NewDatabase()
    {
        var server = Instance.Value;
        var name = NewName();
        Execute(server.ConnectionString("postgres", "postgres"), $"create database {name}");
        return server.ConnectionString(name, "postgres");
    }

    /// <summary>
    /// Settings of a fresh database as the release step leaves it. The service connects as a role that may do what a service may and nothing more, so each
    /// test also shows that this is enough. Copied from one that is migrated once for each service.
    /// </summary>
    public static Task<(string Key, string Value)[]> NewDatabaseAsync(ServiceDefinition service) => Instance.Value.DatabaseAsync(service);

    /// <summary>The same on this server.</summary>
    public async Task<(string Key, string Value)[]> DatabaseAsync(ServiceDefinition service)
    {
        var template = await templates.GetOrAdd(service.Name, _ => new(() => MigratedAsync(service))).Value;
        var name = NewName();
        Execute(ConnectionString("postgres", "postgres"), $"create database {name} template {template}");
        return [("Database:Provider", "postgres"), ($"ConnectionStrings:{service.Name}", ConnectionString(name, RoleOf(service)))];
    }

    /// <summary>The same database, connected as its owner.</summary>
    public static string AsOwner(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres" }.ToString();

    /// <summary>Ends all connections to a database and drops it.</summary>
    public static void Drop(string connectionString)
    {
        using (var pool = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(pool);
        var server = new NpgsqlConnectionStringBuilder(AsOwner(connectionString));
        var name = server.Database;
        server.Database = "postgres";
        Execute(server.ToString(), $"drop database {name} with (force)");
    }

    /// <summary>Runs a statement.</summary>
    public static void Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Ends it as a crash would: connections break in the middle.</summary>
    public void Stop() => RunAsOwner("pg_ctl", "-D", $"{folder}/data", "-m", "immediate", "-w", "stop");

    /// <summary>Starts it again on its data.</summary>
    public void Start() => RunAsOwner("pg_ctl", "-D", $"{folder}/data", "-l", $"{folder}/log", "-w", "-o",
        $"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=500", "start");

    /// <inheritdoc />
    public void Dispose() => Stop();

    static string NewName() => $"t_{Guid.NewGuid():N}";

    static string RoleOf(ServiceDefinition service) => "runs_" + service.Name;

    async Task<string> MigratedAsync(ServiceDefinition service)
    {
        var (name, role) = ("template_" + service.Name, RoleOf(service));
        Execute(ConnectionString("postgres", "postgres"), $"create role {role} login");
        // Not pooled: a template that somebody is connected to cannot be copied.
        var owner = ConnectionString(name, "postgres") + ";Pooling=false";
        await using var app = GrantsHost.Build(
            ["--Database:Provider=postgres", $"--ConnectionStrings:{service.Name}={owner}", $"--Database:Roles:{service.Name}={role}", "--environment=Development"], [service]);
        await Migrator.MigrateAsync(app.Services, [service], asked: true);
        return name;
    }

    // A machine under load answers late; that is not what tests are about.
    string ConnectionString(string database, string role) => $"Host={folder};Username={role};Database={database};Maximum Pool Size=20;Timeout=60;Command Timeout=120";

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

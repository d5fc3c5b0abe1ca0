using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Npgsql;

namespace Grants.Testing;

/// <summary>
/// The services apart, as <c>k8s/local/up.sh</c> starts them: PostgreSQL, RabbitMQ, every service twice, the gateway. Any of these can be ended without warning and
/// started again. All of it ends with the test process however that ends: a test host is often killed.
/// </summary>
public sealed class Cluster : Running
{
    static readonly string Scripts = Path.Combine(Shared.Repository, "k8s", "local");

    readonly string broker;
    readonly HttpClient management;

    Cluster(string folder, FaultyLine line, IReadOnlyDictionary<string, int> ports)
    {
        Folder = folder;
        Line = line;
        Ports = ports;
        Address = new Uri($"http://localhost:{ports["gateway-1"]}");
        Auditor = new Auditor(ConnectionString);
        broker = File.ReadAllText(Path.Combine(folder, "rabbitmq", "ports"));
        management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{broker.Split(' ')[1]}/api/"), Timeout = TimeSpan.FromSeconds(30) };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"guest:{Password("broker")}")));
    }

    /// <summary>Where its data, logs and passwords are.</summary>
    public override string Folder { get; }

    /// <inheritdoc />
    public override Uri Address { get; }

    /// <inheritdoc />
    public override Auditor Auditor { get; }

    /// <inheritdoc />
    protected override string ClockFile => Path.Combine(Folder, "data", "clock-offset");

    /// <summary>The line between the services and RabbitMQ.</summary>
    public FaultyLine Line { get; }

    /// <summary>Port of each process.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; }

    /// <summary>Names of the replicas of services, such as <c>reviews-2</c>, and of the gateway.</summary>
    public IReadOnlyList<string> Processes => [.. Ports.Keys];

    /// <summary>Address of RabbitMQ itself, as the one who may do everything.</summary>
    public Uri Broker => new($"amqp://guest:{Password("broker")}@127.0.0.1:{broker.Split(' ')[0]}/grants");

    /// <summary>RabbitMQ's management.</summary>
    public HttpClient Management => management;

    /// <summary>Starts all of it with fresh data and waits until it is ready.</summary>
    /// <param name="environment">More environment variables for all processes.</param>
    public static async Task<Cluster> StartAsync(params (string Name, string Value)[] environment)
    {
        var folder = Directory.CreateTempSubdirectory("grants-apart-").FullName;
        // Readable to the servers' own users, who must pass through.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("711", 8));
        // A watcher beside us, because a test host is often killed before it can tidy up.
        var watch = $"tail --pid={Environment.ProcessId} -f /dev/null; '{Scripts}/down.sh' {folder} kill; umount -l {folder}/small-disk 2>/dev/null; rm -rf {folder}";
        await RunAsync(folder, [], "/bin/sh", "-c", "setsid /bin/sh -c \"$1\" </dev/null >/dev/null 2>&1 &", "sh", watch);

        // Nothing runs yet: this only chooses its ports.
        await RunAsync(folder, [], Path.Combine(Scripts, "rabbitmq.sh"), "stop", Path.Combine(folder, "rabbitmq"));
        var line = new FaultyLine(int.Parse((await File.ReadAllTextAsync(Path.Combine(folder, "rabbitmq", "ports"))).Split(' ')[0], CultureInfo.InvariantCulture));
        await RunAsync(
            folder,
            [("BUILD", "no"), ("CONFIGURATION", new DirectoryInfo(AppContext.BaseDirectory).Name.Split('_')[0]), ("BROKER_PORT", line.Port.ToString(CultureInfo.InvariantCulture)), .. environment],
            Path.Combine(Scripts, "up.sh"), folder);
        var ports = (await File.ReadAllLinesAsync(Path.Combine(folder, "ports"))).Select(text => text.Split(' ')).ToDictionary(words => words[0], words => int.Parse(words[1], CultureInfo.InvariantCulture));
        return new Cluster(folder, line, ports);
    }

    /// <summary>Ends a process without warning.</summary>
    public Task KillAsync(string process) => ProcessAsync("kill", process);

    /// <summary>Asks a process to end and waits until it has.</summary>
    public Task StopAsync(string process) => ProcessAsync("stop", process);

    /// <summary>Starts a process that was ended, and does not wait until it is ready.</summary>
    public Task BeginAsync(string process) => ProcessAsync("start", process);

    /// <summary>Starts a process that was ended and waits until it is ready.</summary>
    public async Task StartAsync(string process)
    {
        await ProcessAsync("start", process);
        await ProcessAsync("wait", process);
    }

    /// <summary>Starts whatever has ended meanwhile, as a supervisor would, and waits until all is ready.</summary>
    public async Task StartAllAsync()
    {
        foreach (var process in Processes) await ProcessAsync("start", process);
        foreach (var process in Processes) await ProcessAsync("wait", process);
    }

    /// <summary>Ends RabbitMQ without warning.</summary>
    public Task KillBrokerAsync() => ServerAsync("rabbitmq", "kill");

    /// <summary>Starts RabbitMQ again on its data.</summary>
    public Task StartBrokerAsync() => ServerAsync("rabbitmq", "start");

    /// <summary>Ends PostgreSQL as a power cut would (<c>-m immediate</c>).</summary>
    public Task KillDatabaseAsync() => ServerAsync("postgres", "kill");

    /// <summary>Starts PostgreSQL again on its data; it recovers from its log.</summary>
    public Task StartDatabaseAsync() => ServerAsync("postgres", "start");

    /// <summary>Connection string for the database of a service, as the one who may do everything.</summary>
    public string ConnectionString(string service) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = int.Parse(File.ReadAllText(Path.Combine(Folder, "postgres", "port")), CultureInfo.InvariantCulture),
        Username = "postgres",
        Password = File.ReadAllText(Path.Combine(Folder, "postgres", "password")).Trim(),
        Database = service,
        // The server is ended and started under us.
        Pooling = false,
        Timeout = 60,
        CommandTimeout = 120,
    }.ToString();

    /// <summary>Runs SQL in the database of a service.</summary>
    public async Task ExecuteAsync(string service, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(service));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Messages that the queues hold, and those that were handed out and not settled, as RabbitMQ counted them a moment ago.</summary>
    public async Task<long> QueuedAsync()
    {
        using var queues = System.Text.Json.JsonDocument.Parse(await management.GetStringAsync("queues/grants?columns=name,messages"));
        return queues.RootElement.EnumerateArray().Sum(queue => queue.TryGetProperty("messages", out var messages) ? messages.GetInt64() : 0);
    }

    /// <summary>What a process has written so far.</summary>
    public string Log(string process)
    {
        using var file = new FileStream(Path.Combine(Folder, "log", process + ".log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }

    /// <inheritdoc />
    public override string Output() => string.Concat(Processes.Select(Log));

    /// <inheritdoc />
    public override async Task UntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // not listening yet
            }

            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException("The gateway was not ready in two minutes:\n" + Log("gateway-1"));
    }

    /// <summary>
    /// Waits until what was accepted has arrived everywhere and nothing is under way any more, and says what is wrong then; empty when all is right.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(IReadOnlyCollection<Guid> accepted)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        IReadOnlyList<string> findings;
        do
        {
            await pause.WaitForNextTickAsync();
            findings = Auditor.Findings(accepted);
        }
        while (findings.Count > 0 && patience.Elapsed < TimeSpan.FromMinutes(2));

        // What is doubled may come late. RabbitMQ counts once a second: quiet is to be empty twice, further apart than that.
        for (var quiet = 0; quiet < 2;)
        {
            quiet = await QueuedAsync() == 0 ? quiet + 1 : 0;
            if (patience.Elapsed > TimeSpan.FromMinutes(3)) return [.. findings, $"{await QueuedAsync()} messages are still in the queues"];
            using var while_counted = new PeriodicTimer(TimeSpan.FromMilliseconds(1200));
            await while_counted.WaitForNextTickAsync();
        }

        var old = (Now.UtcDateTime - TimeSpan.FromSeconds(30)).ToString("O", CultureInfo.InvariantCulture);
        return [.. Auditor.Findings(accepted), .. Auditor.Services.Where(service => Auditor.Number(service, $"select count(*) from outbox_messages where enqueued_at < '{old}'") > 0)
            .Select(service => $"messages waiting for more than 30 s in {service}")];
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await RunAsync(Folder, [], Path.Combine(Scripts, "down.sh"), Folder, "kill");
        Line.Dispose();
        management.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    string Password(string name) => File.ReadLines(Path.Combine(Folder, "passwords")).First(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

    Task ProcessAsync(string action, string process) => RunAsync(Folder, [], Path.Combine(Scripts, "process.sh"), action, Folder, process);

    Task ServerAsync(string server, string action) => RunAsync(Folder, [], Path.Combine(Scripts, server + ".sh"), action, Path.Combine(Folder, server));

    static async Task RunAsync(string folder, (string Name, string Value)[] environment, params string[] command)
    {
        // Output is not piped: what the command starts would inherit the pipe and the read would never end.
        var output = Path.Combine(folder, $"output-{Guid.NewGuid():N}");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" >>'{output}' 2>&1", "sh", .. command]) { WorkingDirectory = "/" };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(output);
        File.Delete(output);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(command[0])} {string.Join(' ', command.Skip(1))} failed:\n{said}");
    }
}

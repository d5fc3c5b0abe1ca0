using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grants.Testing;
using Npgsql;
using static Grants.Bench.Report;

namespace Grants.Bench;

/// <summary>
/// Starts the services apart and prints what they can do, against what PostgreSQL and nginx can do on the same machine in the same minutes: rounds of both take turns,
/// so that whoever else uses the machine disturbs both. Ratios are comparable between machines, figures are not.
/// </summary>
static class Apart
{
    const int Rounds = 5, Submissions = 320, AtOnce = 16, Connections = 32, Idle = 200, WarmUp = 2000;

    static readonly TimeSpan ProxyRound = TimeSpan.FromSeconds(4);

    public static async Task MeasureAsync()
    {
        var clock = Stopwatch.StartNew();
        // One person submits more than a person can. No line that fails between the services and RabbitMQ.
        await using var cluster = await Cluster.StartAsync(
            ("BROKER_PORT", ""), ("Edge__RequestsPerMinute", "1000000000"), ("DOTNET_TieredPGO", Environment.GetEnvironmentVariable("DOTNET_TieredPGO") ?? "1"));
        Print("start of all processes", clock.Elapsed.TotalSeconds, "s", "");
        PrintMemory(cluster, "after the start");
        using var life = new Life(cluster.Address);
        await Drafts.MakeAsync(cluster, life, 2 + WarmUp + Idle + (Rounds * Submissions));
        var http = (await life.AsAsync(Life.Applicant)).Http;
        Task Submit(long draft) => SubmitAsync(http, draft);

        var replay = await Replay.RecordAsync(cluster, 0, 1, Submit);
        await replay.CopyTablesAsync();
        await RoundAsync(cluster, 2, WarmUp, Submit);
        await MeasureIdleAsync(cluster, 2 + WarmUp, Submit);
        await MeasureSubmissionsAsync(cluster, replay, 2 + WarmUp + Idle, Submit);
        await MeasureGatewayAsync(cluster);
        PrintMemory(cluster, "after all this");
        Print("the whole measurement", clock.Elapsed.TotalSeconds, "s", "");
        Print("others want the two cores as well: load average over 15 minutes", double.Parse((await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[2], CultureInfo.InvariantCulture), "", "");
    }

    static async Task SubmitAsync(HttpClient http, long draft)
    {
        using var form = new FormUrlEncodedContent([new("declaration", "yes")]);
        using var answer = await http.PostAsync($"/applications/{Drafts.Application(draft)}/submission", form);
        if (answer.StatusCode != HttpStatusCode.Redirect || !answer.Headers.Location!.OriginalString.EndsWith("/receipt", StringComparison.Ordinal))
            throw new InvalidOperationException($"Draft {draft} was not taken: {(int)answer.StatusCode}\n{await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Submissions per second, from the first request until the last was handled by Reviews and by Notifications.</summary>
    static async Task<double> RoundAsync(Cluster cluster, long first, int count, Func<long, Task> submit)
    {
        await using var reviews = await Watch.StartAsync(cluster, "reviews", "select count(*) from review_cases");
        await using var notifications = await Watch.StartAsync(cluster, "notifications", "select count(*) from inbox_messages where consumer = 'notifications.on-application-submitted'");
        var (cases, handled) = (await reviews.NumberAsync(), await notifications.NumberAsync());
        var next = first - 1;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (var draft = Interlocked.Increment(ref next); draft < first + count; draft = Interlocked.Increment(ref next)) await submit(draft);
        }));
        await reviews.UntilAsync(cases + count, TimeSpan.FromMilliseconds(10));
        await notifications.UntilAsync(handled + count, TimeSpan.FromMilliseconds(10));
        return count / watch.Elapsed.TotalSeconds;
    }

    static async Task MeasureSubmissionsAsync(Cluster cluster, Replay replay, long first, Func<long, Task> submit)
    {
        var rounds = new List<(double Ours, double Theirs, double Commits, double Rows, double TheirCommits, double TheirRows)>();
        var used = new Dictionary<string, double>();
        for (var round = 0; round < Rounds; round++, first += Submissions)
        {
            var before = ProcessorSeconds(cluster);
            var start = await replay.PositionAsync();
            var ours = await RoundAsync(cluster, first, Submissions, submit);
            await cluster.Auditor.UntilQuietAsync();
            foreach (var (process, seconds) in ProcessorSeconds(cluster)) used[process] = used.GetValueOrDefault(process) + seconds - before[process];
            var middle = await replay.PositionAsync();
            var (commits, rows) = await replay.CountAsync(start, middle);
            var theirs = await replay.RunAsync(first, Submissions, AtOnce, (double)commits / Submissions);
            var (theirCommits, theirRows) = await replay.CountAsync(middle, await replay.PositionAsync());
            rounds.Add((ours, theirs, (double)commits / Submissions, (double)rows / Submissions, (double)theirCommits / Submissions, (double)theirRows / Submissions));
        }

        Print($"one submission by itself: commits (rows written: {replay.Rows})", replay.Commits, "", "");
        Print($"under load: commits (pgbench: {Median(rounds.Select(round => round.TheirCommits)):0.0})", Median(rounds.Select(round => round.Commits)), "", "");
        Print($"under load: rows written (pgbench: {Median(rounds.Select(round => round.TheirRows)):0.0})", Median(rounds.Select(round => round.Rows)), "", "");
        Print("submissions until handled by Reviews and Notifications", Median(rounds.Select(round => round.Ours)), "/s", "278/s is a million an hour");
        Print("the same rows in as many commits by pgbench", Median(rounds.Select(round => round.Theirs)), "/s", "");
        Print("ratio", Median(rounds.Select(round => round.Ours / round.Theirs)), "", ">= 0.45", "0.00");
        foreach (var (process, seconds) in used.OrderByDescending(one => one.Value))
            Print($"processor time of {process} for a submission", seconds * 1000 / (Rounds * Submissions), "ms", "");
    }

    /// <summary>What each of the processes, and all of PostgreSQL's and RabbitMQ's, have used of the processor so far.</summary>
    static Dictionary<string, double> ProcessorSeconds(Cluster cluster)
    {
        var ours = cluster.Processes.ToDictionary(process => File.ReadAllText(Path.Combine(cluster.Folder, "run", process)).Split(' ')[0], process => process);
        ours[Environment.ProcessId.ToString(CultureInfo.InvariantCulture)] = "this measurement";
        var used = new Dictionary<string, double>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out _) || Read(folder) is not { } stat) continue;
            var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..stat.LastIndexOf(')')];
            var known = ours.TryGetValue(Path.GetFileName(folder), out var process) ? process : name is "postgres" or "beam.smp" ? name : null;
            // In hundredths of a second.
            var parts = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (known is not null) used[known] = used.GetValueOrDefault(known) + ((long.Parse(parts[11], CultureInfo.InvariantCulture) + long.Parse(parts[12], CultureInfo.InvariantCulture)) / 100.0);
        }

        return used;

        static string? Read(string folder)
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "stat"));
            }
            catch (IOException)
            {
                return null; // it ended
            }
        }
    }

    /// <summary>One at a time, from the answer to the person and from their click, until Reviews shows it.</summary>
    static async Task MeasureIdleAsync(Cluster cluster, long first, Func<long, Task> submit)
    {
        await using var reviews = await Watch.StartAsync(cluster, "reviews", "select count(*) from review_cases where application_id = $1");
        var (accepted, clicked) = (new List<double>(), new List<double>());
        for (var draft = first; draft < first + Idle; draft++)
        {
            var click = Stopwatch.GetTimestamp();
            await submit(draft);
            var answer = Stopwatch.GetTimestamp();
            await reviews.UntilAsync(1, TimeSpan.FromMilliseconds(1), Drafts.Application(draft));
            accepted.Add(Stopwatch.GetElapsedTime(answer).TotalMilliseconds);
            clicked.Add(Stopwatch.GetElapsedTime(click).TotalMilliseconds);
        }

        Print("idle: submitted to visible in Reviews, median", Median(accepted), "ms", "< 20");
        Print("idle: submitted to visible in Reviews, 99th percentile", Percentile(accepted, 99), "ms", "< 100");
        Print("idle: submit clicked to visible in Reviews, median", Median(clicked), "ms", "");
        Print("idle: submit clicked to visible in Reviews, 99th percentile", Percentile(clicked, 99), "ms", "");
    }

    static async Task MeasureGatewayAsync(Cluster cluster)
    {
        using var nginx = new Nginx(Path.Combine(cluster.Folder, "nginx"), [cluster.Ports["accounts-1"], cluster.Ports["accounts-2"]]);
        foreach (var (what, path) in new[] { ("a page", "/account/sign-in"), ("an answer without a page", "/account") })
        {
            var rounds = new List<(double Gateway, double Nginx)>();
            await RequestsAsync(cluster.Address, path);
            await RequestsAsync(nginx.Address, path);
            for (var round = 0; round < Rounds; round++) rounds.Add((await RequestsAsync(cluster.Address, path), await RequestsAsync(nginx.Address, path)));
            Print($"{what} through the gateway, {Connections} connections", Median(rounds.Select(round => round.Gateway)), "/s", "");
            Print($"{what} through nginx, {Connections} connections", Median(rounds.Select(round => round.Nginx)), "/s", "");
            Print("ratio", Median(rounds.Select(round => round.Gateway / round.Nginx)), "", ">= 0.75", "0.00");
        }
    }

    static async Task<double> RequestsAsync(Uri address, string path)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = Connections });
        var count = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (watch.Elapsed < ProxyRound)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
                using var answer = await client.SendAsync(request, default);
                await answer.Content.CopyToAsync(Stream.Null);
                if ((int)answer.StatusCode >= 400) throw new InvalidOperationException($"{request.RequestUri} answered {(int)answer.StatusCode}");
                Interlocked.Increment(ref count);
            }
        }));
        return count / watch.Elapsed.TotalSeconds;
    }

    static void PrintMemory(Cluster cluster, string when)
    {
        foreach (var process in cluster.Processes)
        {
            var id = File.ReadAllText(Path.Combine(cluster.Folder, "run", process)).Split(' ')[0];
            var sizes = File.ReadLines($"/proc/{id}/smaps_rollup").Skip(1).Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
                .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture) * 1024 / 1e6);
            Print($"resident memory of {process} {when} (shared with others: {sizes["Shared_Clean"]:0})", sizes["Rss"], "MB", "< 150");
        }
    }

    /// <summary>A prepared question to a service's database.</summary>
    sealed class Watch(NpgsqlConnection connection, NpgsqlCommand command) : IAsyncDisposable
    {
        public static async Task<Watch> StartAsync(Cluster cluster, string service, string sql)
        {
            var connection = new NpgsqlConnection(cluster.ConnectionString(service));
            await connection.OpenAsync();
            var command = new NpgsqlCommand(sql, connection);
            if (sql.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new NpgsqlParameter<Guid>());
            await command.PrepareAsync();
            return new Watch(connection, command);
        }

        public async Task<long> NumberAsync() => (long)(await command.ExecuteScalarAsync())!;

        public async Task UntilAsync(long number, TimeSpan pause, Guid? id = null)
        {
            if (id is { } value) ((NpgsqlParameter<Guid>)command.Parameters[0]).TypedValue = value;
            using var timer = new PeriodicTimer(pause);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (await NumberAsync() < number) await timer.WaitForNextTickAsync(patience.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await command.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}

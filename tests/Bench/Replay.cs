using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grants.Testing;
using Npgsql;

namespace Grants.Bench;

/// <summary>
/// What the services write for one submission, row by row and commit by commit, as PostgreSQL itself saw it, and the same again by <c>pgbench</c> with other ids in
/// copies of the tables on the same server: what this server can do at best.
/// </summary>
sealed partial class Replay
{
    /// <summary>The services that a submission comes by, in that order.</summary>
    public static readonly IReadOnlyList<string> Services = ["applications", "reviews", "notifications"];

    const string Database = "replay";

    readonly Cluster cluster;
    readonly List<(bool IsRelay, List<string> Statements)> transactions = [];

    Replay(Cluster cluster) => this.cluster = cluster;

    /// <summary>Commits that one submission takes when nothing else is under way.</summary>
    public int Commits => transactions.Count;

    /// <summary>Rows that one submission inserts, updates and deletes.</summary>
    public int Rows => transactions.Sum(transaction => transaction.Statements.Count);

    /// <summary>Records the submissions of two drafts. What differs between the two is what each replayed one must have for itself.</summary>
    public static async Task<Replay> RecordAsync(Cluster cluster, long first, long second, Func<long, Task> submit)
    {
        var replay = new Replay(cluster);
        var tables = new Dictionary<string, Table>();
        foreach (var service in Services)
        {
            await using var connection = new NpgsqlConnection(cluster.ConnectionString(service));
            await connection.OpenAsync();
            foreach (var table in await ReadAsync(connection, Tables, row => new Table(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2))))
                tables[$"{service}.{table.Name}"] = table;
            await cluster.ExecuteAsync(service, Recorder);
        }

        // One table at a time: the services are at work, and who locks several in another order than they do meets them in a deadlock.
        async Task EachAsync(Func<string, string> sql)
        {
            foreach (var name in tables.Keys.Select(name => name.Split('.'))) await cluster.ExecuteAsync(name[0], sql(name[1]));
        }

        await EachAsync(table => $"create trigger record after insert or update or delete on {table} for each row execute function record()");
        await submit(first);
        await submit(second);
        await cluster.Auditor.UntilQuietAsync();
        var written = new List<Written>();
        await EachAsync(table => $"drop trigger record on {table}");
        foreach (var service in Services)
        {
            await using var connection = new NpgsqlConnection(cluster.ConnectionString(service));
            await connection.OpenAsync();
            written.AddRange(await ReadAsync(connection, "select tx, id, op, name, old::text, new::text from recorded",
                row => new Written(row.GetInt64(0), row.GetInt64(1), row.GetString(2), service, row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5))));
            await cluster.ExecuteAsync(service, "drop function record; drop table recorded");
        }

        var mine = Of(written, first);
        var others = string.Concat(Of(written, second).Select(row => row.Old + row.New));
        var names = new Dictionary<string, string>();
        foreach (var own in mine.SelectMany(row => Own().Matches(row.Old + row.New).Select(match => match.Value)).Where(own => !others.Contains(own, StringComparison.Ordinal)))
        {
            if (own.EndsWith((Drafts.First + first).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)) names[own] = own[..24] + ":nth";
            else if (own.Length == 36) names.TryAdd(own, $"{names.Count + 16:x8}-0000-7000-8000-:nth");
            else names[own] = own[..(own.LastIndexOf('-') + 1)] + ":nth";
        }

        foreach (var transaction in mine.GroupBy(row => row.Transaction).OrderBy(group => group.Key))
        {
            var statements = transaction.OrderBy(row => row.Id).Select(row => names.Aggregate(Statement(row, tables[$"{row.Service}.{row.Name}"]), (sql, name) => sql.Replace(name.Key, name.Value, StringComparison.Ordinal)));
            replay.transactions.Add((transaction.All(row => row.Name == "outbox_messages" && row.Operation == "DELETE"), [.. statements]));
        }

        return replay;
    }

    /// <summary>Copies the tables with what is in them, so that the drafts are there to be submitted once more.</summary>
    public async Task CopyTablesAsync()
    {
        await cluster.ExecuteAsync("postgres", $"create database {Database}");
        foreach (var service in Services)
        {
            await RunAsync("sh", "-c", $"pg_dump --no-owner --no-privileges \"$0\" | psql -q -v ON_ERROR_STOP=1 -d \"$1\" >/dev/null", Uri(service), Uri(Database));
            await cluster.ExecuteAsync(Database, $"alter schema public rename to {service}; create schema public");
        }
    }

    /// <summary>Replays submissions of drafts.</summary>
    /// <param name="first">Number of the first draft.</param>
    /// <param name="count">How many.</param>
    /// <param name="clients">Connections at once.</param>
    /// <param name="commits">Commits that a submission took on average under load: a relay that was busy deletes the rows of several in one.</param>
    /// <returns>Submissions per second.</returns>
    public async Task<double> RunAsync(long first, int count, int clients, double commits)
    {
        var own = Math.Clamp((commits - transactions.Count(transaction => !transaction.IsRelay)) / transactions.Count(transaction => transaction.IsRelay), 0, 1);
        var script = new StringBuilder("\\set i :i + 1\n").Append(CultureInfo.InvariantCulture, $"\\set nth {Drafts.First + first} + :client_id * {count / clients} + :i\n")
            .Append("\\set draw random(1, 1000)\n");
        var relayed = transactions.Where(transaction => transaction.IsRelay).SelectMany(transaction => transaction.Statements).ToList();
        var alone = string.Create(CultureInfo.InvariantCulture, $":draw <= {own * 1000:0}");
        foreach (var (transaction, index) in transactions.Where(transaction => !transaction.IsRelay).Select((transaction, index) => (transaction, index)))
        {
            script.Append("begin;\n").AppendJoin('\n', transaction.Statements).Append('\n');
            if (index == 0) script.Append(CultureInfo.InvariantCulture, $"\\if {alone}\ncommit;\nbegin;\n\\endif\n").AppendJoin('\n', relayed).Append('\n');
            script.Append("commit;\n");
        }

        var file = Path.Combine(cluster.Folder, "replay.sql");
        await File.WriteAllTextAsync(file, script.ToString());
        var said = await RunAsync("pgbench", "-n", "-M", "simple", "-f", file, "-c", $"{clients}", "-j", "1", "-t", $"{count / clients}", "-D", "i=-1", Uri(Database));
        if (Failed().Match(said) is not { Success: true, Groups: [_, { Value: "0" }] }) throw new InvalidOperationException("pgbench could not write everything:\n" + said);
        return double.Parse(PerSecond().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Where the server's log of changes ends now.</summary>
    public async Task<string> PositionAsync()
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString("postgres"));
        await connection.OpenAsync();
        return (await ReadAsync(connection, "select pg_current_wal_flush_lsn()::text", row => row.GetString(0))).Single();
    }

    /// <summary>Commits, and rows inserted, updated and deleted, between two positions in the server's log, by whomever.</summary>
    public async Task<(int Commits, int Rows)> CountAsync(string from, string to)
    {
        var programs = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last();
        var said = await RunAsync($"{programs}/bin/pg_waldump", "--stats=record", "-p", Path.Combine(cluster.Folder, "postgres", "data", "pg_wal"), "-s", from, "-e", to);
        int Records(string kind) => Regex.Matches(said, $@"^{kind}\s+(\d+)\s", RegexOptions.Multiline).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        return (Records("Transaction/COMMIT"), Records(@"Heap/(?:INSERT|UPDATE|HOT_UPDATE|DELETE)(?:\+INIT)?"));
    }

    static List<Written> Of(List<Written> written, long draft)
    {
        var id = Drafts.Application(draft).ToString();
        return [.. written.GroupBy(row => row.Transaction).Where(rows => rows.Any(row => (row.Old + row.New).Contains(id, StringComparison.Ordinal))).SelectMany(rows => rows)];
    }

    static string Statement(Written row, Table table)
    {
        var before = Columns(row.Old).Where(column => !table.Generated.Contains(column.Key)).ToDictionary();
        var after = Columns(row.New).Where(column => !table.Generated.Contains(column.Key)).ToDictionary();
        var name = $"{row.Service}.{row.Name}";
        var where = string.Join(" and ", table.Key.Select(key => $"{key} = {before.GetValueOrDefault(key)}"));
        return row.Operation switch
        {
            "INSERT" => $"insert into {name} ({string.Join(", ", after.Keys)}) values ({string.Join(", ", after.Values)});",
            "UPDATE" => $"update {name} set {string.Join(", ", after.Where(column => column.Value != before[column.Key]).Select(column => $"{column.Key} = {column.Value}"))} where {where};",
            _ => $"delete from {name} where {where};",
        };
    }

    static IEnumerable<KeyValuePair<string, string>> Columns(string? row) => row is null
        ? []
        : JsonDocument.Parse(row).RootElement.EnumerateObject().Select(column => KeyValuePair.Create(column.Name, column.Value.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.String => $"'{column.Value.GetString()!.Replace("'", "''", StringComparison.Ordinal)}'",
            _ => column.Value.GetRawText(),
        }));

    static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    string Uri(string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(database));
        return $"host={connection.Host} port={connection.Port} user={connection.Username} dbname={database}";
    }

    async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["PGPASSWORD"] = new NpgsqlConnectionStringBuilder(cluster.ConnectionString("postgres")).Password;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} failed:\n{await errors}");
    }

    const string Recorder =
        """
        create table recorded (id bigint generated always as identity, tx bigint, op text, name text, old jsonb, new jsonb);
        create function record() returns trigger language plpgsql security definer as $$
          begin insert into public.recorded (tx, op, name, old, new) values (txid_current(), tg_op, tg_table_name, to_jsonb(old), to_jsonb(new)); return null; end $$;
        """;

    // By what a row is found again: the primary key, or another unique key if that one is counted up by the server.
    const string Tables =
        """
        with generated as (select attrelid, attname::text as name from pg_attribute where attidentity <> '' or attgenerated <> ''),
        keys as (select i.indrelid, i.indisprimary, array(select a.attname::text from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) as columns
          from pg_index i where i.indisunique and i.indpred is null and i.indexprs is null)
        select c.relname::text, array(select name from generated where attrelid = c.oid),
          coalesce((select columns from keys where indrelid = c.oid and not columns && array(select name from generated where attrelid = c.oid) order by indisprimary desc limit 1), array[]::text[])
        from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname !~ '^_'
        """;

    sealed record Written(long Transaction, long Id, string Operation, string Service, string Name, string? Old, string? New);

    sealed record Table(string Name, string[] Generated, string[] Key);

    // Ids and references of applications.
    [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z0-9]+-[0-9]{4}-[0-9]{5}")]
    private static partial Regex Own();

    [GeneratedRegex(@"number of failed transactions: (\d+)")]
    private static partial Regex Failed();

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex PerSecond();
}

using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Grants.Platform.Tests.Messaging;
using Grants.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Grants.Platform.Tests.Persistence;

public abstract class DeltaDb(DbContextOptions options) : ServiceDb(options)
{
    protected override void Configure(ModelBuilder model)
    {
    }
}

public sealed class SqliteDeltaDb(DbContextOptions<SqliteDeltaDb> options) : DeltaDb(options);
public sealed class PostgresDeltaDb(DbContextOptions<PostgresDeltaDb> options) : DeltaDb(options);

/// <summary>Makes the platform's tables from the model: what a generated migration does, in one line.</summary>
public abstract class DeltaMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in new[] { "audit_entries", "dead_letters", "inbox_messages" }) migrationBuilder.Sql($"create table {table} (id int)");
        migrationBuilder.Sql("create table outbox_messages (seq int)");
    }
}

[DbContext(typeof(SqliteDeltaDb)), Migration("20270101000000_Initial")]
public sealed class SqliteDelta : DeltaMigration;

[DbContext(typeof(PostgresDeltaDb)), Migration("20270101000000_Initial")]
public sealed class PostgresDelta : DeltaMigration;

public sealed class MigratorTests : IDisposable
{
    static readonly ServiceDefinition Delta = ServiceDefinition.For<DeltaDb, SqliteDeltaDb, PostgresDeltaDb>("delta");
    readonly string folder = Directory.CreateTempSubdirectory("grants-migrate-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    IHost Build(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Data:Folder", folder)).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        builder.Services.AddSingleton<IReadOnlyList<ServiceDefinition>>([Delta]);
        builder.Services.AddServiceDb(Delta, builder.Configuration, builder.Environment);
        // The hand-made migration above has no snapshot to compare the model with.
        builder.Services.ConfigureDbContext<SqliteDeltaDb>(options => options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        builder.Services.ConfigureDbContext<PostgresDeltaDb>(options => options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        return builder.Build();
    }

    static async Task<bool> HasTables(IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DeltaDb>();
        try
        {
            await db.Database.ExecuteSqlAsync($"insert into audit_entries values (1)");
            return true;
        }
        catch (System.Data.Common.DbException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_start_on_SQLite_migrates_makes_the_triggers_and_turns_WAL_on()
    {
        using var host = Build();
        await Migrator.MigrateAsync(host.Services, [Delta]);
        await Migrator.MigrateAsync(host.Services, [Delta]); // the second start finds nothing to do
        Assert.True(await HasTables(host));
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DeltaDb>();
        Assert.IsType<SqliteDeltaDb>(db);
        Assert.Equal("wal", await db.Database.SqlQueryRaw<string>("select journal_mode as \"Value\" from pragma_journal_mode").SingleAsync());
        await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlAsync($"delete from audit_entries"));
    }

    [Fact]
    public async Task A_process_killed_while_migrating_does_not_stop_the_next_one()
    {
        using var host = Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<DeltaDb>().Database.ExecuteSqlAsync(
                $"""create table "__EFMigrationsLock" ("Id" integer primary key, "Timestamp" text not null); insert into "__EFMigrationsLock" values (1, '2027-01-01')""");
        }

        await Migrator.MigrateAsync(host.Services, [Delta]).WaitAsync(World.Patience);
        Assert.True(await HasTables(host));
    }

    [Fact]
    public async Task A_start_on_PostgreSQL_changes_nothing_unless_asked()
    {
        using var host = Build(("Database:Provider", "postgres"), ("ConnectionStrings:delta", PostgresServer.NewDatabase()));
        await Migrator.MigrateAsync(host.Services, [Delta]);
        Assert.False(await HasTables(host));
        await Migrator.MigrateAsync(host.Services, [Delta], asked: true);
        await Migrator.MigrateAsync(host.Services, [Delta], asked: true);
        Assert.True(await HasTables(host));
    }

    [Fact]
    public async Task Of_two_that_migrate_a_database_that_does_not_exist_one_waits_for_the_other()
    {
        var connection = new NpgsqlConnectionStringBuilder(PostgresServer.NewDatabase()) { Database = $"t_{Guid.NewGuid():N}" }.ToString();
        using var one = OnPostgres(connection);
        using var other = OnPostgres(connection);
        await Task.WhenAll(new[] { one, other, one, other }.Select(host => Task.Run(() => Migrator.MigrateAsync(host.Services, [Delta], asked: true))));
        Assert.True(await HasTables(one));
        Assert.Null(await SchemaCheck.MissingAsync(other.Services));
    }

    [Fact]
    public async Task Who_migrates_waits_while_somebody_else_does_and_services_wait_too()
    {
        var connection = PostgresServer.NewDatabase();
        using var host = OnPostgres(connection);
        await using var other = new NpgsqlConnection(connection);
        await other.OpenAsync();
        await ExecuteAsync(other, $"select pg_advisory_lock({Migrator.Lock})");
        var migrating = Migrator.MigrateAsync(host.Services, [Delta], asked: true);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await IsTrueAsync(other, "select exists (select from pg_locks where locktype = 'advisory' and not granted)")) await pause.WaitForNextTickAsync();
        Assert.False(migrating.IsCompleted);
        Assert.Contains("is being migrated", await SchemaCheck.MissingAsync(host.Services), StringComparison.Ordinal);

        await ExecuteAsync(other, $"select pg_advisory_unlock({Migrator.Lock})");
        await migrating.WaitAsync(World.Patience);
        Assert.Null(await SchemaCheck.MissingAsync(host.Services));
    }

    [Fact]
    public async Task A_service_waits_for_the_migrations_it_knows_and_does_not_mind_newer_ones()
    {
        var connection = PostgresServer.NewDatabase();
        using var host = OnPostgres(connection);
        Assert.Equal("delta: its database lacks migration 20270101000000_Initial", await SchemaCheck.MissingAsync(host.Services));
        await Migrator.MigrateAsync(host.Services, [Delta], asked: true);
        Assert.Null(await SchemaCheck.MissingAsync(host.Services));
        PostgresServer.Execute(connection, """insert into "__EFMigrationsHistory" values ('20280101000000_Later', '10.0')""");
        Assert.Null(await SchemaCheck.MissingAsync(host.Services));
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_in_a_sentence()
    {
        using var host = OnPostgres($"Host={folder};Username=nobody;Database=nothing");
        Assert.StartsWith("delta: Failed to connect", await SchemaCheck.MissingAsync(host.Services), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<MigrationFailed>(() => Migrator.MigrateAsync(host.Services, [Delta], asked: true));
        Assert.StartsWith("delta: Failed to connect", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient());
    }

    [Fact]
    public async Task The_role_that_runs_a_service_uses_rows_of_its_own_tables_and_nothing_else()
    {
        var (owner, neighbour) = (PostgresServer.NewDatabase(), PostgresServer.NewDatabase());
        var (mine, theirs) = ($"r_{Guid.NewGuid():N}", $"r_{Guid.NewGuid():N}");
        foreach (var (database, role) in new[] { (owner, mine), (neighbour, theirs) })
        {
            PostgresServer.Execute(database, $"create role {role} login");
            using var release = OnPostgres(database, ("Database:Roles:delta", role));
            await Migrator.MigrateAsync(release.Services, [Delta], asked: true);
        }

        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(owner) { Username = mine }.ToString());
        await connection.OpenAsync();
        string[] allowed =
        [
            "insert into outbox_messages values (1)", "update outbox_messages set seq = 2", "delete from outbox_messages", "insert into audit_entries values (1)", "select count(*) from audit_entries",
            "select count(*) from \"__EFMigrationsHistory\"",
        ];
        foreach (var sql in allowed) await ExecuteAsync(connection, sql);
        string[] beyond =
        [
            "create table other (id int)", "create temporary table other (id int)", "create schema other", "create collation other (locale = 'C')", "alter table outbox_messages add other int",
            "drop table outbox_messages", "truncate outbox_messages", "create index on outbox_messages (seq)", "alter table audit_entries disable trigger all", "drop trigger audit_entries_refuse_change on audit_entries",
            "update audit_entries set id = 2", "delete from audit_entries", "truncate audit_entries", "delete from \"__EFMigrationsHistory\"", "insert into \"__EFMigrationsHistory\" values ('x', 'y')",
            $"create role {mine}_too", $"set role {theirs}", "create database other",
        ];
        foreach (var sql in beyond)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{sql}: {refused.Message}");
        }

        await using var next = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(neighbour) { Username = mine }.ToString());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => next.OpenAsync())).SqlState);
    }

    IHost OnPostgres(string connection, params (string Key, string Value)[] settings) =>
        Build([("Database:Provider", "postgres"), ("ConnectionStrings:delta", connection), .. settings]);

#pragma warning disable CA2100 // statements of these tests
    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
#pragma warning restore CA2100

    [Fact]
    public void Production_refuses_to_lose_commits()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration["Database:Synchronous"] = "NORMAL";
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddServiceDb(Delta, builder.Configuration, builder.Environment));
    }
}

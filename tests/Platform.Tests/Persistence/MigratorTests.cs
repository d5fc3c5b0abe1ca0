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
    public void Production_refuses_to_lose_commits()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration["Database:Synchronous"] = "NORMAL";
        Assert.Throws<InvalidOperationException>(() => builder.Services.AddServiceDb(Delta, builder.Configuration, builder.Environment));
    }
}

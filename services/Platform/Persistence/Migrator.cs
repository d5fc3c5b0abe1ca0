using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Persistence;

/// <summary>Brings databases to the model of the code: migrations, then what migrations do not know (append-only triggers, collations).</summary>
public static class Migrator
{
    /// <summary>
    /// Migrates the services' databases. SQLite at every start; PostgreSQL only when <paramref name="asked"/> (<c>--migrate</c>), because replicas start
    /// at the same time and the role that runs a service may not change tables.
    /// </summary>
    public static async Task MigrateAsync(IServiceProvider services, IReadOnlyList<ServiceDefinition> definitions, bool asked = false, CancellationToken ct = default)
    {
        // At once: the databases know nothing of each other, and most of the time goes into building the models.
        await Task.WhenAll(definitions.Select(definition => Task.Run(async () =>
        {
            await using var scope = services.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType);
            if (asked || !db.Database.IsNpgsql()) await MigrateAsync(db, ct);
        }, ct)));
    }

    /// <summary>Migrates one database.</summary>
    public static async Task MigrateAsync(DbContext db, CancellationToken ct = default)
    {
        await PrepareAsync(db, ct);
        if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
        {
            await ReleaseAbandonedLockAsync(db, ct);
            await db.Database.MigrateAsync(ct);
        }

        await CompleteAsync(db, ct);
    }

    /// <summary>Creates the tables straight from the model, for tests of contexts that have no migrations.</summary>
    public static async Task CreateAsync(DbContext db, CancellationToken ct = default)
    {
        await PrepareAsync(db, ct);
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.HasTablesAsync(ct)) await creator.CreateTablesAsync(ct);
        await CompleteAsync(db, ct);
    }

    // Collations must be there before a migration names one in a column.
    static async Task PrepareAsync(DbContext db, CancellationToken ct)
    {
        // First of all: EF puts a SQLite file into WAL mode when it creates it, and any earlier command would create it without.
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(ct)) await creator.CreateAsync(ct);
        if (!db.Database.IsNpgsql()) return;
        foreach (var language in Collations.Languages)
            await ExecuteAsync(db, $"create collation if not exists {Collations.Name(language)} (provider = icu, locale = '{language}')", ct);
    }

    static async Task CompleteAsync(DbContext db, CancellationToken ct)
    {
        foreach (var statement in ImmutableTables.Statements(db)) await ExecuteAsync(db, statement, ct);
        // The table is near empty and its rows live for milliseconds: the defaults would let it bloat.
        if (db.Database.IsNpgsql())
            await ExecuteAsync(db, "alter table outbox_messages set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)", ct);
    }

    // EF's lock on SQLite is a row: a process killed while migrating leaves it, and the next start would wait for it for ever.
    // One process owns the files, so whoever starts may take it away.
    static async Task ReleaseAbandonedLockAsync(DbContext db, CancellationToken ct)
    {
        if (db.Database.IsNpgsql()) return;
        var locks = await db.Database.SqlQuery<int>($"select count(*) as \"Value\" from sqlite_master where name = '__EFMigrationsLock'").SingleAsync(ct);
        if (locks > 0) await ExecuteAsync(db, "delete from \"__EFMigrationsLock\"", ct);
    }

    // Names of tables and languages from our own code only, never input.
#pragma warning disable EF1002
    static Task ExecuteAsync(DbContext db, string sql, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(sql, ct);
#pragma warning restore EF1002
}

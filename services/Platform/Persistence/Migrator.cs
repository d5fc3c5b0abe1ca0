using System.Data;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grants.Platform.Persistence;

/// <summary>PostgreSQL refused a migration, or was not there.</summary>
/// <param name="message">Which service's, and what the database said.</param>
/// <param name="error">The error itself.</param>
public sealed class MigrationFailed(string message, Exception error) : Exception(message, error);

/// <summary>Brings databases to the model of the code: migrations, then what migrations do not know (append-only triggers, collations, who may do what).</summary>
public static class Migrator
{
    /// <summary>Held on PostgreSQL while a database is being changed; a service that looks meanwhile sees that it must wait. "migrate" in ASCII, cut to eight bytes.</summary>
    internal const long Lock = 0x6D69_6772_6174_65;

    // A migration may have to rewrite a large table, and the second of two at once waits for the first.
    static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Migrates the services' databases. SQLite at every start; PostgreSQL only when <paramref name="asked"/> (<c>--migrate</c>), because replicas start
    /// at the same time and the role that runs a service may not change tables. <c>Database:Roles:{service}</c> names that role.
    /// </summary>
    public static async Task MigrateAsync(IServiceProvider services, IReadOnlyList<ServiceDefinition> definitions, bool asked = false, CancellationToken ct = default)
    {
        // At once: the databases know nothing of each other, and most of the time goes into building the models.
        await Task.WhenAll(definitions.Select(definition => Task.Run(async () =>
        {
            await using var scope = services.CreateAsyncScope();
            var db = (DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType);
            if (!asked && db.Database.IsNpgsql()) return;
            try
            {
                await MigrateAsync(db, scope.ServiceProvider.GetRequiredService<IConfiguration>()[$"Database:Roles:{definition.Name}"], ct);
            }
            catch (Exception e) when (e.FromDatabase() is NpgsqlException error)
            {
                throw new MigrationFailed($"{definition.Name}: {error.Message}", e);
            }
        }, ct)));
    }

    /// <summary>Migrates one database. Of two that do so at once on PostgreSQL, one waits for the other.</summary>
    /// <param name="db">The service's context, connected as the owner of the database.</param>
    /// <param name="role">The role that runs the service and is to use the rows of its tables; null when the owner does.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task MigrateAsync(DbContext db, string? role = null, CancellationToken ct = default)
    {
        db.Database.SetCommandTimeout(LongestStep);
        await CreateDatabaseAsync(db, ct);
        await db.Database.OpenConnectionAsync(ct); // the lock is this connection's
        try
        {
            if (db.Database.IsNpgsql()) await ExecuteAsync(db, $"select pg_advisory_lock({Lock})", ct);
            await PrepareAsync(db, ct);
            if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
            {
                await ReleaseAbandonedLockAsync(db, ct);
                await db.Database.MigrateAsync(ct);
            }

            await CompleteAsync(db, ct);
            if (db.Database.IsNpgsql() && !string.IsNullOrWhiteSpace(role))
                foreach (var statement in Privileges.Statements(db, role)) await ExecuteAsync(db, statement, ct);
        }
        finally
        {
            // A connection that goes back into the pool would keep it.
            if (db.Database.IsNpgsql() && db.Database.GetDbConnection().State == ConnectionState.Open) await ExecuteAsync(db, $"select pg_advisory_unlock({Lock})", default);
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Creates the tables straight from the model, for tests of contexts that have no migrations.</summary>
    public static async Task CreateAsync(DbContext db, CancellationToken ct = default)
    {
        await CreateDatabaseAsync(db, ct);
        await PrepareAsync(db, ct);
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.HasTablesAsync(ct)) await creator.CreateTablesAsync(ct);
        await CompleteAsync(db, ct);
    }

    // First of all: EF puts a SQLite file into WAL mode when it creates it, and any earlier command would create it without.
    static async Task CreateDatabaseAsync(DbContext db, CancellationToken ct)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(ct)) return;
        try
        {
            await creator.CreateAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Somebody else migrates for the first time too, and was first.
        }
    }

    // Collations must be there before a migration names one in a column.
    static async Task PrepareAsync(DbContext db, CancellationToken ct)
    {
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

    // Names of tables and languages from our own code, and of a role from the release's settings, quoted; never input.
#pragma warning disable EF1002
    static Task ExecuteAsync(DbContext db, string sql, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(sql, ct);
#pragma warning restore EF1002
}

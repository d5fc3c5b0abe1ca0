using Grants.Platform.Persistence;
using Grants.Platform.Tests.Messaging;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Tests.Persistence;

public sealed class SqliteTurnTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("grants-db-").FullName;

    public async Task InitializeAsync()
    {
        await using var db = Open();
        await Migrator.CreateAsync(db);
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    SqliteGammaDb Open()
    {
        var options = new DbContextOptionsBuilder<SqliteGammaDb>();
        options.UseServiceSqlite(Path.Combine(folder, "gamma.db"), "NORMAL");
        return new SqliteGammaDb(options.Options);
    }

    static async Task WriteAsync(GammaDb db)
    {
        db.Audit(World.Now, Guid.Empty, "thing.done", Guid.CreateVersion7());
        await db.SaveChangesAsync();
    }

    [Fact]
    public async Task Far_more_writers_than_threads_all_come_through()
    {
        // Each gives its thread away while it holds the database. Without turns the others block all threads of the pool, and it never gets one back.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            await using var db = Open();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await WriteAsync(db);
            await Task.Yield();
            await transaction.CommitAsync();
        })));
        await using var reader = Open();
        Assert.Equal(200, await reader.Set<AuditEntry>().CountAsync());
    }

    [Fact]
    public async Task A_turn_ends_with_a_commit_a_rollback_or_neither()
    {
        await using (var db = Open())
        {
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                await WriteAsync(db);
                await transaction.CommitAsync();
            }

            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                await WriteAsync(db);
                await transaction.RollbackAsync();
            }

            await using (await db.Database.BeginTransactionAsync()) await WriteAsync(db);
        }

        await using var next = Open();
        await using (var transaction = await next.Database.BeginTransactionAsync())
        {
            await WriteAsync(next);
            await transaction.CommitAsync();
        }

        Assert.Equal(2, await next.Set<AuditEntry>().CountAsync());
    }

    [Fact]
    public async Task Who_gives_up_waiting_does_not_keep_the_turn()
    {
        await using var first = Open();
        await using var transaction = await first.Database.BeginTransactionAsync();
        await using (var second = Open())
        {
            using var patience = new CancellationTokenSource();
            var waiting = second.Database.BeginTransactionAsync(patience.Token);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        await WriteAsync(first);
        await transaction.CommitAsync();
        await using var third = Open();
        await using var last = await third.Database.BeginTransactionAsync();
        await last.CommitAsync();
    }
}

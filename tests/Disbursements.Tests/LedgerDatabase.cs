using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Persistence;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests;

/// <summary>The service's tables in a database of their own, without the service: for tests of the ledger alone.</summary>
sealed class LedgerDatabase : IDisposable
{
    public static readonly DateTimeOffset At = new(2027, 1, 4, 9, 0, 0, TimeSpan.Zero);

    readonly string folder = Directory.CreateTempSubdirectory("grants-ledger-").FullName;

    readonly string? postgres;

    LedgerDatabase(string? postgres) => this.postgres = postgres;

    public Guid CallId { get; } = Guid.CreateVersion7();

    public static async Task<LedgerDatabase> CreateAsync(long budgetMinor = 0)
    {
        var database = new LedgerDatabase(TestDatabase.IsPostgres ? (await PostgresServer.NewDatabaseAsync(DisbursementsService.Definition))[1].Value : null);
        if (database.postgres is null) await using (var db = database.Open()) await Migrator.CreateAsync(db);
        await database.InTransactionAsync(async db =>
        {
            await db.OpenAsync(LedgerAccount.ForFunder(database.CallId, "BAM"), default);
            await db.OpenAsync(LedgerAccount.ForCall(database.CallId, "BAM"), default);
            if (budgetMinor > 0) Assert.Null(await db.RecordAsync(LedgerTransfer.Budget(database.CallId, 1, Bam(budgetMinor), At), default));
        });
        return database;
    }

    public static Platform.Money Bam(long minor) => new(minor, "BAM");

    public DisbursementsDb Open()
    {
        if (postgres is not null) return new PostgresDisbursementsDb(new DbContextOptionsBuilder<PostgresDisbursementsDb>().UseNpgsql(postgres).Options);
        var options = new DbContextOptionsBuilder<SqliteDisbursementsDb>();
        options.UseServiceSqlite(Path.Combine(folder, "disbursements.db"), "NORMAL");
        return new SqliteDisbursementsDb(options.Options);
    }

    public async Task<T> InTransactionAsync<T>(Func<DisbursementsDb, Task<T>> work, bool crash = false)
    {
        await using var db = Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var result = await work(db);
        await db.SaveChangesAsync();
        // Leaving without a commit is what a killed process does.
        if (!crash) await transaction.CommitAsync();
        return result;
    }

    public Task InTransactionAsync(Func<DisbursementsDb, Task> work) => InTransactionAsync(async db =>
    {
        await work(db);
        return 0;
    });

    public Task<LedgerRefusal?> RecordAsync(LedgerTransfer transfer, bool crash = false) => InTransactionAsync(db => db.RecordAsync(transfer, default), crash);

    public Task<LedgerRefusal?> AwardAsync(Guid grant, long minor, bool crash = false) => InTransactionAsync(
        async db =>
        {
            await db.OpenAsync(LedgerAccount.ForGrant(CallId, grant, "BAM"), default);
            return await db.RecordAsync(LedgerTransfer.Award(CallId, grant, Bam(minor), At, Guid.Empty), default);
        },
        crash);

    public LedgerTransfer Payment(Guid grant, Guid instalment, long minor) => LedgerTransfer.Payment(CallId, grant, instalment, Bam(minor), At, Guid.Empty);

    public async Task<LedgerCounters> CountersAsync(string account)
    {
        await using var db = Open();
        return (await db.AccountAsync(account, default))!.Counters;
    }

    public async Task AssertBooksAreRightAsync()
    {
        await using var db = Open();
        Assert.Empty(await LedgerAudit.FindAsync(db, null, default));
        Assert.Equal((0, 0), LedgerAudit.Sums(await db.LedgerAccounts.AsNoTracking().ToListAsync()));
    }

    public void Dispose()
    {
        if (postgres is not null) PostgresServer.Drop(postgres);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}

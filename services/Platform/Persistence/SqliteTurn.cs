using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Grants.Platform.Persistence;

/// <summary>
/// Lets transactions on one SQLite file wait for their turn without a thread. SQLite itself waits for its one writer by blocking; as soon as all threads of
/// the pool wait so, the writer whose next step needs a thread cannot go on either, and everybody fails as "busy". Turns are in order of arrival.
/// Only what begins asynchronously queues here, and the product begins nothing otherwise; the file's own lock guards all the same.
/// </summary>
#pragma warning disable CA1001 // each lives as long as the process
sealed class SqliteTurn : DbTransactionInterceptor, IDbConnectionInterceptor
#pragma warning restore CA1001
{
    /// <summary>After this somebody holds a transaction and does not end it; failing is better than hanging.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // One for each file of this process, whoever asks: the file is what they queue for.
    static readonly ConcurrentDictionary<string, SqliteTurn> Files = new();

    readonly SemaphoreSlim turn = new(1);
    readonly ConditionalWeakTable<DbConnection, object> holders = [];

    public static SqliteTurn Of(string file) => Files.GetOrAdd(file, _ => new SqliteTurn());

    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        if (!await turn.WaitAsync(Patience, cancellationToken)) throw new TimeoutException("No turn to write came in time.");
        holders.AddOrUpdate(connection, this);
        return result;
    }

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Next(eventData.Context!.Database.GetDbConnection());

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Next(eventData.Context!.Database.GetDbConnection());
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Next(eventData.Context!.Database.GetDbConnection());

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Next(eventData.Context!.Database.GetDbConnection());
        return Task.CompletedTask;
    }

    // A transaction disposed without an end tells nobody, but its connection is closed then; the same when it could not even begin.
    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Next(connection);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Next(connection);
        return Task.CompletedTask;
    }

    public void ConnectionDisposed(DbConnection connection, ConnectionEndEventData eventData) => Next(connection);

    public Task ConnectionDisposedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Next(connection);
        return Task.CompletedTask;
    }

    void Next(DbConnection connection)
    {
        if (holders.Remove(connection)) turn.Release();
    }
}

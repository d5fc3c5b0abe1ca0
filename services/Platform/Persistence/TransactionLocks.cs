using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Persistence;

/// <summary>A lock on something that a transaction is about.</summary>
/// <param name="Key">What it is, as a number.</param>
/// <param name="Alone">True when nobody else may hold it meanwhile; otherwise many may, but nobody alone.</param>
readonly record struct TransactionLock(long Key, bool Alone);

static class TransactionLocks
{
    /// <summary>
    /// Takes locks until the end of the transaction, in the order given. SQLite needs none: a transaction there is the only writer from its beginning.
    /// </summary>
    public static async Task HoldAsync(this DbContext db, IReadOnlyList<TransactionLock> locks, CancellationToken ct)
    {
        if (locks.Count == 0 || !db.Database.IsNpgsql()) return;
        var keys = locks.Select(held => held.Key).ToArray();
        var alone = locks.Select(held => held.Alone).ToArray();
        // Rows of unnest come in the order of the arrays.
        await db.Database.ExecuteSqlAsync(
            $"select case when alone then pg_advisory_xact_lock(key) else pg_advisory_xact_lock_shared(key) end from unnest({keys}, {alone}) as held(key, alone)", ct);
    }
}

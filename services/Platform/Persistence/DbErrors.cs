using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Grants.Platform.Persistence;

/// <summary>What a failed save means, told alike for both databases.</summary>
public static class DbErrors
{
    /// <summary>A unique index or primary key refused the row: somebody else was first.</summary>
    public static bool IsUniqueViolation(this DbUpdateException error) => error.InnerException switch
    {
        PostgresException e => e.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException e => e.SqliteExtendedErrorCode is 2067 or 1555, // SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY
        _ => false,
    };

    /// <summary>A CHECK refused the row.</summary>
    public static bool IsCheckViolation(this DbUpdateException error) => error.InnerException switch
    {
        PostgresException e => e.SqlState == PostgresErrorCodes.CheckViolation,
        SqliteException e => e.SqliteExtendedErrorCode == 275, // SQLITE_CONSTRAINT_CHECK
        _ => false,
    };

    /// <summary>The same work may well succeed when tried again: the database is away, busy, full, or broke a deadlock.</summary>
    public static bool IsTransient(this Exception error) => Causes(error).Any(e => e switch
    {
        // The driver leaves out a server that shuts down, has crashed, or came back as a copy that only reads; a retry finds the one that took over.
        PostgresException { SqlState: "57P01" or "57P02" or PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        NpgsqlException { IsTransient: true } or TimeoutException or SocketException => true,
        SqliteException { SqliteErrorCode: 5 or 6 } => true, // SQLITE_BUSY, SQLITE_LOCKED
        _ => IsFull(e),
    });

    /// <summary>
    /// The error for a log that says its message anyway; null when the message is enough. While a database is away a hundred waiting messages and jobs find out again and
    /// again: with the way through the code to each, an outage of half a minute filled the log with a hundred thousand lines.
    /// </summary>
    public static Exception? Unexpected(this Exception error) => error.IsTransient() ? null : error;

    /// <summary>There is no room left where the database or a file was to be written. Nothing was saved; it works again when somebody makes room.</summary>
    public static bool IsStorageFull(this Exception error) => Causes(error).Any(IsFull);

    /// <summary>The error of the database among the causes of a failure; null when there is none.</summary>
    internal static DbException? FromDatabase(this Exception error) => Causes(error).OfType<DbException>().FirstOrDefault();

    static bool IsFull(Exception error) => error switch
    {
        PostgresException e => e.SqlState == PostgresErrorCodes.DiskFull,
        SqliteException e => e.SqliteErrorCode == 13, // SQLITE_FULL
        IOException e => e.HResult == 28, // ENOSPC
        _ => false,
    };

    static IEnumerable<Exception> Causes(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException) yield return e;
    }

    /// <summary>Notes that a consumer has a message; false when it had it already. On PostgreSQL it waits for a concurrent first delivery.</summary>
    internal static async Task<bool> TryEnterInboxAsync(this DbContext db, Guid messageId, string consumer, string? bodyHash, DateTimeOffset at, CancellationToken ct)
    {
        var handledAt = at.UtcDateTime;
        return await db.Database.ExecuteSqlAsync(
            $"insert into inbox_messages (message_id, consumer, body_hash, handled_at) values ({messageId}, {consumer}, {bodyHash}, {handledAt}) on conflict do nothing", ct) == 1;
    }
}

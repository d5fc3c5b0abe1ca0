using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Grants.Platform.Persistence;

/// <summary>Settles every SQLite connection when it opens: settings and collations belong to the connection, not to the file.</summary>
sealed class SqliteSettings(string synchronous) : DbConnectionInterceptor
{
    static readonly SqliteSettings Full = new("FULL");
    static readonly SqliteSettings Normal = new("NORMAL");

    public static SqliteSettings For(string? synchronous) => synchronous switch
    {
        null or "" or "FULL" => Full,
        "NORMAL" => Normal,
        _ => throw new InvalidOperationException($"Database:Synchronous is '{synchronous}'; it can be FULL or NORMAL."),
    };

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Settle(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Settle(connection);
        return Task.CompletedTask;
    }

    void Settle(DbConnection connection)
    {
        var sqlite = (SqliteConnection)connection;
        using var command = sqlite.CreateCommand();
        // Without busy_timeout the driver waits for a lock in steps of 150 ms; with it SQLite waits by itself, in microseconds.
#pragma warning disable CA2100 // one of two constants
        command.CommandText = $"PRAGMA busy_timeout=5000; PRAGMA synchronous={synchronous};";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        foreach (var (name, compare) in Collations.Comparers) sqlite.CreateCollation(name, compare);
    }
}

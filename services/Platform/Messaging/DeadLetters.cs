using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Messaging;

/// <summary>What an operator can do about messages that could not be handled or sent.</summary>
public static class DeadLetters
{
    /// <summary>Open dead letters, oldest first: their ids are made when they are written, so that the order of ids is that of time.</summary>
    /// <param name="db">Context of the service.</param>
    /// <param name="after">The last letter of the page before; null to begin with the oldest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async Task<IReadOnlyList<DeadLetter>> ListAsync(DbContext db, Guid? after = null, int most = int.MaxValue, CancellationToken ct = default)
    {
        var open = db.Set<DeadLetter>().AsNoTracking().Where(letter => letter.ResolvedAt == null);
        if (after is { } last) open = open.Where(letter => letter.Id > last);
        return await open.OrderBy(letter => letter.Id).Take(most).ToListAsync(ct);
    }

    /// <summary>Runs the handler again; true if it succeeded, and then the letter is gone. A failure is written to the letter.</summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="dbType">Context of the service, as its definition names it.</param>
    /// <param name="id">The letter.</param>
    /// <param name="personId">Who asked.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static Task<bool> RetryAsync(IServiceProvider services, Type dbType, Guid id, Guid personId, CancellationToken ct = default) =>
        services.GetRequiredService<Inbox>().RetryAsync(dbType, id, personId, ct);

    /// <summary>Closes a letter without handling it; false if it is not open. Of two who do so at once one is first. Saves.</summary>
    public static async Task<bool> ResolveAsync(DbContext db, AppTime clock, Guid id, Guid personId, string resolution, CancellationToken ct = default)
    {
        var (now, letters) = (clock.Now, db.Set<DeadLetter>().Where(letter => letter.Id == id && letter.ResolvedAt == null));
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await letters.Select(letter => (Guid?)letter.MessageId).SingleOrDefaultAsync(ct) is not { } messageId) return false;
        var resolved = await letters.ExecuteUpdateAsync(set => set
            .SetProperty(letter => letter.ResolvedAt, now).SetProperty(letter => letter.Resolution, resolution).SetProperty(letter => letter.Waiting, false), ct);
        if (resolved == 0) return false;
        db.Audit(now, personId, "dead-letter.resolved", messageId, resolution);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Outbox rows that were given up and hold their subject.</summary>
    public static async Task<IReadOnlyList<OutboxMessage>> ListParkedAsync(DbContext db, CancellationToken ct = default) =>
        await db.Set<OutboxMessage>().AsNoTracking().Where(row => row.DueAt == OutboxMessage.Parked).OrderBy(row => row.Seq).ToListAsync(ct);

    /// <summary>Lets a parked row try again, and wakes the relay; false if it is not parked. Of two who do so at once one is first. Saves.</summary>
    public static async Task<bool> ReleaseParkedAsync(DbContext db, AppTime clock, IServiceProvider services, Guid messageId, Guid personId, CancellationToken ct = default)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var released = await db.Set<OutboxMessage>().Where(row => row.MessageId == messageId && row.DueAt == OutboxMessage.Parked)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, (DateTimeOffset?)null).SetProperty(row => row.Attempts, 0), ct);
        if (released == 0) return false;
        db.Audit(clock.Now, personId, "outbox.released", messageId);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        services.GetRequiredService<OutboxSignals>().Wake(db.GetType());
        return true;
    }
}

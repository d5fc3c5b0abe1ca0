using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Messaging;

/// <summary>What an operator can do about messages that could not be handled or sent.</summary>
public static class DeadLetters
{
    /// <summary>Open dead letters, oldest first.</summary>
    public static async Task<IReadOnlyList<DeadLetter>> ListAsync(DbContext db, CancellationToken ct = default) =>
        await db.Set<DeadLetter>().AsNoTracking().Where(letter => letter.ResolvedAt == null).OrderBy(letter => letter.FailedAt).ThenBy(letter => letter.Id).ToListAsync(ct);

    /// <summary>Runs the handler again; true if it succeeded, and then the letter is gone. A failure is written to the letter.</summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="dbType">Context of the service, as its definition names it.</param>
    /// <param name="id">The letter.</param>
    /// <param name="personId">Who asked.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static Task<bool> RetryAsync(IServiceProvider services, Type dbType, Guid id, Guid personId, CancellationToken ct = default) =>
        services.GetRequiredService<Inbox>().RetryAsync(dbType, id, personId, ct);

    /// <summary>Closes a letter without handling it; false if it is not open. Saves.</summary>
    public static async Task<bool> ResolveAsync(DbContext db, AppTime clock, Guid id, Guid personId, string resolution, CancellationToken ct = default)
    {
        var letter = await db.Set<DeadLetter>().SingleOrDefaultAsync(x => x.Id == id && x.ResolvedAt == null, ct);
        if (letter is null) return false;
        letter.ResolvedAt = clock.Now;
        letter.Resolution = resolution;
        letter.Waiting = false;
        db.Audit(clock.Now, personId, "dead-letter.resolved", letter.MessageId, resolution);
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>Outbox rows that were given up and hold their subject.</summary>
    public static async Task<IReadOnlyList<OutboxMessage>> ListParkedAsync(DbContext db, CancellationToken ct = default) =>
        await db.Set<OutboxMessage>().AsNoTracking().Where(row => row.DueAt == OutboxMessage.Parked).OrderBy(row => row.Seq).ToListAsync(ct);

    /// <summary>Lets a parked row try again; the relay is woken.</summary>
    public static async Task<bool> ReleaseParkedAsync(DbContext db, AppTime clock, IServiceProvider services, Guid messageId, Guid personId, CancellationToken ct = default)
    {
        var row = await db.Set<OutboxMessage>().SingleOrDefaultAsync(x => x.MessageId == messageId && x.DueAt == OutboxMessage.Parked, ct);
        if (row is null) return false;
        row.DueAt = null;
        row.Attempts = 0;
        db.Audit(clock.Now, personId, "outbox.released", messageId);
        await db.SaveChangesAsync(ct);
        services.GetRequiredService<OutboxSignals>().Wake(db.GetType());
        return true;
    }
}

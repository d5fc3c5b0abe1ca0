using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Mails;

/// <summary>
/// Writes the mails that tell of inbox items, one for each reader. Not where the item is written: who the readers are comes with other events, which may come later.
/// </summary>
public static class WriteMails
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    /// <summary>Writes what is due.</summary>
    public static async Task RunAsync(NotificationsDb db, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        foreach (var id in await db.Items.AsNoTracking().Where(item => item.MailsDueAt <= now).OrderBy(item => item.MailsDueAt).Take(100).Select(item => item.Id).ToListAsync(ct))
        {
            db.ChangeTracker.Clear();
            var item = await db.Items.SingleAsync(found => found.Id == id, ct);
            if (item.MailsDueAt is null || item.MailsDueAt > now) continue;
            await WriteAsync(db, item, now, ct);
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (Exception e) when (e is DbUpdateConcurrencyException || e is DbUpdateException update && update.IsUniqueViolation())
            {
                // Another replica wrote them, or the task was just done: the next round sees.
            }
        }
    }

    static async Task WriteAsync(NotificationsDb db, InboxItem item, DateTimeOffset now, CancellationToken ct)
    {
        if (item.DoneAt is not null)
        {
            item.MailsWritten();
            return;
        }

        var readers = await ReadersAsync(db, item, ct);
        if (readers is null)
        {
            if (now < item.CreatedAt + Mail.Patience) item.MailsLater(now + Again);
            else item.MailsWritten();
            return;
        }

        var people = await db.People.Where(person => readers.Contains(person.Id)).ToDictionaryAsync(person => person.Id, ct);
        foreach (var reader in readers)
        {
            var person = people.GetValueOrDefault(reader);
            if (person is { Active: false }) continue;
            var mail = Mail.About(item, reader, now);
            if (person is not null) mail.Address(person);
            db.Mails.Add(mail);
        }

        item.MailsWritten();
    }

    /// <summary>Who reads the item; null while that is not known yet.</summary>
    static async Task<IReadOnlyList<Guid>?> ReadersAsync(NotificationsDb db, InboxItem item, CancellationToken ct)
    {
        if (Audience.PersonOf(item.Audience) is { } person) return [person];
        if (Audience.OrganisationOf(item.Audience) is not { } organisation || await db.Organisations.FindAsync([organisation], ct) is null) return null;
        return await db.Memberships.Where(member => member.OrganisationId == organisation).Select(member => member.PersonId).ToListAsync(ct);
    }
}

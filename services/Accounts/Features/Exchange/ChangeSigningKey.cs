using Grants.Accounts.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Exchange;

/// <summary>
/// Makes the first signing key, and the next one when its time has come; retires those that no token needs any more. Run at start and by a job in every replica:
/// the unique number lets one of them win, and the others find its key there.
/// </summary>
static class ChangeSigningKey
{
    public static async Task RunAsync(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<AccountsDb>();
        var (now, encryption) = (services.GetRequiredService<AppTime>().Now, services.GetRequiredService<KeyEncryption>());
        // Read once: a number taken from a second look would be the one after another replica's key, and both would succeed.
        var all = await db.SigningKeys.OrderBy(key => key.Number).ToListAsync(ct);
        var keys = all.Where(key => key.RetiredAt is null).ToList();
        if (keys.Count == 0)
        {
            // Nobody knows another one, so it signs at once.
            await AddAsync(db, SigningKey.New(all.Count == 0 ? 1 : all[^1].Number + 1, now, now, encryption), ct);
            return;
        }

        foreach (var old in keys)
        {
            var successor = keys.FirstOrDefault(key => key.Number > old.Number);
            if (successor is not null && successor.SignsFrom + SigningKey.ChecksAfter <= now) old.RetiredAt = now;
        }

        var newest = keys[^1];
        if (newest.NeedsSuccessor(now, encryption)) await AddAsync(db, SigningKey.New(newest.Number + 1, now, now + SigningKey.PublishedBefore, encryption), ct);
        else if (db.ChangeTracker.HasChanges()) await db.SaveChangesAsync(ct);
    }

    static async Task AddAsync(AccountsDb db, SigningKey key, CancellationToken ct)
    {
        db.SigningKeys.Add(key);
        db.Audit(key.CreatedAt, Guid.Empty, "signing-key.made", Guid.ParseExact(key.Id, "N"));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear(); // another replica was first: its key is the one
        }
    }
}

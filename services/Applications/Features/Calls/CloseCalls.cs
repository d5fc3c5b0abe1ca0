using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls;

/// <summary>Announces that calls have closed. Whether a submission is in time does not wait for it: that asks the clock alone.</summary>
public static class CloseCalls
{
    /// <summary>Announces what is due.</summary>
    public static async Task Run(ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        foreach (var id in await db.Calls.AsNoTracking().Where(call => call.CloseDueAt <= now).Select(call => call.Id).ToListAsync(ct))
        {
            db.ChangeTracker.Clear();
            var call = await db.Calls.SingleAsync(found => found.Id == id, ct);
            if (call.CloseDueAt is null || call.CloseDueAt > now) continue;
            call.CloseDueAt = null;
            call.Version++;
            db.Audit(now, Guid.Empty, "call.closed", call.Id);
            db.Publish(new CallClosed(call.Id, call.Version, now));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                // Another replica announced it, or the call was just amended: the next round sees.
            }
        }
    }
}

using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>Tells, once for each draft in which something was written, that it is not submitted and its call closes soon: many believe that saved is submitted.</summary>
public static class RemindOfDrafts
{
    const int MostAtOnce = 200;

    /// <summary>How long before the closing.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromHours(48);

    /// <summary>Tells what is due.</summary>
    public static async Task Run(ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        var soon = now + Before;
        var due = await db.Applications.AsNoTracking()
            .Where(found => found.State == ApplicationState.Draft && found.RemindedAt == null && found.DraftRevision > 0
                // What an officer types in from paper has arrived already.
                && !db.RegisteredArrivals.Any(arrival => arrival.ApplicationId == found.Id))
            .Join(db.Calls, found => found.CallId, call => call.Id, (found, call) => new { found.Id, call.ClosesAt })
            .Where(pair => pair.ClosesAt > now && pair.ClosesAt <= soon).OrderBy(pair => pair.ClosesAt).Take(MostAtOnce).ToListAsync(ct);
        foreach (var pair in due)
        {
            db.ChangeTracker.Clear();
            var application = await db.Applications.SingleAsync(found => found.Id == pair.Id, ct);
            if (application.State != ApplicationState.Draft || application.RemindedAt is not null) continue;
            var title = await db.DraftFields.Where(field => field.ApplicationId == pair.Id && field.Field == DraftForm.Title).Select(field => field.Value).SingleOrDefaultAsync(ct);
            application.RemindedAt = now;
            application.Version++;
            db.Audit(now, Guid.Empty, "application.reminded", pair.Id);
            db.Publish(new DraftDeadlineNear(pair.Id, application.Version, now, application.CallId, application.OrganisationId, title ?? "", pair.ClosesAt));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                // Saved or submitted just now, or another replica was faster: the next round sees.
            }
        }
    }
}

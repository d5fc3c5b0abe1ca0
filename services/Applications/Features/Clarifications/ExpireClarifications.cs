using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Clarifications;

/// <summary>Ends clarifications nobody answered. Whether an answer is in time does not wait for it: that asks the time of its arrival alone.</summary>
public static class ExpireClarifications
{
    /// <summary>Ends what is due.</summary>
    public static async Task Run(ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        foreach (var id in await db.Clarifications.AsNoTracking().Where(asked => asked.CloseDueAt <= now).Select(asked => asked.Id).ToListAsync(ct))
        {
            db.ChangeTracker.Clear();
            var clarification = await db.Clarifications.SingleAsync(asked => asked.Id == id, ct);
            if (clarification.CloseDueAt is null || clarification.CloseDueAt > now) continue;
            var application = await db.Applications.SingleAsync(found => found.Id == clarification.ApplicationId, ct);
            clarification.Expire();
            application.Version++;
            db.Add(TimelineEntry.Of(application.Id, now, TimelineKind.ClarificationUnanswered));
            db.Audit(now, Guid.Empty, "clarification.unanswered", application.Id, id.ToString());
            db.Publish(new ClarificationAnswered(
                application.Id, application.Version, now, application.CallId, application.Reference!, application.OrganisationId, id, clarification.Question, "", clarification.AskedBy, null));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                // An answer that had arrived in time was handed in just then, or another replica ended it: the next round sees.
            }
        }
    }
}

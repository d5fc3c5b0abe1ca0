using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Endings;

/// <summary>Lets awards lapse whose term ended without an answer. An answer ends the term, so whoever answers in the same moment is either in time or finds the award lapsed.</summary>
public static class ExpireTerms
{
    /// <summary>Ends what is due.</summary>
    public static async Task Run(DisbursementsDb db, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        foreach (var id in await db.AwardedGrants.AsNoTracking().Where(grant => grant.AnswerDueAt <= now).OrderBy(grant => grant.AnswerDueAt).Select(grant => grant.ApplicationId).ToListAsync(ct))
        {
            db.ChangeTracker.Clear();
            using var span = Tracing.Start("award expire", id);
            await using var transaction = await db.HoldGrantAsync(id, ct);
            var grant = await db.AwardedGrants.SingleAsync(known => known.ApplicationId == id, ct);
            // Answered, given more time, or ended by another replica meanwhile.
            if (grant.AnswerDueAt is not { } due || due > now || !grant.IsBeforeInForce) continue;
            await Ending.LapseAsync(db, grant, EndCause.Expired, Actor.System, "", Guid.Empty, now, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
    }
}

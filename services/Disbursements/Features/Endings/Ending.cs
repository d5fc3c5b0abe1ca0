using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Endings;

/// <summary>Ends awards and agreements: what was reserved and not paid is released in the same transaction. The caller holds the grant.</summary>
static class Ending
{
    /// <summary>An award ends before its agreement is in force.</summary>
    public static async Task LapseAsync(
        DisbursementsDb db, Grant grant, EndCause cause, Actor actor, string reason, Guid by, DateTimeOffset now, CancellationToken ct)
    {
        grant.Lapse(actor);
        Cancel(db, await db.Instalments.Where(instalment => instalment.ApplicationId == grant.ApplicationId).OrderBy(instalment => instalment.Number).ToListAsync(ct), by, now);
        var released = await ReleaseAsync(db, grant, cause, reason, by, now, ct);
        foreach (var incident in await db.Incidents.Where(i => i.ApplicationId == grant.ApplicationId && i.ResolvedAt == null).ToListAsync(ct)) incident.ResolvedAt = now;
        db.Audit(now, by, $"grant.lapsed-{cause.ToString().ToLowerInvariant()}", grant.ApplicationId, reason);
        db.Publish(new AwardLapsed(
            grant.ApplicationId, grant.Version, now, grant.CallId, grant.OrganisationId, grant.AwardedMinor, grant.Currency, cause.ToString().ToLowerInvariant(), reason,
            by == Guid.Empty ? null : by));
        if (released > 0) await Budgeting.AfterReleaseAsync(db, grant.CallId, $"{grant.ApplicationId}:ended", now, ct);
    }

    /// <summary>An agreement in force ends: instalments that were not paid are cancelled.</summary>
    public static async Task CancelAsync(DisbursementsDb db, Grant grant, IReadOnlyList<Instalment> instalments, string reason, Guid by, DateTimeOffset now, CancellationToken ct)
    {
        grant.Cancel();
        Cancel(db, instalments, by, now);
        var released = await ReleaseAsync(db, grant, EndCause.Cancelled, reason, by, now, ct);
        db.Audit(now, by, "grant.cancelled", grant.ApplicationId, reason);
        if (released > 0) await Budgeting.AfterReleaseAsync(db, grant.CallId, $"{grant.ApplicationId}:ended", now, ct);
    }

    static void Cancel(DisbursementsDb db, IEnumerable<Instalment> instalments, Guid by, DateTimeOffset now)
    {
        foreach (var instalment in instalments.Where(instalment => instalment.State != InstalmentState.Paid))
        {
            instalment.Cancel();
            db.Audit(now, by, "instalment.cancelled", instalment.Id);
        }
    }

    static async Task<long> ReleaseAsync(DisbursementsDb db, Grant grant, EndCause cause, string reason, Guid by, DateTimeOffset now, CancellationToken ct)
    {
        // The grant is held, so nobody else moves what is reserved for it.
        var reserved = (await db.AccountAsync(LedgerAccount.GrantOf(grant.ApplicationId), ct))?.CreditsPending ?? 0;
        if (reserved > 0)
        {
            var rest = LedgerTransfer.Void(grant.CallId, grant.ApplicationId, "ended", new Money(reserved, grant.Currency), now, by);
            if (await db.RecordAsync(rest, ct) is { } refusal) throw new InvalidOperationException($"The ledger refused to release what is left of {grant.ApplicationId}: {refusal}.");
        }

        db.GrantEnds.Add(new GrantEnd { ApplicationId = grant.ApplicationId, Cause = cause, Reason = reason, ReleasedMinor = reserved, By = by, At = now });
        return reserved;
    }
}

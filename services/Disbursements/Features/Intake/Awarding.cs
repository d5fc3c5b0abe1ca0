using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>Reserving the money of an award. What the ledger refuses becomes an incident for people, never a message that fails for ever.</summary>
static class Awarding
{
    public static async Task<LedgerRefusal?> ReserveAsync(DisbursementsDb db, Guid callId, Guid applicationId, Money amount, DateTimeOffset at, Guid by, CancellationToken ct)
    {
        // An account opened for a refused award stays empty and harms nobody; in another currency than the call's it must not be opened at all.
        var call = await db.AccountAsync(LedgerAccount.CallOf(callId), ct);
        if (call is null) return LedgerRefusal.WrongAccounts;
        if (call.Currency != amount.Currency) return LedgerRefusal.OtherCurrency;
        await db.OpenAsync(LedgerAccount.ForGrant(callId, applicationId, amount.Currency), ct);
        return await db.RecordAsync(LedgerTransfer.Award(callId, applicationId, amount, at, by), ct);
    }

    /// <summary>After a budget grew: reserves what was refused before, the earliest award first.</summary>
    public static async Task TryAgainAsync(DisbursementsDb db, Guid callId, DateTimeOffset at, CancellationToken ct)
    {
        var refused = await db.AwardedGrants.Where(grant => grant.CallId == callId && grant.State == GrantState.Incident)
            .OrderBy(grant => grant.AwardedAt).ThenBy(grant => grant.ApplicationId).ToListAsync(ct);
        foreach (var grant in refused)
        {
            if (await ReserveAsync(db, callId, grant.ApplicationId, grant.Awarded, at, grant.AwardedBy, ct) is not null) continue;
            grant.ResolveIncident();
            db.Audit(at, Guid.Empty, "grant.incident-resolved", grant.ApplicationId);
            foreach (var incident in await db.Incidents.Where(i => i.ApplicationId == grant.ApplicationId && i.ResolvedAt == null).ToListAsync(ct)) incident.ResolvedAt = at;
        }
    }

    public static Incident IncidentOf(Guid callId, Guid? applicationId, LedgerRefusal refusal, Money amount, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(),
        CallId = callId,
        ApplicationId = applicationId,
        Refusal = refusal,
        AmountMinor = amount.Minor,
        Currency = amount.Currency,
        At = at,
    };
}

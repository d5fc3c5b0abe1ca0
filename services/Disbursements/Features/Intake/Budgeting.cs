using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>Keeps a call's budget in the ledger at what the newest version of its definition says, as far as what is reserved and paid allows.</summary>
static class Budgeting
{
    /// <summary>
    /// Adds or takes back the difference. What is reserved or paid already cannot be taken back: everything free goes, so that nothing more can be awarded, and
    /// the rest is an incident for people.
    /// </summary>
    /// <param name="db">The database, in a transaction that holds the call's account.</param>
    /// <param name="callId">The call.</param>
    /// <param name="version">Newest version of its definition.</param>
    /// <param name="cause">What made it necessary besides the version itself; empty when the version was just published.</param>
    /// <param name="budget">What that version says.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task AlignAsync(DisbursementsDb db, Guid callId, int version, string cause, Money budget, DateTimeOffset at, CancellationToken ct)
    {
        var funder = (await db.AccountAsync(LedgerAccount.FunderOf(callId), ct))!;
        var call = (await db.AccountAsync(LedgerAccount.CallOf(callId), ct))!;
        var difference = budget.Minor - (funder.DebitsPosted - funder.CreditsPosted);
        var possible = Math.Max(difference, -call.FreeMinor);
        if (possible != 0)
        {
            var transfer = possible > 0
                ? LedgerTransfer.Budget(callId, version, cause, new Money(possible, budget.Currency), at)
                : LedgerTransfer.BudgetReduction(callId, version, cause, new Money(-possible, budget.Currency), at);
            if (await db.RecordAsync(transfer, ct) is { } refusal) throw new InvalidOperationException($"The ledger refused the budget of call {callId} version {version}: {refusal}.");
        }

        var open = await db.Incidents.Where(i => i.CallId == callId && i.ApplicationId == null && i.ResolvedAt == null).ToListAsync(ct);
        var missing = new Money(possible - difference, budget.Currency);
        foreach (var incident in open.Where(incident => incident.AmountMinor != missing.Minor)) incident.ResolvedAt = at;
        if (!missing.IsZero && open.TrueForAll(incident => incident.ResolvedAt is not null))
            db.Incidents.Add(Awarding.IncidentOf(callId, null, LedgerRefusal.BeyondBudget, missing, at));
        if (missing.IsZero) await Awarding.TryAgainAsync(db, callId, at, ct);
    }

    /// <summary>After money of an award was released: first the newest definition has its due, then awards that were refused before.</summary>
    /// <param name="db">The database, in the transaction of the release.</param>
    /// <param name="callId">The call.</param>
    /// <param name="cause">What released it, such as the grant and the occasion; no two releases have the same.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Ends the attempt.</param>
    public static async Task AfterReleaseAsync(DisbursementsDb db, Guid callId, string cause, DateTimeOffset at, CancellationToken ct)
    {
        // Read while the call's account is held: a version that arrived a moment ago counts.
        await db.HoldAccountAsync(LedgerAccount.CallOf(callId), ct);
        var call = (await db.NewestCallAsync(callId, ct))!;
        await AlignAsync(db, callId, call.Version, $":{cause}", new Money(call.TotalBudgetMinor, call.Currency), at, ct);
    }
}

using Grants.Contracts.Reviews;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Endings;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>An award becomes a grant in preparation, and its money is reserved in the ledger in the same transaction.</summary>
public sealed partial class OnAwardDecided(DisbursementsDb db, ILogger<OnAwardDecided> logger) : IHandle<AwardDecided>
{
    public async Task Handle(AwardDecided message, CancellationToken ct)
    {
        using var span = Tracing.Start("award reserve", message.ApplicationId);
        if (await db.AwardedGrants.AsNoTracking().SingleOrDefaultAsync(grant => grant.ApplicationId == message.ApplicationId, ct) is { } known)
        {
            // There is one decision on an application. Another one is a fault that an operator must see, not a repetition.
            if (known.DecisionSha256 != message.DecisionSha256) throw new InvalidDataException($"Application {message.ApplicationId} was awarded by another decision before.");
            return;
        }

        if (await db.NewestCallAsync(message.CallId, ct) is null) throw new NotYet($"call {message.CallId}");

        var amount = new Money(message.AmountMinor, message.Currency);
        if (await db.Withdrawals.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == message.ApplicationId, ct) is { } withdrawal)
        {
            // Withdrawn before the award came: nothing is reserved, and whoever is next may have the money.
            var lapsed = GrantOf(message, amount, reserved: false);
            db.AwardedGrants.Add(lapsed);
            await Ending.LapseAsync(db, lapsed, EndCause.Withdrawn, Actor.System, withdrawal.Reason, withdrawal.By, message.At, ct);
            return;
        }

        var refusal = await Awarding.ReserveAsync(db, message.CallId, message.ApplicationId, amount, message.At, message.DecidedBy, ct);
        db.AwardedGrants.Add(GrantOf(message, amount, reserved: refusal is null));
        db.Audit(message.At, message.DecidedBy, refusal is null ? "grant.reserved" : "grant.refused-by-ledger", message.ApplicationId, refusal?.ToString());
        if (refusal is null) return;

        db.Incidents.Add(Awarding.IncidentOf(message.CallId, message.ApplicationId, refusal.Value, amount, message.At));
        Log.AwardRefused(logger, message.ApplicationId, message.CallId, refusal.Value);
    }

    static Grant GrantOf(AwardDecided message, Money amount, bool reserved) => Grant.FromAward(
        message.ApplicationId, message.CallId, message.Reference, message.OrganisationId, message.OrganisationName, message.Title, message.DossierSha256,
        message.DecisionSha256, amount, message.At, message.DecidedBy, reserved, message.ContractingFrom, message.Lot);

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The ledger refused the award of application {ApplicationId} in call {CallId}: {Refusal}. An incident waits for people.")]
        public static partial void AwardRefused(ILogger logger, Guid applicationId, Guid callId, LedgerRefusal refusal);
    }
}

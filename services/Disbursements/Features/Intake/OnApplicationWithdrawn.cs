using Grants.Contracts.Applications;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Endings;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>
/// The applicant took the application back: its award lapses, also when it comes only later. Once the agreement is in force it is too late; staff see that and decide whether
/// to end the agreement.
/// </summary>
public sealed class OnApplicationWithdrawn(DisbursementsDb db) : IHandle<ApplicationWithdrawn>
{
    public async Task Handle(ApplicationWithdrawn message, CancellationToken ct)
    {
        using var span = Tracing.Start("award withdraw", message.ApplicationId);
        if (await db.Withdrawals.AnyAsync(known => known.ApplicationId == message.ApplicationId, ct)) return;
        // Somebody may be accepting the agreement just now.
        await db.AwardedGrants.Where(grant => grant.ApplicationId == message.ApplicationId)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.Version, grant => grant.Version), ct);
        var grant = await db.AwardedGrants.SingleOrDefaultAsync(known => known.ApplicationId == message.ApplicationId, ct);
        var tooLate = grant?.State is GrantState.InForce or GrantState.Cancelled;
        db.Withdrawals.Add(new Withdrawal { ApplicationId = message.ApplicationId, Reason = message.Reason, By = message.WithdrawnBy, At = message.At, TooLate = tooLate });
        if (tooLate) db.Audit(message.At, message.WithdrawnBy, "grant.withdrawn-too-late", message.ApplicationId, message.Reason);
        if (grant is { IsBeforeInForce: true })
            await Ending.LapseAsync(db, grant, EndCause.Withdrawn, Actor.System, message.Reason, message.WithdrawnBy, message.At, ct);
    }
}

using Grants.Contracts.Disbursements;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Decide;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Reserve;

/// <summary>
/// The money of an award that lapsed goes back to its lot, once, and whoever is next on the reserve list is awarded. What went back is what was awarded here,
/// whatever the news says.
/// </summary>
public sealed class OnAwardLapsed(ReviewsDb db, AppTime clock) : IHandle<AwardLapsed>
{
    public async Task Handle(AwardLapsed message, CancellationToken ct)
    {
        using var span = Tracing.Start("award lapse", message.ApplicationId);
        // As whoever decides does: the lots first. On SQLite this takes the only writer's place.
        await Deciding.HoldLotsAsync(db, message.CallId, ct);
        if (await CaseFile.LoadAsync(db, message.ApplicationId, ct) is not { } file) throw new NotYet($"application {message.ApplicationId}");
        var award = await db.Decisions.AsNoTracking().Where(one => one.ApplicationId == message.ApplicationId && one.Outcome == DecisionOutcome.Award)
            .OrderByDescending(one => one.Number).FirstOrDefaultAsync(ct)
            ?? throw new InvalidDataException($"Application {message.ApplicationId} was never awarded: its award cannot lapse.");
        if (await db.Set<LapsedAward>().FindAsync([message.ApplicationId, award.Number], ct) is not null) return;

        db.Add(new LapsedAward
        {
            ApplicationId = message.ApplicationId,
            DecisionNumber = award.Number,
            AmountMinor = award.AmountMinor,
            Currency = award.Currency,
            Cause = message.Cause,
            LapsedAt = message.At,
        });
        // Withdrawn meanwhile: that came through another queue, and says more than that the award lapsed.
        if (file.Case.Allows(CaseAction.Lapse, CaseActor.System)) file.Case.Do(CaseAction.Lapse, CaseActor.System);
        db.Audit(clock.Now, message.By ?? Guid.Empty, "award.lapsed", message.ApplicationId, message.Reason);

        var (callId, lotId) = (message.CallId, file.Lot.Id);
        await db.LotBudgets.Where(lot => lot.CallId == callId && lot.LotId == lotId)
            .ExecuteUpdateAsync(set => set.SetProperty(lot => lot.AwardedMinor, lot => lot.AwardedMinor > award.AmountMinor ? lot.AwardedMinor - award.AmountMinor : 0), ct);
        await db.SaveChangesAsync(ct);
        await ReserveList.MoveUpAsync(db, callId, lotId, CaseActor.System, null, clock.Now, ct);
    }
}

using Grants.Platform.Hosting;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Decide;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Reserve;

/// <summary>The reserve list of a lot, and moving up from it.</summary>
static class ReserveList
{
    /// <summary>An application on the list.</summary>
    /// <param name="File">The application.</param>
    /// <param name="Reserved">The decision that put it there.</param>
    public sealed record Line(CaseFile File, Decision Reserved);

    /// <summary>What is on the reserve list of a call now, in the order of places. Withdrawn ones are no longer in that state.</summary>
    public static async Task<IReadOnlyList<Line>> LinesAsync(ReviewsDb db, Guid callId, CancellationToken ct)
    {
        var lines = new List<Line>();
        foreach (var id in await db.Cases.AsNoTracking().Where(one => one.CallId == callId && one.State == CaseState.OnReserve).Select(one => one.ApplicationId).ToListAsync(ct))
        {
            if (await CaseFile.LoadAsync(db, id, ct) is not { } file) continue;
            lines.Add(new Line(file, await db.Decisions.AsNoTracking().Where(one => one.ApplicationId == id && one.ReservePlace != null).OrderByDescending(one => one.Number).FirstAsync(ct)));
        }

        return [.. lines.OrderBy(line => line.Reserved.ReservePlace).ThenBy(line => line.Reserved.DecidedAt).ThenBy(line => line.File.Case.Reference, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Awards to one after the other, by place, as long as something fits by the rules of the call: the rest of the lot, the least share, the cap and number of
    /// the organisation. Who does not fit is passed over and stays on the list. The call's lots must be held.
    /// </summary>
    /// <returns>How many were awarded.</returns>
    public static async Task<int> MoveUpAsync(ReviewsDb db, Guid callId, string? lotId, CaseActor actor, Guid? by, DateTimeOffset now, CancellationToken ct)
    {
        var moved = 0;
        foreach (var line in await LinesAsync(db, callId, ct))
        {
            var file = line.File;
            if (lotId is not null && file.Lot.Id != lotId) continue;
            var amount = await AwardableAsync(db, file, line.Reserved, ct);
            if (amount == 0 || !await Deciding.TakeAsync(db, file, amount, ct)) continue;
            using var span = Tracing.Start("reserve move up", file.Case.ApplicationId);
            await Deciding.MoveUpAsync(db, file, line.Reserved, amount, actor, by, now, ct);
            // Written before the next is looked at: the same organisation may be on the list twice.
            await db.SaveChangesAsync(ct);
            moved++;
        }

        return moved;
    }

    /// <summary>What may be awarded to an application on the list now; 0 when nothing may.</summary>
    public static async Task<long> AwardableAsync(ReviewsDb db, CaseFile file, Decision reserved, CancellationToken ct)
    {
        var (callId, organisationId, lotId) = (file.Case.CallId, file.Case.OrganisationId, file.Lot.Id);
        var lot = await db.LotBudgets.AsNoTracking().SingleAsync(lot => lot.CallId == callId && lot.LotId == lotId, ct);
        var awarded = await db.Cases.AsNoTracking().Where(one => one.CallId == callId && one.OrganisationId == organisationId && one.State == CaseState.Awarded)
            .Join(db.Decisions.Where(one => one.Outcome == DecisionOutcome.Award), one => one.ApplicationId, one => one.ApplicationId, (_, decision) => decision.AmountMinor).ToListAsync(ct);
        return new Allocator(file.Definition).Awardable(lotId, file.Case.RequestedMinor, reserved.AmountMinor, lot.BudgetMinor - lot.AwardedMinor, awarded.Sum(), awarded.Count);
    }
}

using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Decide;

/// <summary>
/// Records decisions: the state of the case, the sealed text, the money of the lot, the audit trail and the event in the caller's transaction. The database
/// refuses more than a lot's budget, however many decide at once.
/// </summary>
static class Deciding
{
    /// <summary>
    /// Holds the call's lots until the end of the transaction, so that sums over its awards and places on its reserve list still hold when they are written.
    /// </summary>
    public static Task HoldLotsAsync(ReviewsDb db, Guid callId, CancellationToken ct) =>
        db.LotBudgets.Where(lot => lot.CallId == callId).ExecuteUpdateAsync(set => set.SetProperty(lot => lot.AwardedMinor, lot => lot.AwardedMinor), ct);

    /// <summary>Everybody who recorded a recommendation on an application or was at the meeting that made it: they do not decide on it.</summary>
    public static async Task<IReadOnlySet<Guid>> RecommendersAsync(ReviewsDb db, Guid applicationId, CancellationToken ct)
    {
        var recommendations = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == applicationId).Select(one => new { one.RecordedBy, one.MeetingId }).ToListAsync(ct);
        var meetings = recommendations.Select(one => one.MeetingId).OfType<Guid>().ToList();
        var present = await db.Set<MeetingMember>().AsNoTracking().Where(member => meetings.Contains(member.MeetingId)).Select(member => member.PersonId).ToListAsync(ct);
        return present.Concat(recommendations.Select(one => one.RecordedBy)).ToHashSet();
    }

    /// <summary>
    /// Whether a recommendation still stands: neither was it recorded by somebody who turned out to be tied to the application, nor does its meeting lack the
    /// quorum without such people.
    /// </summary>
    public static async Task<bool> StandsAsync(ReviewsDb db, CaseFile file, Recommendation recommendation, CancellationToken ct)
    {
        if (file.KeptOut.Contains(recommendation.RecordedBy)) return false;
        if (recommendation.MeetingId is not { } id) return true;
        var meeting = await db.Set<CommitteeMeeting>().AsNoTracking().Include(one => one.Present).SingleAsync(one => one.Id == id, ct);
        return meeting.CountFor(file.KeptOut) >= file.Decision.Quorum;
    }

    /// <summary>Adds to what was awarded of a lot in one statement, if it fits; false when it does not. The CHECK of the table stands behind it.</summary>
    public static async Task<bool> TakeAsync(ReviewsDb db, CaseFile file, long amountMinor, CancellationToken ct)
    {
        var (callId, lotId, currency) = (file.Case.CallId, file.Lot.Id, file.Case.Currency);
        return await db.LotBudgets.Where(lot => lot.CallId == callId && lot.LotId == lotId && lot.Currency == currency && lot.AwardedMinor + amountMinor <= lot.BudgetMinor)
            .ExecuteUpdateAsync(set => set.SetProperty(lot => lot.AwardedMinor, lot => lot.AwardedMinor + amountMinor), ct) == 1;
    }

    /// <summary>
    /// The place on the reserve list of its lot: after those that the committee placed before it, and never one that is taken. The lots must be held.
    /// </summary>
    public static async Task<int> NextPlaceAsync(ReviewsDb db, CaseFile file, Recommendation recommendation, CancellationToken ct)
    {
        var held = file.Case;
        var others = await db.Cases.AsNoTracking().Where(one => one.CallId == held.CallId && one.Lot == held.Lot && one.ApplicationId != held.ApplicationId).ToListAsync(ct);
        var ids = others.Select(one => one.ApplicationId).ToList();
        var taken = await db.Decisions.AsNoTracking().Where(one => ids.Contains(one.ApplicationId) && one.ReservePlace != null).Select(one => one.ReservePlace!.Value).ToListAsync(ct);
        var waiting = others.Where(one => one.State is CaseState.Recommended or CaseState.OnReserve).ToDictionary(one => one.ApplicationId);
        var ahead = (await db.Recommendations.AsNoTracking().Where(one => ids.Contains(one.ApplicationId)).ToListAsync(ct)).GroupBy(one => one.ApplicationId)
            .Select(group => group.MaxBy(one => one.Number)!).Count(one => one.Reserve && waiting.ContainsKey(one.ApplicationId) && Order(one, waiting[one.ApplicationId]).CompareTo(Order(recommendation, held)) < 0);
        var place = ahead + 1;
        while (taken.Contains(place)) place++;
        return place;

        static (int Place, int Score, DateTimeOffset At, string Reference) Order(Recommendation one, ReviewCase of) =>
            (one.Place ?? int.MaxValue, -one.ScoreHundredths, of.SubmittedAt, of.Reference);
    }

    /// <summary>Records a decision that follows a recommendation. Money for an award must have been taken before.</summary>
    public static async Task RecordAsync(
        ReviewsDb db, CaseFile file, Recommendation recommendation, DecisionOutcome outcome, string reason, Guid decidedBy, DateTimeOffset now, CancellationToken ct)
    {
        var held = file.Case;
        var number = 1 + await db.Decisions.Where(one => one.ApplicationId == held.ApplicationId).Select(one => (int?)one.Number).MaxAsync(ct) ?? 1;
        var place = outcome == DecisionOutcome.Reserve ? await NextPlaceAsync(db, file, recommendation, ct) : (int?)null;
        held.Do(outcome switch
        {
            DecisionOutcome.Award => CaseAction.Award,
            DecisionOutcome.Reserve => CaseAction.PutOnReserve,
            _ => CaseAction.Reject,
        }, CaseActor.DecisionMaker);
        var amount = outcome == DecisionOutcome.Rejection ? 0 : recommendation.AmountMinor;
        var word = outcome switch { DecisionOutcome.Award => "award", DecisionOutcome.Reserve => "reserve", _ => "rejection" };
        var decision = Sealing.Seal(held, word, amount, reason, recommendation.Id, decidedBy, now, number, place);
        var findings = await FindingsAsync(db, file, ct);
        db.Decisions.Add(decision);
        switch (outcome)
        {
            case DecisionOutcome.Award:
                db.Audit(now, decidedBy, "award.decided", held.ApplicationId, reason);
                db.Publish(Awarded(file, decision, findings, fromReserve: false));
                break;
            case DecisionOutcome.Reserve:
                db.Audit(now, decidedBy, "application.reserved", held.ApplicationId, reason);
                db.Publish(new PutOnReserve(
                    held.ApplicationId, held.Version, now, held.CallId, held.Reference, held.OrganisationId, held.OrganisationName, held.Title, place!.Value, reason, decidedBy,
                    decision.Sha256, findings));
                break;
            default:
                db.Audit(now, decidedBy, "application.rejected", held.ApplicationId, reason);
                db.Publish(new ApplicationRejected(
                    held.ApplicationId, held.Version, now, held.CallId, held.Reference, held.OrganisationId, held.OrganisationName, held.Title, reason, decidedBy, decision.Sha256,
                    findings));
                break;
        }
    }

    /// <summary>Awards what is on the reserve list: a decision of its own that names the one which put it there. The money must have been taken before.</summary>
    public static async Task MoveUpAsync(
        ReviewsDb db, CaseFile file, Decision reserved, long amountMinor, CaseActor actor, Guid? by, DateTimeOffset now, CancellationToken ct)
    {
        var held = file.Case;
        held.Do(CaseAction.MoveUp, actor);
        var recommendation = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == held.ApplicationId).OrderByDescending(one => one.Number).FirstAsync(ct);
        // Whoever decided on the reserve list decided that it moves up in its order; nothing new is judged.
        var decidedBy = by ?? reserved.DecidedBy;
        var decision = Sealing.Seal(held, "award", amountMinor, reserved.Reason, recommendation.Id, decidedBy, now, reserved.Number + 1, follows: reserved.Sha256);
        db.Decisions.Add(decision);
        db.Audit(now, by ?? Guid.Empty, "award.moved-up", held.ApplicationId, reserved.Reason);
        db.Publish(Awarded(file, decision, await FindingsAsync(db, file, ct), fromReserve: true));
    }

    static AwardDecided Awarded(CaseFile file, Decision decision, Findings? findings, bool fromReserve)
    {
        var held = file.Case;
        return new AwardDecided(
            held.ApplicationId, held.Version, decision.DecidedAt, held.CallId, held.Reference, held.OrganisationId, held.OrganisationName, held.Title, held.DossierSha256,
            decision.AmountMinor, decision.Currency, decision.Reason, decision.DecidedBy, decision.Sha256, file.Definition.Lots.Count > 1 ? file.Lot.Id : null,
            ObjectionPeriod.ContractingFrom(file.Definition, decision.DecidedAt), fromReserve, findings);
    }

    static async Task<Findings?> FindingsAsync(ReviewsDb db, CaseFile file, CancellationToken ct)
    {
        var assignments = await db.Assignments.AsNoTracking().Include(one => one.Scores).Where(one => one.ApplicationId == file.Case.ApplicationId).ToListAsync(ct);
        return Summary.Of(file.Grid, assignments, file.KeptOut);
    }
}

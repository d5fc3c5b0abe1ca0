using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Ranking;

/// <summary>The ranking list of a call as one reader sees it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Definition">Its newest definition.</param>
/// <param name="Lot">Budget and what was awarded.</param>
/// <param name="Rows">The list.</param>
/// <param name="Recused">References of applications the reader is tied to: nothing else of them is shown, and the list is made without them, so that nothing can be concluded.</param>
/// <param name="NotEligible">How many were not eligible.</param>
public sealed record RankingView(
    CallRecord Call, CallDefinition Definition, LotBudget Lot, IReadOnlyList<Ranked> Rows, IReadOnlyList<string> Recused, int NotEligible)
{
    /// <summary>The grid of the last evaluation, by which the list is made.</summary>
    public Grid Grid => Grid.Last(Definition);

    /// <summary>Whether the reader must declare about organisations first: their applications are left out.</summary>
    public bool Undeclared { get; init; }

    /// <summary>How many declared conflicts wait for a ruling of a chair.</summary>
    public int ConflictsToRule { get; init; }

    /// <summary>Who may see rankings.</summary>
    public static readonly string[] Readers = [Role.CommitteeMember, Role.Chair, Role.ProgrammeOfficer, Role.DecisionMaker, Role.Auditor];

    /// <summary>The list, or null when the reader may not see the call's ranking.</summary>
    public static async Task<RankingView?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await db.Calls.FindAsync([callId], ct) is not { NewestVersion: > 0 } call) return null;
        var definition = (await Definitions.FindAsync(db, callId, call.NewestVersion, ct))!.Value.Definition;
        if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, callId, country), Readers))) return null;

        var lot = await db.LotBudgets.AsNoTracking().SingleAsync(lot => lot.CallId == callId, ct);
        var cases = await db.Cases.AsNoTracking().Where(one => one.CallId == callId && one.State != CaseState.Received && one.State != CaseState.Ineligible && one.State != CaseState.Withdrawn).ToListAsync(ct);
        var ids = cases.Select(one => one.ApplicationId).ToList();
        var notEligible = await db.EligibilityOutcomes.AsNoTracking().Where(outcome => ids.Contains(outcome.ApplicationId) && !outcome.Eligible)
            .Select(outcome => outcome.ApplicationId).ToListAsync(ct);
        var assignments = (await db.Assignments.AsNoTracking().Include(assignment => assignment.Scores).Where(assignment => ids.Contains(assignment.ApplicationId)).ToListAsync(ct))
            .ToLookup(assignment => assignment.ApplicationId);
        var recommendations = (await db.Recommendations.AsNoTracking().Where(one => ids.Contains(one.ApplicationId)).ToListAsync(ct)).ToLookup(one => one.ApplicationId);
        var decisions = await db.Decisions.AsNoTracking().Where(decision => ids.Contains(decision.ApplicationId)).ToDictionaryAsync(decision => decision.ApplicationId, ct);
        var tiesOf = await Ties.OfAsync(db, cases, ct);

        var candidates = new List<Candidate>();
        var recused = new List<string>();
        var undeclared = false;
        foreach (var one in cases.Where(one => !notEligible.Contains(one.ApplicationId)))
        {
            var ties = tiesOf[one.ApplicationId];
            var (place, keptOut) = (new Place(call.Programme, callId, ties.Country), ties.KeptOut);
            if (!caller.Holds(place, Readers)) continue;
            // Who belongs to an organisation that is not known here yet cannot be told.
            if (!ties.Known || keptOut.Contains(caller.PersonId))
            {
                recused.Add(one.Reference);
                continue;
            }

            if (ties.MustDeclare(caller, place, Readers))
            {
                undeclared = true;
                continue;
            }

            var grid = new Grid(definition, one.Evaluation);
            var all = assignments[one.ApplicationId].ToList();
            var counting = grid.Counting(all, keptOut).ToList();
            var needed = grid.Needed(all, keptOut);
            // A score of fewer reviews than the call wants would be compared with full ones.
            // Who still has a review of it to send must not be swayed by the others'.
            var mineOpen = all.Exists(assignment => assignment.Evaluation == grid.Number && assignment.EvaluatorId == caller.PersonId && assignment.IsOpen);
            var known = counting.Count >= needed && !mineOpen;
            var score = known ? grid.Score(all, keptOut) : null;
            var amount = AmountOf(one, decisions.GetValueOrDefault(one.ApplicationId), recommendations[one.ApplicationId]);
            candidates.Add(new Candidate(one, grid.IsLast ? score : null, counting.Count, amount)
            {
                ReviewsNeeded = needed,
                Shortfall = known ? grid.Fails(all, keptOut) : null,
                EarlierScoreHundredths = grid.IsLast ? null : score,
            });
        }

        return new RankingView(
            call, definition, lot, RankingList.Build(candidates, Grid.Last(definition).Threshold, lot.BudgetMinor), [.. recused.Order(StringComparer.Ordinal)], notEligible.Count) 
        {
            Undeclared = undeclared,
            ConflictsToRule = await db.ConflictDeclarations.CountAsync(one => one.CallId == callId && one.State == DeclarationState.Pending, ct),
        };
    }

    static long AmountOf(ReviewCase one, Decision? decision, IEnumerable<Recommendation> recommendations) =>
        decision?.AmountMinor ?? recommendations.MaxBy(recommendation => recommendation.Number)?.AmountMinor ?? one.RequestedMinor;
}

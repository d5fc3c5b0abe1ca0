using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Ranking;

/// <summary>The ranking list of a call as one reader sees it, with what its rules propose.</summary>
/// <param name="Call">The call.</param>
/// <param name="Definition">Its newest definition.</param>
/// <param name="Budgets">Budget of each lot and what was awarded of it, in the order of the definition.</param>
/// <param name="Rows">The list, lot by lot.</param>
/// <param name="Recused">References of applications the reader is tied to: nothing else of them is shown, and the list is made without them, so that nothing can be concluded.</param>
/// <param name="NotEligible">How many were not eligible.</param>
public sealed record RankingView(
    CallRecord Call, CallDefinition Definition, IReadOnlyList<LotBudget> Budgets, IReadOnlyList<RankingView.Row> Rows, IReadOnlyList<string> Recused, int NotEligible)
{
    /// <summary>An application in its place.</summary>
    /// <param name="Case">The application.</param>
    /// <param name="Placed">Its place and what the rules propose.</param>
    /// <param name="Reviews">How many reviews count.</param>
    /// <param name="ReviewsNeeded">How many the evaluation it is at wants.</param>
    /// <param name="KeptOut">Who takes no part in it.</param>
    public sealed record Row(ReviewCase Case, Placed Placed, int Reviews, int ReviewsNeeded, IReadOnlySet<Guid> KeptOut)
    {
        /// <summary>Why it is not good enough; null when it is, or while reviews are missing.</summary>
        public Shortfall? Shortfall { get; init; }

        /// <summary>Score in an evaluation before the last in which it stayed; it is not ranked by that.</summary>
        public int? EarlierScoreHundredths { get; init; }

        /// <summary>The newest recommendation.</summary>
        public Recommendation? Recommendation { get; init; }

        /// <summary>The decision that holds.</summary>
        public Decision? Decision { get; init; }

        /// <summary>The score that the committee goes by: of the last evaluation, or of the one in which it stayed.</summary>
        public int? ScoreHundredths => Placed.Contender.ScoreHundredths ?? EarlierScoreHundredths;

        /// <summary>True when the committee may recommend something now.</summary>
        public bool CanBeRecommended => ScoreHundredths is not null && Case.Allows(CaseAction.Recommend, CaseActor.Chair);

        /// <summary>True once something else than a recommendation holds.</summary>
        public bool IsDecided => Decision is not null;
    }

    /// <summary>The grid of the last evaluation, by which the list is made.</summary>
    public Grid Grid => Grid.Last(Definition);

    /// <summary>How the call decides.</summary>
    public DecisionStage Stage => Definition.Stages.First(stage => stage.Decision is not null).Decision!;

    /// <summary>Budget of the whole call.</summary>
    public long BudgetMinor => Budgets.Sum(lot => lot.BudgetMinor);

    /// <summary>What was awarded in the whole call.</summary>
    public long AwardedMinor => Budgets.Sum(lot => lot.AwardedMinor);

    /// <summary>Countries that the proposal gives fewer grants than the call wants for each.</summary>
    public IReadOnlyList<string> CountriesWithTooFew => new Allocator(Definition).CountriesWithTooFew(Rows.Select(row => row.Placed));

    /// <summary>Rows of a lot.</summary>
    public IEnumerable<Row> Of(Lot lot) => Rows.Where(row => row.Placed.Contender.Lot == lot.Id);

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

        var budgets = await db.LotBudgets.AsNoTracking().Where(lot => lot.CallId == callId).ToListAsync(ct);
        var cases = await db.Cases.Where(one => one.CallId == callId && one.State != CaseState.Received && one.State != CaseState.Ineligible && one.State != CaseState.Withdrawn).ToListAsync(ct);
        var ids = cases.Select(one => one.ApplicationId).ToList();
        var notEligible = await db.EligibilityOutcomes.AsNoTracking().Where(outcome => ids.Contains(outcome.ApplicationId) && !outcome.Eligible)
            .Select(outcome => outcome.ApplicationId).ToListAsync(ct);
        var assignments = (await db.Assignments.AsNoTracking().Include(assignment => assignment.Scores).Where(assignment => ids.Contains(assignment.ApplicationId)).ToListAsync(ct))
            .ToLookup(assignment => assignment.ApplicationId);
        var recommendations = (await db.Recommendations.AsNoTracking().Where(one => ids.Contains(one.ApplicationId)).ToListAsync(ct)).ToLookup(one => one.ApplicationId);
        var decisions = (await db.Decisions.AsNoTracking().Where(decision => ids.Contains(decision.ApplicationId)).ToListAsync(ct)).ToLookup(decision => decision.ApplicationId);
        var tiesOf = await Ties.OfAsync(db, cases, ct);

        var found = new Dictionary<Guid, Func<Placed, Row>>();
        var contenders = new List<Contender>();
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
            var shortfall = known ? grid.Fails(all, keptOut) : null;
            contenders.Add(new Contender
            {
                ApplicationId = one.ApplicationId,
                Reference = one.Reference,
                Lot = CaseFile.LotOf(definition, one).Id,
                Country = ties.Country ?? "",
                OrganisationId = one.OrganisationId,
                SubmittedAt = one.SubmittedAt,
                RequestedMinor = one.RequestedMinor,
                ScoreHundredths = grid.IsLast ? score : null,
                Sections = grid.IsLast && known ? Summary.Sections(grid, all, keptOut) : new Dictionary<string, int>(),
                IsGoodEnough = shortfall is null,
            });
            found[one.ApplicationId] = placed => new Row(one, placed, counting.Count, needed, keptOut)
            {
                Shortfall = shortfall,
                EarlierScoreHundredths = grid.IsLast ? null : score,
                Recommendation = recommendations[one.ApplicationId].MaxBy(recommendation => recommendation.Number),
                Decision = decisions[one.ApplicationId].MaxBy(decision => decision.Number),
            };
        }

        return new RankingView(
            call, definition, [.. definition.Lots.Select(lot => budgets.Single(budget => budget.LotId == lot.Id))],
            [.. new Allocator(definition).Propose(contenders).Select(placed => found[placed.Contender.ApplicationId](placed))],
            [.. recused.Order(StringComparer.Ordinal)], notEligible.Count)
        {
            Undeclared = undeclared,
            ConflictsToRule = await db.ConflictDeclarations.CountAsync(one => one.CallId == callId && one.State == DeclarationState.Pending, ct),
        };
    }
}

using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Decide;

/// <summary>
/// The decision on an application: a grant of exactly the recommended amount, the reserve list, or a rejection. The award and the sum of the lot's awards change
/// in one transaction, and the database refuses more than the budget, however many decide at once.
/// </summary>
public static class DecideApplication
{
    const int LongestReason = 3000;

    /// <summary>What the page shows.</summary>
    public sealed record View(CaseFile File, Recommendation? Recommendation, string RecordedBy, IReadOnlyList<View.Made> Decisions, LotBudget Lot)
    {
        /// <summary>A decision with the name of who made it.</summary>
        public sealed record Made(Decision Decision, string By);

        /// <summary>The decision that holds; null before there is one.</summary>
        public Decision? Decision => Decisions.Count == 0 ? null : Decisions[^1].Decision;

        /// <summary>Whether the recommendation still stands.</summary>
        public bool Stands { get; init; }

        /// <summary>Everybody who recommended: they do not decide.</summary>
        public IReadOnlySet<Guid> Recommenders { get; init; } = new HashSet<Guid>();

        /// <summary>Key of the sentence that says why the reader cannot decide; null when they can.</summary>
        public string? WhyNot(Caller caller) =>
            File.Case.State != CaseState.Recommended ? "decide.wait.returned"
            : !caller.Holds(File.Place, Role.DecisionMaker) ? "decide.wait.role"
            : Recommenders.Contains(caller.PersonId) ? "decide.wait.eyes"
            : !Stands ? "decide.wait.conflict"
            : null;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/decisions/{applicationId:guid}", Show).ForRoles("call in scope, no member of the applicant", Role.DecisionMaker, Role.Auditor);
        routes.MapPost("/decisions/{applicationId:guid}", Handle)
            .ForRoles("call in scope, no member of the applicant, nobody who recommended", Role.DecisionMaker);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, applicationId, caller, ct) is { } view ? Pages.Show<DecidePage>(new { View = view }) : Pages.NotFound();

    static Task<IResult> Handle(Guid applicationId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            // What is read below still holds when it is written, and a second click finds the decision of the first instead of hearing that the first has taken
            // the last of the money. Whoever decides holds the lots first and the cases after them, so that nobody waits in a circle.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var callId = await db.Cases.Where(one => one.ApplicationId == applicationId).Select(one => one.CallId).SingleOrDefaultAsync(ct);
            await Deciding.HoldLotsAsync(db, callId, ct);
            if (await LoadAsync(db, applicationId, caller, ct) is not { } view) return Pages.NotFound();
            var done = Results.Redirect($"/decisions/{applicationId}");
            if (view.Decision is { } before)
                return before.DecidedBy == caller.PersonId ? done : Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecidePage>("decide.late"));
            if (view.WhyNot(caller) is { } why) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecidePage>(why));
            if (!string.Equals(form["recommendation"], view.Recommendation!.Id.ToString(), StringComparison.Ordinal))
                return Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecidePage>("decide.changed"));

            var (outcome, reason) = (form["outcome"], form["reason"]);
            var errors = new FieldErrors();
            if (outcome is not ("award" or "reject") && !(outcome == "reserve" && view.File.Decision.ReserveList)) errors.Add("outcome", page.Text<DecidePage>("decide.error.outcome"));
            else if (outcome == "award" && !view.Recommendation.Fund) errors.Add("outcome", page.Text<DecidePage>("decide.error.notRecommended"));
            else if (outcome == "reserve" && view.Recommendation.AmountMinor == 0) errors.Add("outcome", page.Text<DecidePage>("decide.error.notReserve"));
            if (reason.Length == 0) errors.Add("reason", page.Text<DecidePage>("decide.error.reason"));
            if (reason.Length > LongestReason) errors.Add("reason", page.Text<DecidePage>("decide.error.long", LongestReason));
            IResult Again422() => Pages.Show<DecidePage>(
                new { View = view, Outcome = outcome, Reason = form.Raw("reason"), Problems = errors }, StatusCodes.Status422UnprocessableEntity);
            if (!errors.None) return Again422();

            var award = outcome == "award";
            var amount = new Money(view.Recommendation.AmountMinor, view.Recommendation.Currency);
            if (award && !await Deciding.TakeAsync(db, view.File, amount.Minor, ct))
            {
                // Read again: other decisions may have been made since the page's own reading.
                var lot = await LotAsync(db, view.File, ct);
                errors.Add("outcome", page.Text<DecidePage>("decide.error.budget", new Money(lot.BudgetMinor - lot.AwardedMinor, lot.Currency), amount));
                return Again422();
            }

            using var span = Tracing.Start(award ? "award decide" : outcome == "reserve" ? "application reserve" : "application reject", applicationId);
            await Deciding.RecordAsync(
                db, view.File, view.Recommendation, award ? DecisionOutcome.Award : outcome == "reserve" ? DecisionOutcome.Reserve : DecisionOutcome.Rejection, reason, caller.PersonId,
                clock.Now, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return done;
        });

    static async Task<View?> LoadAsync(ReviewsDb db, Guid applicationId, Caller caller, CancellationToken ct)
    {
        if (await CaseFile.LoadAsync(db, applicationId, ct) is not { } file || !file.Open(caller, Role.DecisionMaker, Role.Auditor)) return null;
        var decisions = await db.Decisions.AsNoTracking().Where(one => one.ApplicationId == applicationId).OrderBy(one => one.Number).ToListAsync(ct);
        var recommendation = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == applicationId).OrderByDescending(one => one.Number).FirstOrDefaultAsync(ct);
        if (decisions.Count == 0 && recommendation is null) return null;
        var made = new List<View.Made>();
        foreach (var decision in decisions) made.Add(new View.Made(decision, await NameAsync(db, decision.DecidedBy, ct)));
        return new View(file, recommendation, await NameAsync(db, recommendation?.RecordedBy, ct), made, await LotAsync(db, file, ct))
        {
            Stands = recommendation is not null && await Deciding.StandsAsync(db, file, recommendation, ct),
            Recommenders = await Deciding.RecommendersAsync(db, applicationId, ct),
        };
    }

    static Task<LotBudget> LotAsync(ReviewsDb db, CaseFile file, CancellationToken ct)
    {
        var (callId, lotId) = (file.Case.CallId, file.Lot.Id);
        return db.LotBudgets.AsNoTracking().SingleAsync(lot => lot.CallId == callId && lot.LotId == lotId, ct);
    }

    static async Task<string> NameAsync(ReviewsDb db, Guid? person, CancellationToken ct) =>
        person is { } id && await db.People.FindAsync([id], ct) is { } found ? found.Name : "";
}

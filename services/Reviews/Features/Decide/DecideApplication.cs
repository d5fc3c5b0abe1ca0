using Grants.Contracts.Reviews;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Decide;

/// <summary>
/// The decision on an application: a grant of exactly the recommended amount, or a rejection. The award and the sum of the call's awards change in one
/// transaction, and the database refuses more than the budget, however many decide at once.
/// </summary>
public static class DecideApplication
{
    const int LongestReason = 3000;

    /// <summary>What the page shows.</summary>
    public sealed record View(CaseFile File, Recommendation? Recommendation, string RecordedBy, Decision? Decision, string DecidedBy, LotBudget Lot)
    {
        /// <summary>Key of the sentence that says why the reader cannot decide; null when they can.</summary>
        public string? WhyNot(Caller caller) =>
            !caller.Holds(File.Place, Role.DecisionMaker) ? "decide.wait.role"
            : Recommendation?.RecordedBy == caller.PersonId ? "decide.wait.eyes"
            : null;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/decisions/{applicationId:guid}", Show).ForRoles("call in scope, no member of the applicant", Role.DecisionMaker, Role.Auditor);
        routes.MapPost("/decisions/{applicationId:guid}", Handle)
            .ForRoles("call in scope, no member of the applicant, not who recorded the recommendation", Role.DecisionMaker);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, applicationId, caller, ct) is { } view ? Pages.Show<DecidePage>(new { View = view }) : Pages.NotFound();

    static Task<IResult> Handle(Guid applicationId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            // On SQLite this takes the only writer's place at once; elsewhere the update holds the case. What is read below still holds when it is written, and
            // a second click finds the decision of the first instead of hearing that the first has taken the last of the money.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.Cases.Where(one => one.ApplicationId == applicationId).ExecuteUpdateAsync(set => set.SetProperty(one => one.Version, one => one.Version), ct);
            if (await LoadAsync(db, applicationId, caller, ct) is not { } view) return Pages.NotFound();
            var done = Results.Redirect($"/decisions/{applicationId}");
            if (view.Decision is { } before)
                return before.DecidedBy == caller.PersonId ? done : Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecidePage>("decide.late"));
            if (view.WhyNot(caller) is { } why) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecidePage>(why));
            if (!string.Equals(form["recommendation"], view.Recommendation!.Id.ToString(), StringComparison.Ordinal))
                return Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecidePage>("decide.changed"));

            var (outcome, reason) = (form["outcome"], form["reason"]);
            var errors = new FieldErrors();
            if (outcome is not ("award" or "reject")) errors.Add("outcome", page.Text<DecidePage>("decide.error.outcome"));
            else if (outcome == "award" && !view.Recommendation.Fund) errors.Add("outcome", page.Text<DecidePage>("decide.error.notRecommended"));
            if (reason.Length == 0) errors.Add("reason", page.Text<DecidePage>("decide.error.reason"));
            if (reason.Length > LongestReason) errors.Add("reason", page.Text<DecidePage>("decide.error.long", LongestReason));
            IResult Again422() => Pages.Show<DecidePage>(
                new { View = view, Outcome = outcome, Reason = form.Raw("reason"), Problems = errors }, StatusCodes.Status422UnprocessableEntity);
            if (!errors.None) return Again422();

            var award = outcome == "award";
            var amount = award ? view.Recommendation.AmountMinor : 0;
            if (award && !await TakeFromLotAsync(db, view.File.Case.CallId, new Money(amount, view.Recommendation.Currency), ct))
            {
                // Read again: other decisions may have been made since the page's own reading.
                var lot = await db.LotBudgets.AsNoTracking().SingleAsync(lot => lot.CallId == view.File.Case.CallId, ct);
                var left = new Money(lot.BudgetMinor - lot.AwardedMinor, lot.Currency);
                errors.Add("outcome", page.Text<DecidePage>("decide.error.budget", left, new Money(amount, view.Lot.Currency)));
                return Again422();
            }

            using var span = Tracing.Start(award ? "award decide" : "application reject", applicationId);
            Record(db, view, award, amount, reason, caller.PersonId, clock.Now);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return done;
        });

    static void Record(ReviewsDb db, View view, bool award, long amount, string reason, Guid decidedBy, DateTimeOffset now)
    {
        var held = view.File.Case;
        held.Do(award ? CaseAction.Award : CaseAction.Reject, CaseActor.DecisionMaker);
        var decision = Sealing.Seal(held, award ? "award" : "rejection", amount, reason, view.Recommendation!.Id, decidedBy, now);
        db.Decisions.Add(decision);
        db.Audit(now, decidedBy, award ? "award.decided" : "application.rejected", held.ApplicationId, reason);
        db.Publish(award
            ? new AwardDecided(
                held.ApplicationId, held.Version, now, held.CallId, held.Reference, held.OrganisationId, held.OrganisationName, held.Title, held.DossierSha256, amount,
                held.Currency, reason, decidedBy, decision.Sha256)
            : new ApplicationRejected(
                held.ApplicationId, held.Version, now, held.CallId, held.Reference, held.OrganisationId, held.OrganisationName, held.Title, reason, decidedBy,
                decision.Sha256));
    }

    /// <summary>One statement that adds to what was awarded if it fits; false when it does not. The CHECK of the table stands behind it.</summary>
    static async Task<bool> TakeFromLotAsync(ReviewsDb db, Guid callId, Money amount, CancellationToken ct) =>
        await db.LotBudgets.Where(lot => lot.CallId == callId && lot.Currency == amount.Currency && lot.AwardedMinor + amount.Minor <= lot.BudgetMinor)
            .ExecuteUpdateAsync(set => set.SetProperty(lot => lot.AwardedMinor, lot => lot.AwardedMinor + amount.Minor), ct) == 1;

    static async Task<View?> LoadAsync(ReviewsDb db, Guid applicationId, Caller caller, CancellationToken ct)
    {
        if (await CaseFile.LoadAsync(db, applicationId, ct) is not { } file || !file.Open(caller, Role.DecisionMaker, Role.Auditor)) return null;
        var decision = await db.Decisions.AsNoTracking().SingleOrDefaultAsync(one => one.ApplicationId == applicationId, ct);
        if (decision is null && file.Case.State != CaseState.Recommended) return null;
        var recommendation = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == applicationId).OrderByDescending(one => one.Number).FirstOrDefaultAsync(ct);
        var lot = await db.LotBudgets.AsNoTracking().SingleAsync(lot => lot.CallId == file.Case.CallId, ct);
        return new View(file, recommendation, await NameAsync(db, recommendation?.RecordedBy, ct), decision, await NameAsync(db, decision?.DecidedBy, ct), lot);
    }

    static async Task<string> NameAsync(ReviewsDb db, Guid? person, CancellationToken ct) =>
        person is { } id && await db.People.FindAsync([id], ct) is { } found ? found.Name : "";
}

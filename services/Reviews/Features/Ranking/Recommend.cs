using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Conflicts;
using Grants.Reviews.Features.Dossiers;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Ranking;

/// <summary>One application before the committee: its reviews without names, the dossier, and the form in which the chair records the recommendation.</summary>
public static class Recommend
{
    const int LongestReason = 3000;

    const string Path = "/ranking/{callId:guid}/applications/{applicationId:guid}";

    const string Relation = "call in scope, no member of the applicant";

    /// <summary>What the page shows.</summary>
    public sealed record View(CaseFile File, IReadOnlyList<Assignment> Reviews, Recommendation? Recommendation, string RecordedBy, Dossier Dossier, bool OwnReviewOpen)
    {
        /// <summary>The score in the evaluation the application is at, once all its reviews are in.</summary>
        public int? Score => Reviews.Count >= Needed ? File.Grid.Score(All, File.KeptOut) : null;

        /// <summary>How many reviews it needs.</summary>
        public int Needed => File.Grid.Needed(All, File.KeptOut);

        /// <summary>Why it can only be recommended not to fund it; null when it passed.</summary>
        public Shortfall? Shortfall => Score is null ? null : File.Grid.Fails(All, File.KeptOut);

        /// <summary>The newest meeting whose members who count for this application were enough; null when there was none.</summary>
        public CommitteeMeeting? Meeting { get; init; }

        /// <summary>Reviews of the evaluations before.</summary>
        public IReadOnlyList<Assignment> Earlier { get; init; } = [];

        // A score may be carried from an evaluation before.
        IReadOnlyList<Assignment> All => [.. Reviews, .. Earlier];

        /// <summary>Key of the sentence that says why nothing can be recorded now; null when it can.</summary>
        public string? WhyNot(Caller caller) =>
            File.Case.State is CaseState.Awarded or CaseState.Rejected or CaseState.OnReserve or CaseState.Lapsed ? "recommend.wait.done"
            : !caller.Holds(File.Place, Role.Chair) ? "recommend.wait.chair"
            : File.Call.ClosedAt is null ? "recommend.wait.open"
            : OwnReviewOpen ? "recommend.wait.own"
            : Score is null || !File.Case.Allows(CaseAction.Recommend, CaseActor.Chair) ? "recommend.wait.reviews"
            : File.Decision.Quorum > 0 && Meeting is null ? "recommend.wait.meeting"
            : null;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).ForRoles(Relation, RankingView.Readers);
        routes.MapPost(Path, Handle).ForRoles(Relation, Role.Chair);
        routes.MapGet(Path + "/documents/{sha256}", Download).ForRoles(Relation, RankingView.Readers);
    }

    static async Task<IResult> Show(Guid callId, Guid applicationId, Caller caller, ReviewsDb db, FileStore files, CancellationToken ct) =>
        await LoadAsync(db, files, callId, applicationId, caller, RankingView.Readers, ct) is { } view ? Pages.Show<RecommendPage>(new { View = view })
            : await DeclareConflicts.FirstAsync(db, callId, applicationId, caller, RankingView.Readers, ct) ?? Pages.NotFound();

    static async Task<IResult> Download(Guid callId, Guid applicationId, string sha256, Caller caller, ReviewsDb db, FileStore files, PageContext page, CancellationToken ct)
    {
        if (await CaseFile.LoadAsync(db, applicationId, ct) is not { } file || file.Case.CallId != callId || !file.Open(caller, RankingView.Readers)) return Pages.NotFound();
        return await DossierReader.DownloadAsync(files, file.Case, sha256, page, ct) ?? Pages.NotFound();
    }

    static Task<IResult> Handle(
        Guid callId, Guid applicationId, Caller caller, ReviewsDb db, FileStore files, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await LoadAsync(db, files, callId, applicationId, caller, [Role.Chair], ct) is not { } view) return Pages.NotFound();
            if (view.WhyNot(caller) is { } why)
                return Pages.Problem(StatusCodes.Status409Conflict, page.Text<RecommendPage>(why, view.Reviews.Count, view.Needed, view.File.Decision.Quorum));

            var held = view.File.Case;
            var (fund, reason) = (form["fund"], form["reason"]);
            var errors = new FieldErrors();
            if (fund is not ("yes" or "no") && !(fund == "reserve" && view.File.Decision.ReserveList)) errors.Add("fund", page.Text<RecommendPage>("recommend.error.fund"));
            var amount = Money.Zero(held.Currency);
            if (fund is "yes" or "reserve")
            {
                if (!MoneyParser.TryParse(form["amount"], held.Currency, out amount, out var problem)) errors.Add("amount", MoneyParser.Sentence(problem, page.Culture));
                else if (Limit(view.File, amount, page) is { } sentence) errors.Add("amount", sentence);
                if (view.Shortfall is not null) errors.Add("fund", page.Text<RecommendPage>("recommend.error.below"));
            }

            if (reason.Length == 0) errors.Add("reason", page.Text<RecommendPage>("recommend.error.reason"));
            if (reason.Length > LongestReason) errors.Add("reason", page.Text<RecommendPage>("recommend.error.long", LongestReason));
            if (!errors.None)
            {
                return Pages.Show<RecommendPage>(
                    new { View = view, Fund = fund, Amount = form.Raw("amount"), Reason = form.Raw("reason"), Problems = errors }, StatusCodes.Status422UnprocessableEntity);
            }

            // The second click of a double click brings the same recommendation.
            var done = Results.Redirect($"/ranking/{callId}/applications/{applicationId}");
            if (view.Recommendation is { } before && before.Fund == (fund == "yes") && before.Reserve == (fund == "reserve") && before.AmountMinor == amount.Minor && before.Reason == reason) return done;

            using var span = Tracing.Start("recommendation record", applicationId);
            held.Do(CaseAction.Recommend, CaseActor.Chair);
            var recommendation = new Recommendation
            {
                Id = Guid.CreateVersion7(),
                ApplicationId = applicationId,
                Number = (view.Recommendation?.Number ?? 0) + 1,
                Fund = fund == "yes",
                Reserve = fund == "reserve",
                MeetingId = view.Meeting?.Id,
                AmountMinor = amount.Minor,
                Currency = held.Currency,
                Reason = reason,
                ScoreHundredths = view.Score!.Value,
                RecordedBy = caller.PersonId,
                RecordedAt = clock.Now,
            };
            db.Recommendations.Add(recommendation);
            db.Audit(clock.Now, caller.PersonId, "recommendation.recorded", applicationId, reason);
            db.Publish(new RankingRecommended(
                applicationId, held.Version, clock.Now, callId, recommendation.Fund, recommendation.AmountMinor, held.Currency, caller.PersonId));
            await db.SaveChangesAsync(ct);
            return done;
        });

    static string? Limit(CaseFile file, Money amount, PageContext page)
    {
        var (least, most, requested) =
            (new Money(file.Lot.MinGrantMinor, amount.Currency), new Money(file.Lot.MaxGrantMinor, amount.Currency), new Money(file.Case.RequestedMinor, amount.Currency));
        return amount < least ? page.Text<RecommendPage>("recommend.error.low", least)
            : amount > most ? page.Text<RecommendPage>("recommend.error.high", most)
            : amount > requested ? page.Text<RecommendPage>("recommend.error.requested", requested)
            : null;
    }

    static async Task<View?> LoadAsync(ReviewsDb db, FileStore files, Guid callId, Guid applicationId, Caller caller, string[] roles, CancellationToken ct)
    {
        if (await CaseFile.LoadAsync(db, applicationId, ct) is not { } file || file.Case.CallId != callId || !file.Open(caller, roles)) return null;
        // Nothing of an application is before the committee until its check is finished.
        if (file.Case.State is CaseState.Received or CaseState.Ineligible or CaseState.Withdrawn) return null;
        var assignments = await db.Assignments.AsNoTracking().Include(assignment => assignment.Scores).Where(assignment => assignment.ApplicationId == applicationId)
            .OrderBy(assignment => assignment.SubmittedAt).ToListAsync(ct);
        var recommendation = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == applicationId).OrderByDescending(one => one.Number).FirstOrDefaultAsync(ct);
        var recordedBy = recommendation is null ? null : await db.People.FindAsync([recommendation.RecordedBy], ct);
        var meetings = await db.Set<CommitteeMeeting>().AsNoTracking().Include(meeting => meeting.Present).Where(meeting => meeting.CallId == callId)
            .OrderByDescending(meeting => meeting.RecordedAt).ToListAsync(ct);
        // Who still has a review of it to send must not be swayed by the others'.
        var ownReviewOpen = assignments.Any(assignment => assignment.Evaluation == file.Case.Evaluation && assignment.EvaluatorId == caller.PersonId && assignment.IsOpen);
        return new View(
            file, ownReviewOpen ? [] : [.. file.Grid.Counting(assignments, file.KeptOut)], recommendation, recordedBy?.Name ?? "",
            await DossierReader.ReadAsync(files, file.Case, ct), ownReviewOpen)
        {
            Meeting = meetings.Find(meeting => meeting.CountFor(file.KeptOut) >= file.Decision.Quorum),
            Earlier = ownReviewOpen ? [] :
            [
                .. Enumerable.Range(0, file.Case.Evaluation).SelectMany(number => new Grid(file.Definition, number).Counting(assignments, file.KeptOut)),
            ],
        };
    }
}

using Grants.Contracts.Reviews;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Dossiers;

namespace Grants.Reviews.Features.Review;

/// <summary>
/// The declaration of impartiality, before any text of the application is seen: who makes it accepts the assignment. It may be declined instead, with a reason.
/// A conflict may also be declared later, when it is noticed.
/// </summary>
public static class Declare
{
    const int LongestReason = 1000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reviews/{assignmentId:guid}/declaration", Handle).ForRoles(MyAssignment.Relation, Role.Evaluator);

    static Task<IResult> Handle(
        Guid assignmentId, Caller caller, ReviewsDb db, FileStore files, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { } mine) return Pages.NotFound();
            var (choice, reason) = (form["declaration"], form["reason"]);
            var done = Results.Redirect($"/reviews/{assignmentId}");

            // The second click of a double click finds it done.
            var before = mine.Assignment.State;
            if (choice == "none" && mine.Assignment.MayRead || before is AssignmentState.Conflicted or AssignmentState.Declined or AssignmentState.Ended) return done;
            if (!mine.Assignment.Allows(AssignmentAction.DeclareConflict)) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<DeclarePage>("declare.late"));

            var errors = new FieldErrors();
            if (choice is not ("none" or "conflict" or "decline")) errors.Add("declaration", page.Text<DeclarePage>("declare.error.choose"));
            if (choice == "conflict" && reason.Length == 0) errors.Add("reason", page.Text<DeclarePage>("declare.error.reason"));
            if (choice == "decline" && reason.Length == 0) errors.Add("reason", page.Text<DeclarePage>("declare.error.decline"));
            if (reason.Length > LongestReason) errors.Add("reason", page.Text<DeclarePage>("declare.error.long", LongestReason));
            if (!errors.None)
            {
                return before == AssignmentState.Assigned
                    ? Pages.Show<DeclarePage>(new { Mine = mine, Chosen = choice, Reason = reason, Problems = errors }, StatusCodes.Status422UnprocessableEntity)
                    : Pages.Show<ScorePage>(
                        new { Mine = mine, Papers = await Papers.ReadAsync(db, files, mine.Case, ct), Leaving = choice, ConflictReason = reason, Problems = errors },
                        StatusCodes.Status422UnprocessableEntity);
            }

            using var span = Tracing.Start("review declare", mine.Case.ApplicationId);
            if (choice == "none")
            {
                mine.Assignment.DeclareImpartial(clock.Now);
                db.Audit(clock.Now, caller.PersonId, "review.declared-impartial", assignmentId);
            }
            else if (choice == "decline")
            {
                mine.Assignment.Decline(reason, clock.Now);
                db.Audit(clock.Now, caller.PersonId, "review.declined", assignmentId, reason);
                if (mine.Case.Allows(CaseAction.TakeDecline, CaseActor.Evaluator))
                {
                    mine.Case.Do(CaseAction.TakeDecline, CaseActor.Evaluator);
                    db.Publish(new ReviewSubmitted(
                        mine.Case.ApplicationId, mine.Case.Version, clock.Now, mine.Case.CallId, assignmentId, caller.PersonId, ConflictDeclared: false,
                        mine.Assignment.Evaluation, Declined: true));
                }
            }
            else
            {
                mine.Assignment.DeclareConflict(AssignmentActor.Evaluator, reason, clock.Now);
                db.Audit(clock.Now, caller.PersonId, "review.declared-conflict", assignmentId, reason);
                // After the decision there is nobody left to tell: the audit trail keeps it.
                if (mine.Case.Allows(CaseAction.TakeConflict, CaseActor.Evaluator))
                {
                    mine.Case.Do(CaseAction.TakeConflict, CaseActor.Evaluator);
                    db.Publish(new ReviewSubmitted(
                        mine.Case.ApplicationId, mine.Case.Version, clock.Now, mine.Case.CallId, assignmentId, caller.PersonId, ConflictDeclared: true, mine.Assignment.Evaluation));
                }
            }

            await db.SaveChangesAsync(ct);
            return done;
        });
}

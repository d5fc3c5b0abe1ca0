using Grants.Contracts.Reviews;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>Checks and submits a review. Afterwards nothing of it changes.</summary>
public static class SubmitReview
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews/{assignmentId:guid}/check", Check).ForRoles(MyAssignment.Relation, Role.Evaluator);
        routes.MapPost("/reviews/{assignmentId:guid}/submission", Handle).ForRoles(MyAssignment.Relation, Role.Evaluator);
    }

    static async Task<IResult> Check(Guid assignmentId, Caller caller, ReviewsDb db, PageContext page, CancellationToken ct)
    {
        if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { } mine) return Pages.NotFound();
        return mine.MayScore ? Pages.Show<CheckPage>(new { Mine = mine, Problems = Missing(mine, page) }) : Results.Redirect($"/reviews/{assignmentId}");
    }

    static Task<IResult> Handle(Guid assignmentId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { } mine) return Pages.NotFound();
            if (mine.Assignment.State == AssignmentState.Submitted) return Results.Redirect($"/reviews/{assignmentId}"); // the second click
            if (!mine.MayScore)
            {
                // The first of two clicks may have been saved after the assignment was read and before the case was, which it sent on.
                await db.Entry(mine.Assignment).ReloadAsync(ct);
                return mine.Assignment.State == AssignmentState.Submitted
                    ? Results.Redirect($"/reviews/{assignmentId}")
                    : Pages.Problem(StatusCodes.Status409Conflict, page.Text<ScorePage>("score.closed"));
            }

            var errors = Missing(mine, page);
            if (!errors.None) return Pages.Show<CheckPage>(new { Mine = mine, Problems = errors }, StatusCodes.Status422UnprocessableEntity);

            using var span = Tracing.Start("review submit", mine.Case.ApplicationId);
            mine.Assignment.Submit(mine.Grid, clock.Now);
            var others = await db.Assignments.AsNoTracking().Include(other => other.Scores).Where(other => other.ApplicationId == mine.Case.ApplicationId && other.Id != assignmentId).ToListAsync(ct);
            IReadOnlyList<Assignment> all = [mine.Assignment, .. others];
            var goesOn = mine.Case.TakeReview(mine.Grid, all, mine.File.KeptOut);
            db.Audit(clock.Now, caller.PersonId, "review.submitted", assignmentId);
            db.Publish(new ReviewSubmitted(
                mine.Case.ApplicationId, mine.Case.Version, clock.Now, mine.Case.CallId, assignmentId, caller.PersonId, ConflictDeclared: false, mine.Assignment.Evaluation,
                NextEvaluation: goesOn ? mine.Case.Evaluation : null, ThirdNeeded: mine.Grid.AwaitsThird(all, mine.File.KeptOut)));
            await db.SaveChangesAsync(ct);
            return Results.Redirect($"/reviews/{assignmentId}");
        });

    static FieldErrors Missing(MyAssignment mine, PageContext page)
    {
        var errors = new FieldErrors();
        foreach (var missing in mine.Grid.Missing(mine.Assignment.Scores))
        {
            var name = LocalText.Pick(missing.Criterion.Label, page.Language).Text;
            if (missing.Points) errors.Add(ScoreReview.PointsField(missing.Criterion.Id), page.Text<CheckPage>("check.error.points", name));
            if (missing.Comment) errors.Add(ScoreReview.CommentField(missing.Criterion.Id), page.Text<CheckPage>("check.error.comment", name));
        }

        return errors;
    }
}

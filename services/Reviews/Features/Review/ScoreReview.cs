using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Dossiers;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>Points and comments, saved with a button or field by field when a field loses focus. Only the evaluator sees them.</summary>
public static class ScoreReview
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/reviews/{assignmentId:guid}/scores", Handle).ForRoles(MyAssignment.Relation, Role.Evaluator);
        routes.MapPost("/reviews/{assignmentId:guid}/scores/field", Autosave).ForRoles(MyAssignment.Relation, Role.Evaluator);
    }

    /// <summary>Name of the field with a criterion's points.</summary>
    public static string PointsField(string criterionId) => "points-" + criterionId;

    /// <summary>Name of the field with a criterion's comment.</summary>
    public static string CommentField(string criterionId) => "comment-" + criterionId;

    static Task<IResult> Handle(
        Guid assignmentId, Caller caller, ReviewsDb db, FileStore files, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { } mine) return Pages.NotFound();
            if (!mine.MayScore) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<ScorePage>("score.closed"));
            using var span = Tracing.Start("review save", mine.Case.ApplicationId);
            var errors = Save(mine, form, page, clock.Now);
            if (!errors.None)
            {
                return Pages.Show<ScorePage>(
                    new { Mine = mine, Papers = await Papers.ReadAsync(db, files, mine.Case, ct), Typed = form, Problems = errors },
                    StatusCodes.Status422UnprocessableEntity);
            }

            await db.SaveChangesAsync(ct);
            return Results.Redirect(form["then"] switch
            {
                "check" => $"/reviews/{assignmentId}/check",
                "next" => await NextAsync(db, mine.Assignment, caller, ct) is { } next ? $"/reviews/{next}" : "/reviews",
                _ => $"/reviews/{assignmentId}",
            });
        });

    /// <summary>The evaluator's next open review after this one, in the order of the list and then from its beginning; null when there is no other.</summary>
    static async Task<Guid?> NextAsync(ReviewsDb db, Assignment current, Caller caller, CancellationToken ct)
    {
        var mine = await db.Assignments.AsNoTracking().Where(one => one.EvaluatorId == caller.PersonId).OrderBy(one => one.AssignedAt).ThenBy(one => one.Id).ToListAsync(ct);
        var here = mine.FindIndex(one => one.Id == current.Id);
        foreach (var one in mine.Skip(here + 1).Concat(mine.Take(here)).Where(one => one.IsOpen))
        {
            if (await MyAssignment.LoadAsync(db, one.Id, caller, ct, evenUndeclared: true) is { EvaluationOpen: true }) return one.Id;
        }

        return null;
    }

    static Task<IResult> Autosave(Guid assignmentId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { } mine) return Results.NotFound();
            if (!mine.MayScore) return Results.Conflict(new { error = page.Text<ScorePage>("score.closed") });
            using var span = Tracing.Start("review save", mine.Case.ApplicationId);
            var errors = Save(mine, form, page, clock.Now);
            if (!errors.None) return Results.UnprocessableEntity(new { error = errors.All[0].Sentence });
            await db.SaveChangesAsync(ct);
            return Results.NoContent();
        });

    /// <summary>Takes over what was posted. Nothing of it is kept when any of it is wrong: the page then shows it all as typed.</summary>
    static FieldErrors Save(MyAssignment mine, PostedForm form, PageContext page, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        var taken = new List<(string Criterion, int? Points, string? Comment)>();
        foreach (var criterion in mine.Grid.Criteria)
        {
            var (pointsField, commentField) = (PointsField(criterion.Id), CommentField(criterion.Id));
            int? points = null;
            if (form[pointsField].Length > 0 && (points = PointsOf(form[pointsField], criterion)) is null)
            {
                errors.Add(pointsField, page.Text<ScorePage>(
                    "score.error.scale", Name(criterion, page), Parts.Points.Short(criterion.MinPoints, page.Culture), Parts.Points.Short(criterion.MaxPoints, page.Culture)));
            }

            var comment = form.Has(commentField) ? form[commentField] : null;
            if (comment?.Length > Grid.LongestComment) errors.Add(commentField, page.Text<ScorePage>("score.error.long", Name(criterion, page), Grid.LongestComment));
            if (points is not null || comment is not null) taken.Add((criterion.Id, points, comment));
        }

        if (errors.None)
        {
            foreach (var (criterion, points, comment) in taken) mine.Assignment.Save(criterion, points, comment, now);
        }

        return errors;
    }

    static string Name(Criterion criterion, PageContext page) => LocalText.Pick(criterion.Label, page.Language).Text;

    static int? PointsOf(string posted, Criterion criterion) =>
        int.TryParse(posted, NumberStyles.None, CultureInfo.InvariantCulture, out var points) && Grid.Scale(criterion).Contains(points) ? points : null;
}

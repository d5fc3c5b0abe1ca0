using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>The evaluator's own list: to do, draft, sent.</summary>
public static class MyReviews
{
    /// <summary>A line of the list. The stage is named where a call has several evaluations. The project's title is part of the application's text and is left out until the declaration was made, the applicant where the call hides it.</summary>
    public sealed record Line(Assignment Assignment, string Reference, string? Organisation, string? Title, Dictionary<string, string> Call, Dictionary<string, string>? Stage);

    /// <summary>A call about whose organisations something must be declared first.</summary>
    public sealed record ToDeclare(Guid CallId, Dictionary<string, string> Call);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reviews", Show).ForRoles("own assignments only", Role.Evaluator);

    static async Task<IResult> Show(Caller caller, ReviewsDb db, CancellationToken ct)
    {
        var mine = await db.Assignments.AsNoTracking().Where(assignment => assignment.EvaluatorId == caller.PersonId).OrderBy(assignment => assignment.AssignedAt).ThenBy(assignment => assignment.Id).ToListAsync(ct);
        var (lines, toDeclare) = (new List<Line>(), new List<ToDeclare>());
        foreach (var assignment in mine)
        {
            if (await MyAssignment.LoadAsync(db, assignment.Id, caller, ct, evenUndeclared: true) is not { } one) continue;
            var undeclared = one.MustDeclare(caller);
            if (undeclared && assignment.IsOpen && toDeclare.TrueForAll(call => call.CallId != one.Case.CallId)) toDeclare.Add(new ToDeclare(one.Case.CallId, one.File.Definition.Title));
            lines.Add(new Line(
                assignment, one.Case.Reference, one.Applicant, assignment.MayRead && !undeclared ? one.Case.Title : null, one.File.Definition.Title,
                one.Grid.IsOneOfSeveral ? one.Grid.Stage.Title : null));
        }

        return Pages.Show<MyReviewsPage>(new { Lines = lines, Undeclared = toDeclare });
    }
}

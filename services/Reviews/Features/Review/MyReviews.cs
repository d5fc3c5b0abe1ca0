using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>The evaluator's own list: to do, draft, sent.</summary>
public static class MyReviews
{
    /// <summary>A line of the list. The stage is named where a call has several evaluations. The project's title is part of the application's text and is left out until the declaration was made.</summary>
    public sealed record Line(Assignment Assignment, string Reference, string Organisation, string? Title, Dictionary<string, string> Call, Dictionary<string, string>? Stage);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reviews", Show).ForRoles("own assignments only", Role.Evaluator);

    static async Task<IResult> Show(Caller caller, ReviewsDb db, CancellationToken ct)
    {
        var mine = await db.Assignments.AsNoTracking().Where(assignment => assignment.EvaluatorId == caller.PersonId).OrderBy(assignment => assignment.AssignedAt).ToListAsync(ct);
        var lines = new List<Line>();
        foreach (var assignment in mine)
        {
            if (await CaseFile.LoadAsync(db, assignment.ApplicationId, ct) is not { } file || !file.Open(caller, Role.Evaluator)) continue;
            var grid = file.GridOf(assignment);
            lines.Add(new Line(
                assignment, file.Case.Reference, file.Case.OrganisationName, assignment.MayRead ? file.Case.Title : null, file.Definition.Title,
                grid.IsOneOfSeveral ? grid.Stage.Title : null));
        }

        return Pages.Show<MyReviewsPage>(new { Lines = lines });
    }
}

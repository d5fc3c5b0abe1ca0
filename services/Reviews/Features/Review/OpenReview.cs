using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Dossiers;

namespace Grants.Reviews.Features.Review;

/// <summary>One assignment: the declaration first, then application and scores side by side, at the end what was sent.</summary>
public static class OpenReview
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews/{assignmentId:guid}", Show).ForRoles(MyAssignment.Relation, Role.Evaluator);
        routes.MapGet("/reviews/{assignmentId:guid}/documents/{sha256}", Download).ForRoles(MyAssignment.Relation, Role.Evaluator);
    }

    static async Task<IResult> Show(Guid assignmentId, Caller caller, ReviewsDb db, FileStore files, CancellationToken ct)
    {
        if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { } mine) return Pages.NotFound();
        return mine.Assignment.State switch
        {
            AssignmentState.Assigned => Pages.Show<DeclarePage>(new { Mine = mine }),
            AssignmentState.Conflicted => Pages.Show<EndedPage>(new { Mine = mine }),
            AssignmentState.Submitted => Pages.Show<SentPage>(new { Mine = mine }),
            _ => Pages.Show<ScorePage>(new { Mine = mine, Dossier = await DossierReader.ReadAsync(files, mine.Case, ct) }),
        };
    }

    static async Task<IResult> Download(Guid assignmentId, string sha256, Caller caller, ReviewsDb db, FileStore files, PageContext page, CancellationToken ct)
    {
        if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { Assignment.MayRead: true } mine) return Pages.NotFound();
        return await DossierReader.DownloadAsync(files, mine.Case, sha256, page, ct) ?? Pages.NotFound();
    }
}

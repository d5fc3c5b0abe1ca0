using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply;

/// <summary>Everything on one page before it is submitted, and everything that is missing.</summary>
public static class CheckAnswers
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{applicationId:guid}/check", Show).SignedIn("member of the organisation");

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        // Typed in by an officer: no member hands it in.
        if (draft.Application.State == ApplicationState.Draft && !draft.Organisation.HasMember(caller.PersonId)) return Results.LocalRedirect($"/desk/applications/{applicationId}/registered");
        return draft.Application.IsBeingWritten ? Page(draft, caller, clock.Now) : Results.LocalRedirect($"/applications/{applicationId}/receipt");
    }

    /// <summary>The page, with what is wrong when a submission was refused.</summary>
    public static IResult Page(Draft draft, Caller caller, DateTimeOffset now, FieldErrors? errors = null) => Pages.Show<CheckAnswersPage>(
        new { Draft = draft, Now = now, MayCommit = draft.Organisation.MayCommit(caller.PersonId), Missing = draft.Missing(), Errors = errors },
        errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}

using System.Globalization;
using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Deletes a draft, after a page that says what is lost.</summary>
public static class DeleteDraft
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/desk/calls/{callId:guid}/draft/deletion", Show).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Writers);
        routes.MapPost("/desk/calls/{callId:guid}/draft/deletion", Handle).ForRoles("the draft's programme is in the scope of the role", DraftAccess.Writers);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ApplicationsDb db, CancellationToken ct) =>
        await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is { } draft ? Page(draft, false) : Pages.NotFound();

    static async Task<IResult> Handle(Guid callId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is not { } draft)
            // Deleted or published meanwhile.
            return await DraftAccess.Published(db, callId, caller, DraftAccess.Writers, ct) is null ? Pages.NotFound() : Results.LocalRedirect("/desk/calls");
        if (form["token-version"] != draft.Version.ToString(CultureInfo.InvariantCulture)) return Page(draft, true);
        db.Remove(draft);
        db.Audit(clock.Now, caller.PersonId, "call-draft.deleted", callId);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is { } changed) return Page(changed, true);
        }

        return Results.LocalRedirect("/desk/calls");
    }

    static IResult Page(CallDraft draft, bool changed) => Pages.Show<DeleteDraftPage>(new { Draft = draft, Changed = changed }, changed ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
}

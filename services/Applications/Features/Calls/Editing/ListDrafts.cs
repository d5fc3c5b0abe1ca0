using Grants.Applications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>The calls whose definition the caller may read, with their versions and drafts.</summary>
public static class ListDrafts
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/desk/calls", Handle).ForRoles("only calls in scope are listed", DraftAccess.Readers);

    static async Task<IResult> Handle(Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct)
    {
        var drafts = (await db.CallDrafts.AsNoTracking().ToListAsync(ct)).Where(draft => caller.Holds(new Place(draft.Programme, draft.CallId), DraftAccess.Readers)).ToList();
        var calls = (await CallDefinitions.All(db, ct)).Where(call => caller.Holds(StaffApplications.PlaceOf(call.Call), DraftAccess.Readers)).ToList();
        var rows = calls.Select(call => new EditableCall(call.Call.Id, LocalText.Pick(call.Definition.Title, page.Language).Text, call.Call.Programme, call, drafts.Find(draft => draft.CallId == call.Call.Id)))
            .Concat(drafts.Where(draft => !calls.Exists(call => call.Call.Id == draft.CallId))
                .Select(draft => new EditableCall(draft.CallId, DraftText.Title(draft.Text, page.Language), draft.Programme, null, draft)))
            .OrderByDescending(row => row.Draft?.UpdatedAt ?? row.Published!.Version.PublishedAt).ToList();
        var mayMake = caller.HoldsEverywhere(Role.ProgrammeOfficer) || (await DraftAccess.Programmes(db, caller, ct)).Count > 0;
        return Pages.Show<ListDraftsPage>(new { Rows = rows, MayMake = mayMake });
    }
}

/// <summary>A call in the list.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Title">Its title in the reader's language; empty when the draft cannot be read.</param>
/// <param name="Programme">Programme code.</param>
/// <param name="Published">The newest version; null when there is a draft only.</param>
/// <param name="Draft">The draft; null when there is none.</param>
public sealed record EditableCall(Guid CallId, string Title, string Programme, CallNow? Published, CallDraft? Draft);

using Grants.Applications.Domain;
using Grants.Applications.Features.Registered;
using Grants.Applications.Features.Timelines;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>An application: what is left to do while it is a draft, where it stands afterwards.</summary>
public static class ShowApplication
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{applicationId:guid}", Handle).SignedIn("member of the organisation, or staff in scope (who see the timeline)");

    static async Task<IResult> Handle(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is { } draft)
        {
            // A copy that was not submitted in time is nothing any more: what was submitted stands.
            return draft.Application.State == ApplicationState.Draft || draft.Application.IsBeingWritten && draft.Call.IsOpen(clock.Now)
                ? Pages.Show<TaskListPage>(new { Draft = draft, clock.Now })
                : await ShowTimeline.Page(db, draft.Application, draft.Definition, asStaff: false, isWholePage: false, ct, draft.Organisation.MayCommit(caller.PersonId), ReopenApplication.IsPossible(draft, clock.Now));
        }

        if (await db.Applications.AnyAsync(found => found.Id == applicationId && found.State == ApplicationState.Draft
            && db.Memberships.Any(member => member.OrganisationId == found.OrganisationId && member.PersonId == caller.PersonId), ct))
        {
            return Pages.Problem(StatusCodes.Status409Conflict, page.Text<RegisterArrivalPage>("registered.beingTyped"));
        }

        return await StaffApplications.Of(db, applicationId, caller, StaffApplications.Followers, ct) is not null
            ? Results.LocalRedirect($"/applications/{applicationId}/timeline")
            : Pages.NotFound();
    }
}

using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Applications.Features.Withdrawing;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Timelines;

/// <summary>The timeline of an application: everybody's own view of it.</summary>
public static class ShowTimeline
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{applicationId:guid}/timeline", Handle).SignedIn("member of the organisation (applicant's view), or staff in scope");

    static async Task<IResult> Handle(Guid applicationId, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        // A member who is staff too sees the applicant's view of their own application: nobody learns their own outcome before the letter.
        if (await Drafts.Of(db, applicationId, caller, ct) is { } draft)
        {
            return draft.Application.State == ApplicationState.Draft
                ? Results.LocalRedirect($"/applications/{applicationId}")
                : await Page(db, draft.Application, draft.Definition, asStaff: false, isWholePage: true, ct);
        }

        return await StaffApplications.Of(db, applicationId, caller, StaffApplications.Followers, ct) is var (application, call)
            ? await Page(db, application, call.Definition, asStaff: true, isWholePage: true, ct)
            : Pages.NotFound();
    }

    /// <summary>The page of a submitted application.</summary>
    public static async Task<IResult> Page(ApplicationsDb db, Application application, CallDefinition call, bool asStaff, bool isWholePage, CancellationToken ct, bool mayCommit = false, bool mayReopen = false)
    {
        var all = await db.TimelineEntries.AsNoTracking().Where(entry => entry.ApplicationId == application.Id).ToListAsync(ct);
        var entries = asStaff ? Timeline.ForStaff(all) : Timeline.ForApplicant(all);
        return Pages.Show<TimelinePage>(new { Application = application, Definition = call, Entries = entries, AsStaff = asStaff, IsWholePage = isWholePage, MayWithdraw = mayCommit && WithdrawApplication.IsPossible(application, entries), MayReopen = mayReopen });
    }
}

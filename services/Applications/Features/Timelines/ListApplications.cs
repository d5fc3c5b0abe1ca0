using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Timelines;

/// <summary>The applications and organisations of the person who asks.</summary>
public static class ListApplications
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/applications", Handle).SignedIn("only applications of the caller's own organisations are listed");

    static async Task<IResult> Handle(Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        var organisations = await db.Organisations.AsNoTracking().Where(found => found.Members.Any(member => member.PersonId == caller.PersonId)).ToListAsync(ct);
        var ids = organisations.ConvertAll(organisation => organisation.Id);
        var applications = await db.Applications.AsNoTracking().Where(found => ids.Contains(found.OrganisationId)).OrderByDescending(found => found.CreatedAt).ToListAsync(ct);
        var applicationIds = applications.ConvertAll(application => application.Id);
        var entries = (await db.TimelineEntries.AsNoTracking().Where(entry => applicationIds.Contains(entry.ApplicationId)).ToListAsync(ct)).ToLookup(entry => entry.ApplicationId);
        var titles = await db.DraftFields.AsNoTracking().Where(field => applicationIds.Contains(field.ApplicationId) && field.Field == DraftForm.Title)
            .ToDictionaryAsync(field => field.ApplicationId, field => field.Value, ct);
        var calls = (await CallDefinitions.All(db, ct)).ToDictionary(call => call.Call.Id);
        return Pages.Show<ListApplicationsPage>(new
        {
            Organisations = organisations.OrderBy(organisation => organisation.Name, StringComparer.Ordinal).ToList(),
            Rows = applications.ConvertAll(application => new MyApplication(
                application, calls[application.CallId], application.State == ApplicationState.Draft ? titles.GetValueOrDefault(application.Id, "") : application.Title,
                application.State == ApplicationState.Draft ? Standing.Draft : Timeline.StandingOf(Timeline.ForApplicant(entries[application.Id])))),
            clock.Now,
        });
    }
}

/// <summary>An application in the list.</summary>
/// <param name="Application">The application.</param>
/// <param name="Call">Its call.</param>
/// <param name="Title">Title of the project; empty in a new draft.</param>
/// <param name="Standing">Where it stands for the applicant.</param>
public sealed record MyApplication(Application Application, CallNow Call, string Title, Standing Standing);

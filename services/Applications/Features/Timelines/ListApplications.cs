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
        var asked = await (
            from partner in db.Partners
            from found in db.Applications
            where partner.OrganisationId != null && ids.Contains(partner.OrganisationId.Value) && partner.State == PartnerState.Asked
                && (found.Id == partner.ApplicationId && found.State == ApplicationState.Draft || found.CopyId == partner.ApplicationId)
            select new AskedPartner(partner.OrganisationId!.Value, found.Id, partner.Id, found.OrganisationName, partner.Name)).ToListAsync(ct);
        return Pages.Show<ListApplicationsPage>(new
        {
            Organisations = organisations.OrderBy(organisation => organisation.Name, StringComparer.Ordinal).ToList(),
            Rows = applications.ConvertAll(application => new MyApplication(
                application, calls[application.CallId], application.State == ApplicationState.Draft ? titles.GetValueOrDefault(application.Id, "") : application.Title,
                application.State == ApplicationState.Draft ? Standing.Draft : Timeline.StandingOf(Timeline.ForApplicant(entries[application.Id])))),
            Asked = asked,
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

/// <summary>An organisation of the reader's is asked to take part in an application of another.</summary>
/// <param name="OrganisationId">Which of theirs.</param>
/// <param name="ApplicationId">The application.</param>
/// <param name="PartnerId">The partner it would be.</param>
/// <param name="Applicant">Name of who applies.</param>
/// <param name="Name">Name of the organisation that is asked.</param>
public sealed record AskedPartner(Guid OrganisationId, Guid ApplicationId, Guid PartnerId, string Applicant, string Name);

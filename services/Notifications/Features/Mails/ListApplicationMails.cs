using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Mails;

/// <summary>
/// GET /mails/applications/{applicationId}: what was mailed to the applicants about their application, and whether it went out, for staff in whose scope it is. Mails to
/// evaluators and officers are not among them: who evaluates is nobody's to read here.
/// </summary>
public static class ListApplicationMails
{
    public static readonly string[] Readers = [Role.ProgrammeOfficer, Role.Auditor];

    /// <summary>A mail, to whom, because of what.</summary>
    public sealed record Line(Mail Mail, InboxItem Item, string Name);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/mails/applications/{applicationId:guid}", Handle).ForRoles("applications in the scope of the role, and none of an organisation one acts for", Readers);

    static async Task<IResult> Handle(Guid applicationId, Caller caller, NotificationsDb db, CancellationToken ct)
    {
        if (await db.Applications.AsNoTracking().SingleOrDefaultAsync(found => found.Id == applicationId, ct) is not { OrganisationId: { } organisation } application)
            return Pages.NotFound();
        var call = await db.Calls.AsNoTracking().Where(version => version.CallId == application.CallId).OrderByDescending(version => version.Version).FirstOrDefaultAsync(ct);
        var country = await db.Organisations.Where(found => found.Id == organisation).Select(found => found.Country).FirstOrDefaultAsync(ct);
        if (!caller.Holds(new Place(call?.Programme ?? "", application.CallId, country), Readers)
            || await db.Memberships.AnyAsync(member => member.OrganisationId == organisation && member.PersonId == caller.PersonId, ct))
        {
            return Pages.NotFound();
        }

        Tracing.Mark(applicationId);
        var audience = Audience.Organisation(organisation);
        return Pages.Show<ListApplicationMailsPage>(new
        {
            Application = application,
            Lines = await OfAsync(db, item => item.ApplicationId == applicationId && item.Audience == audience, ct),
            Zone = call?.Read().TimeZone ?? PageContext.DefaultZone,
        });
    }

    /// <summary>Mails about some items, newest first.</summary>
    public static async Task<IReadOnlyList<Line>> OfAsync(NotificationsDb db, System.Linq.Expressions.Expression<Func<InboxItem, bool>> which, CancellationToken ct)
    {
        var rows = await (
            from mail in db.Mails.AsNoTracking()
            join item in db.Items.AsNoTracking().Where(which) on mail.ItemId equals item.Id
            join found in db.People.AsNoTracking() on mail.PersonId equals found.Id into people
            from person in people.DefaultIfEmpty()
            orderby mail.CreatedAt descending, mail.Id descending
            select new { mail, item, person }).ToListAsync(ct);
        return [.. rows.Select(row => new Line(row.mail, row.item, row.person?.Name ?? row.mail.Name))];
    }
}

using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Organisations;

/// <summary>Changes what an organisation says of itself. What was submitted keeps what it said then.</summary>
public static class EditOrganisation
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organisations/{organisationId:guid}/profile", Show).SignedIn("member of the organisation who may commit it");
        routes.MapPost("/organisations/{organisationId:guid}/profile", Handle).SignedIn("member of the organisation who may commit it");
    }

    static async Task<IResult> Show(Guid organisationId, Caller caller, ApplicationsDb db, CancellationToken ct) =>
        await Of(organisationId, caller, db, ct) is { } organisation
            ? Pages.Show<EditOrganisationPage>(new { Organisation = organisation, Details = OrganisationDetails.Of(organisation), organisation.Version })
            : Pages.NotFound();

    static async Task<IResult> Handle(Guid organisationId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Of(organisationId, caller, db, ct) is not { } organisation) return Pages.NotFound();
        var details = RegisterOrganisation.Read(form);
        // The second of two clicks, or nothing changed.
        if (details == OrganisationDetails.Of(organisation)) return Results.LocalRedirect($"/organisations/{organisationId}");
        var errors = RegisterOrganisation.Check(details, page);
        // Changed by somebody else since the page was opened: what they wrote must be seen first.
        var isOlder = form["version"] != organisation.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (isOlder) errors.Add("", page.Text<EditOrganisationPage>("profile.changed"));
        if (!errors.None) return Refuse(errors, isOlder ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity);

        var now = clock.Now;
        organisation.Change(details);
        db.Audit(now, caller.PersonId, "organisation.changed", organisationId);
        db.PublishChanged(organisation, now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            organisation = (await Of(organisationId, caller, db, ct))!;
            return Refuse(new FieldErrors().Add("", page.Text<EditOrganisationPage>("profile.changed")), StatusCodes.Status409Conflict);
        }

        return Results.LocalRedirect($"/organisations/{organisationId}");

        IResult Refuse(FieldErrors all, int status) => Pages.Show<EditOrganisationPage>(new { Organisation = organisation, Details = details, organisation.Version, Errors = all }, status);
    }

    static async Task<Organisation?> Of(Guid id, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        var organisation = await db.Organisations.Include(found => found.Members).SingleOrDefaultAsync(found => found.Id == id, ct);
        return organisation?.MayCommit(caller.PersonId) == true ? organisation : null;
    }
}

using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>Starts an application of an organisation to a call, or goes on with the one it has.</summary>
public static class StartApplication
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/apply/{callId:guid}", Show).SignedIn("anybody; only the caller's own organisations are offered");
        routes.MapPost("/apply/{callId:guid}", Handle).SignedIn("member of the organisation");
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct) =>
        await CallDefinitions.Newest(db, callId, ct) is { } call ? await Page(call, caller, db, clock.Now, null, ct) : Pages.NotFound();

    static async Task<IResult> Handle(Guid callId, PostedForm form, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call) return Pages.NotFound();
        var now = clock.Now;
        if (!Guid.TryParse(form["organisation"], out var organisationId))
            return await Page(call, caller, db, now, new FieldErrors().Add("organisation", page.Text<StartApplicationPage>("start.choose")), ct);
        var organisation = await db.Organisations.Include(found => found.Members).SingleOrDefaultAsync(found => found.Id == organisationId, ct);
        if (organisation is null || !organisation.HasMember(caller.PersonId)) return Pages.NotFound();
        if (await Existing(db, callId, organisationId, ct) is { } begun) return Results.LocalRedirect($"/applications/{begun}");
        if (!call.Call.IsOpen(now)) return await Page(call, caller, db, now, null, ct);
        if (!call.Definition.Countries.Contains(organisation.Country))
            return await Page(call, caller, db, now, new FieldErrors().Add("organisation", page.Text<StartApplicationPage>("start.country")), ct);

        var id = Guid.CreateVersion7();
        using var span = Tracing.Start("application begin", id);
        db.Add(Application.Begin(id, callId, call.Version.Number, organisation, caller.PersonId, now));
        db.Audit(now, caller.PersonId, "application.begun", id);
        try
        {
            await db.SaveChangesAsync(ct);
            return Results.LocalRedirect($"/applications/{id}");
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A colleague, or a second click, was first: everybody goes on with that draft.
            return Results.LocalRedirect($"/applications/{await Existing(db, callId, organisationId, ct)}");
        }
    }

    static async Task<Guid?> Existing(ApplicationsDb db, Guid callId, Guid organisationId, CancellationToken ct) =>
        await db.Applications.AsNoTracking().Where(found => found.CallId == callId && found.OrganisationId == organisationId).Select(found => (Guid?)found.Id).SingleOrDefaultAsync(ct);

    static async Task<IResult> Page(CallNow call, Caller caller, ApplicationsDb db, DateTimeOffset now, FieldErrors? errors, CancellationToken ct)
    {
        var mine = await db.Organisations.AsNoTracking().Where(found => found.Members.Any(member => member.PersonId == caller.PersonId)).ToListAsync(ct);
        var ids = mine.ConvertAll(organisation => organisation.Id);
        var begun = await db.Applications.AsNoTracking().Where(found => found.CallId == call.Call.Id && ids.Contains(found.OrganisationId))
            .ToDictionaryAsync(found => found.OrganisationId, found => found.Id, ct);
        return Pages.Show<StartApplicationPage>(
            new { Found = call, Organisations = mine.OrderBy(organisation => organisation.Name, StringComparer.Ordinal).ToList(), Begun = begun, Now = now, Errors = errors },
            errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

using Grants.Applications;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Calls.Editing;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.AllInOne.DryRun;

/// <summary>
/// Shows an officer what a call will do before anybody applies: one invented grant from the draft to its end. It needs the rules of all services, so it is
/// answered where they are together; apart, Applications owns the paths and finds nothing there.
/// </summary>
public static class TryCall
{
    /// <summary>Maps the pages.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(TryLink.Published, Show).ForRoles("the call is in the scope of the role", Role.ProgrammeOfficer);
        routes.MapGet(TryLink.Draft, ShowDraft).ForRoles("the draft's programme is in the scope of the role", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call) return Pages.NotFound();
        var countries = call.Definition.Countries.Count > 0 ? call.Definition.Countries : [""];
        if (!countries.Any(country => caller.Holds(new Place(call.Definition.Programme, callId, country), Role.ProgrammeOfficer))) return Pages.NotFound();
        return Page(call.Definition, call.Version.Number, call.Version.PublishedAt);
    }

    static async Task<IResult> ShowDraft(Guid callId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        var draft = await db.CallDrafts.AsNoTracking().SingleOrDefaultAsync(found => found.CallId == callId, ct);
        if (draft is null || !caller.Holds(new Place(draft.Programme, callId), Role.ProgrammeOfficer)) return Pages.NotFound();
        // What cannot be read at all is shown, with its lines, where it is written.
        return Definitions.Check(draft.Text).Definition is { } definition ? Page(definition, null, clock.Now) : Results.LocalRedirect($"/desk/calls/{callId}/draft");
    }

    static IResult Page(CallDefinition definition, int? version, DateTimeOffset published)
    {
        // A version that comes late, to mend something, is tried as if it had been there when the call opened.
        var opens = Dates.TryInstant(definition.OpensAt, definition.TimeZone, out var instant, out _) ? instant : published;
        return Pages.Show<TryCallPage>(new { Definition = definition, Version = version, Result = DryRun.Of(definition, published < opens ? published : opens) });
    }
}

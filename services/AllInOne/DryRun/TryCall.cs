using Grants.Applications;
using Grants.Applications.Features.Calls;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.AllInOne.DryRun;

/// <summary>
/// Shows an officer what a call will do before anybody applies: one invented grant from the draft to its end. It needs the rules of all services, so it is
/// answered where they are together; apart, Applications owns the path and finds nothing there.
/// </summary>
public static class TryCall
{
    /// <summary>Maps the page.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/calls/{callId:guid}/try", Show).ForRoles("the call is in the scope of the role", Role.ProgrammeOfficer);

    static async Task<IResult> Show(Guid callId, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call) return Pages.NotFound();
        var countries = call.Definition.Countries.Count > 0 ? call.Definition.Countries : [""];
        if (!countries.Any(country => caller.Holds(new Place(call.Definition.Programme, callId, country), Role.ProgrammeOfficer))) return Pages.NotFound();
        // A version that was published late, to mend something, is tried as if it had been there when the call opened.
        var opens = Dates.TryInstant(call.Definition.OpensAt, call.Definition.TimeZone, out var instant, out _) ? instant : call.Version.PublishedAt;
        var from = call.Version.PublishedAt < opens ? call.Version.PublishedAt : opens;
        return Pages.Show<TryCallPage>(new { call.Definition, Version = call.Version.Number, Result = DryRun.Of(call.Definition, from) });
    }
}

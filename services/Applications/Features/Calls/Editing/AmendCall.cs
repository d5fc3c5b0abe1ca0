using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Begins the next version of a published call, or goes on with the one that was begun.</summary>
public static class AmendCall
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/desk/calls/{callId:guid}/amendment", Handle).ForRoles("the call is in the scope of the role", DraftAccess.Writers);

    static async Task<IResult> Handle(Guid callId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await DraftAccess.Published(db, callId, caller, DraftAccess.Writers, ct) is not { } call) return Pages.NotFound();
        // A draft of somebody else, or a second click: everybody goes on with that one.
        if (await DraftAccess.Draft(db, callId, caller, DraftAccess.Writers, ct) is null)
            await CallDrafts.Begin(db, callId, call.Definition.Programme, DraftText.Write(call.Definition), call, caller, clock.Now, ct);
        return Results.LocalRedirect($"/desk/calls/{callId}/draft");
    }
}

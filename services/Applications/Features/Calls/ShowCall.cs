using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls;

/// <summary>The public page of a call.</summary>
public static class ShowCall
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/calls/{callId:guid}", Handle).Public();

    static async Task<IResult> Handle(Guid callId, ApplicationsDb db, AppTime clock, CancellationToken ct) =>
        await CallDefinitions.Newest(db, callId, ct) is { } found ? Pages.Show<ShowCallPage>(new { Found = found, clock.Now }) : Pages.NotFound();
}

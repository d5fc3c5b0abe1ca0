using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls;

/// <summary>The public list of calls.</summary>
public static class ListCalls
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Handle).Public();
        routes.MapGet("/calls", Handle).Public();
    }

    static async Task<IResult> Handle(ApplicationsDb db, AppTime clock, CancellationToken ct) =>
        Pages.Show<ListCallsPage>(new { Calls = await CallDefinitions.All(db, ct), clock.Now });
}

using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls;

/// <summary>The public list of calls, and the search in it.</summary>
public static class ListCalls
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Handle).Public();
        routes.MapGet("/calls", Handle).Public();
    }

    static async Task<IResult> Handle(HttpRequest request, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        var (all, now, filter) = (await CallDefinitions.All(db, ct), clock.Now, CallFilter.Of(request));
        var problems = filter.Problems(all, page);
        return Pages.Show<ListCallsPage>(
            new { Calls = all, Found = all.Where(call => filter.Takes(call, now, problems)).ToList(), Filter = filter, Errors = problems, Now = now },
            problems.None ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

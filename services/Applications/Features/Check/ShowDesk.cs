using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>The calls in the caller's scope, and what waits in each.</summary>
public static class ShowDesk
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/desk", Handle).ForRoles("only calls in scope are listed", StaffApplications.Readers);

    static async Task<IResult> Handle(Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct) =>
        Pages.Show<DeskPage>(new { Rows = await Rows(db, caller, ct), clock.Now });

    /// <summary>The calls in the caller's scope, those that close last first.</summary>
    public static async Task<IReadOnlyList<DeskRow>> Rows(ApplicationsDb db, Caller caller, CancellationToken ct)
    {
        var rows = new List<DeskRow>();
        foreach (var call in await CallDefinitions.All(db, ct))
        {
            var scope = DeskScope.Of(caller, call);
            if (!scope.Any) continue;
            var counts = await DeskQueries.InScope(db, call.Call.Id, scope).GroupBy(found => found.State).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(ct);
            rows.Add(new DeskRow(call, counts.Sum(count => count.Count), counts.Where(count => count.Key == ApplicationState.Submitted).Sum(count => count.Count)));
        }

        return [.. rows.OrderByDescending(row => row.Call.Call.ClosesAt)];
    }
}

/// <summary>A call on the desk.</summary>
/// <param name="Call">The call.</param>
/// <param name="Received">Applications received.</param>
/// <param name="ToCheck">Of them waiting for the check.</param>
public sealed record DeskRow(CallNow Call, int Received, int ToCheck);

/// <summary>Queries of the desk.</summary>
static class DeskQueries
{
    /// <summary>Submitted applications of a call that are in scope.</summary>
    public static IQueryable<Application> InScope(ApplicationsDb db, Guid callId, DeskScope scope)
    {
        var applications = db.Applications.AsNoTracking().Where(found => found.CallId == callId && found.State != ApplicationState.Draft);
        return scope.All ? applications : applications.Where(found => scope.Countries.Contains(found.Country));
    }
}

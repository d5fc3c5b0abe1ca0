using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>The applications of a call.</summary>
public static class ShowCallDesk
{
    /// <summary>Rows on one page.</summary>
    public const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/desk/calls/{callId:guid}", Handle).ForRoles("the call is in the scope of the role", StaffApplications.Readers);

    static async Task<IResult> Handle(Guid callId, string? after, HttpRequest request, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call || DeskScope.Of(caller, call) is not { Any: true } scope) return Pages.NotFound();
        return await Page(db, call, scope, DeskView.Of(request), after, clock.Now, null, StatusCodes.Status200OK, ct);
    }

    /// <summary>The page, with what is wrong when nothing could be done with the chosen rows.</summary>
    public static async Task<IResult> Page(
        ApplicationsDb db, CallNow call, DeskScope scope, DeskView view, string? after, DateTimeOffset now, FieldErrors? errors, int status, CancellationToken ct)
    {
        var callId = call.Call.Id;
        var counts = await DeskQueries.InScope(db, callId, scope).GroupBy(found => found.State).Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        var (rows, total) = await DeskList.Read(db, call, scope, view, after, PageSize + 1, ct);
        var refused = db.RefusedAttempts.AsNoTracking().Where(attempt => attempt.CallId == callId);
        if (!scope.All) refused = refused.Where(attempt => scope.Countries.Contains(attempt.Country));
        return Pages.Show<CallDeskPage>(
            new
            {
                Found = call,
                Counts = counts,
                View = view,
                Rows = rows.Take(PageSize).ToList(),
                Total = total,
                HasMore = rows.Count > PageSize,
                IsFirst = string.IsNullOrEmpty(after),
                Refused = await refused.OrderByDescending(attempt => attempt.At).Take(PageSize).ToListAsync(ct),
                Typing = await db.RegisteredArrivals.AsNoTracking()
                    .Where(arrival => arrival.CallId == callId && db.Applications.Any(found => found.Id == arrival.ApplicationId && found.State == ApplicationState.Draft))
                    .OrderBy(arrival => arrival.RegisteredAt).ToListAsync(ct),
                Now = now,
                Errors = errors,
            },
            status);
    }
}

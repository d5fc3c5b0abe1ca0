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

    static async Task<IResult> Handle(Guid callId, string? state, string? after, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call || DeskScope.Of(caller, call) is not { Any: true } scope) return Pages.NotFound();
        var all = DeskQueries.InScope(db, callId, scope);
        var counts = await all.GroupBy(found => found.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        var filter = Enum.TryParse<ApplicationState>(state, out var wanted) && Enum.IsDefined(wanted) && wanted != ApplicationState.Draft ? wanted : (ApplicationState?)null;
        if (filter is { } only) all = all.Where(found => found.State == only);
#pragma warning disable CA1309 // Translated to the database's comparison; references are ASCII.
        if (!string.IsNullOrEmpty(after)) all = all.Where(found => string.Compare(found.Reference, after) > 0);
#pragma warning restore CA1309
        var rows = await all.OrderBy(found => found.Reference).Take(PageSize + 1).ToListAsync(ct);
        var refused = db.RefusedAttempts.AsNoTracking().Where(attempt => attempt.CallId == callId);
        if (!scope.All) refused = refused.Where(attempt => scope.Countries.Contains(attempt.Country));
        return Pages.Show<CallDeskPage>(new
        {
            Found = call,
            Counts = counts,
            Filter = filter,
            Rows = rows.Take(PageSize).ToList(),
            HasMore = rows.Count > PageSize,
            IsFirst = string.IsNullOrEmpty(after),
            Refused = await refused.OrderByDescending(attempt => attempt.At).Take(PageSize).ToListAsync(ct),
            clock.Now,
        });
    }
}

using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Features.Conflicts;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Ranking;

/// <summary>The calls whose ranking the reader may see, and the ranking of one: order by score, running sum, the line where the money ends.</summary>
public static class ShowRanking
{
    /// <summary>A call in the list.</summary>
    public sealed record Line(CallDefinition Definition, bool Closed, int Applications);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ranking", List).ForRoles("calls in scope", RankingView.Readers);
        routes.MapGet("/ranking/{callId:guid}", Show).ForRoles("call in scope; applications the reader is tied to are left out", RankingView.Readers);
    }

    static async Task<IResult> List(Caller caller, ReviewsDb db, CancellationToken ct)
    {
        var lines = new List<Line>();
        foreach (var call in await db.Calls.AsNoTracking().Where(call => call.NewestVersion > 0).ToListAsync(ct))
        {
            var definition = (await Definitions.FindAsync(db, call.Id, call.NewestVersion, ct))!.Value.Definition;
            if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, call.Id, country), RankingView.Readers))) continue;
            lines.Add(new Line(definition, call.ClosedAt is not null, await db.Cases.CountAsync(one => one.CallId == call.Id, ct)));
        }

        return Pages.Show<RankingCallsPage>(new { Lines = lines.OrderByDescending(line => line.Definition.ClosesAt, StringComparer.Ordinal).ToList() });
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await RankingView.LoadAsync(db, callId, caller, ct) is not { } view ? Pages.NotFound()
            : view.Undeclared ? DeclareConflicts.First(callId, $"/ranking/{callId}")
            : Pages.Show<RankingPage>(new { View = view });
}

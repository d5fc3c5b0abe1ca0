using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Decide;
using Grants.Reviews.Features.Ranking;

namespace Grants.Reviews.Features.Reserve;

/// <summary>
/// The reserve list of a call. It moves up by itself when an award lapses; where money became free otherwise, such as by a larger budget, the decision-maker
/// moves it up, in its order and by the same rules.
/// </summary>
public static class ShowReserve
{
    const string Path = "/ranking/{callId:guid}/reserve";

    /// <summary>An application on the list.</summary>
    /// <param name="File">The application.</param>
    /// <param name="Reserved">The decision that put it there.</param>
    /// <param name="AwardableMinor">What may be awarded to it now; 0 when nothing may.</param>
    public sealed record Line(CaseFile File, Decision Reserved, long AwardableMinor);

    /// <summary>What the page shows.</summary>
    public sealed record View(CallDefinition Call, IReadOnlyList<Line> Lines, bool MayMoveUp);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).ForRoles("call in scope; applications the reader is tied to are left out", RankingView.Readers);
        routes.MapPost(Path, Handle).ForRoles("call in scope, tied to none of the applications on the list and recommended none", Role.DecisionMaker);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, callId, caller, ct) is { } view ? Pages.Show<ReservePage>(new { View = view }) : Pages.NotFound();

    static async Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await Deciding.HoldLotsAsync(db, callId, ct);
        if (await LoadAsync(db, callId, caller, ct) is not { } view) return Pages.NotFound();
        if (!view.MayMoveUp) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<ReservePage>("reserve.notYou"));
        await ReserveList.MoveUpAsync(db, callId, null, CaseActor.DecisionMaker, caller.PersonId, clock.Now, ct);
        await transaction.CommitAsync(ct);
        return Results.Redirect($"/ranking/{callId}/reserve");
    }

    static async Task<View?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await db.Calls.FindAsync([callId], ct) is not { NewestVersion: > 0 } call) return null;
        var definition = (await Definitions.FindAsync(db, callId, call.NewestVersion, ct))!.Value.Definition;
        if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, callId, country), RankingView.Readers))) return null;

        var (lines, mayMoveUp) = (new List<Line>(), true);
        foreach (var line in await ReserveList.LinesAsync(db, callId, ct))
        {
            // The order is the list's: who may not decide on one of them cannot move up those behind it either.
            mayMoveUp &= line.File.Open(caller, Role.DecisionMaker) && !(await Deciding.RecommendersAsync(db, line.File.Case.ApplicationId, ct)).Contains(caller.PersonId);
            if (line.File.Open(caller, RankingView.Readers)) lines.Add(new Line(line.File, line.Reserved, await ReserveList.AwardableAsync(db, line.File, line.Reserved, ct)));
        }

        return new View(definition, lines, mayMoveUp);
    }
}

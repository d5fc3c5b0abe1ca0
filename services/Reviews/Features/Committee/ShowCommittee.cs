using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Features.Conflicts;
using Grants.Reviews.Features.Ranking;

namespace Grants.Reviews.Features.Committee;

/// <summary>The committee of a call: its meetings, who takes no part in which application, and what can be recorded next.</summary>
public static class ShowCommittee
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/ranking/{callId:guid}/committee", Show).ForRoles("call in scope; applications the reader is tied to are left out", RankingView.Readers);

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view ? Pages.NotFound()
            : view.Ranking.Undeclared ? DeclareConflicts.First(callId, $"/ranking/{callId}/committee")
            : Pages.Show<CommitteePage>(new { View = view });
}

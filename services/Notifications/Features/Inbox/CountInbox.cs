using Grants.Platform.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grants.Notifications.Features.Inbox;

/// <summary>GET /inbox/count: the number the frame shows beside the inbox.</summary>
public static class CountInbox
{
    /// <summary>The answer.</summary>
    /// <param name="Count">Open tasks and unread notices.</param>
    public sealed record Answer(int Count);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/inbox/count", Handle).SignedIn("counts only what is for the reader");

    static async Task<Ok<Answer>> Handle(Caller caller, NotificationsDb db, HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Answer(await InboxOf.CountAsync(db, caller, ct)));
    }
}

using Grants.Accounts.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Profile;

/// <summary>Ending one of the own sessions, such as that of a lost telephone.</summary>
static class OwnSessions
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/account/sessions/{sessionId:guid}/end", Handle).SignedIn("own session");

    static async Task<IResult> Handle(Guid sessionId, Caller caller, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        if (await db.Sessions.FirstOrDefaultAsync(session => session.Id == sessionId && session.PersonId == caller.PersonId, ct) is not Session found) return Pages.NotFound();
        found.EndedAt ??= clock.Now;
        db.Audit(clock.Now, caller.PersonId, "session.ended", found.Id);
        await db.SaveChangesAsync(ct);
        return Results.LocalRedirect("/account?saved=session");
    }
}

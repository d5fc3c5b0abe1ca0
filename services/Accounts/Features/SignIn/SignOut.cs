using Grants.Platform.Http;

namespace Grants.Accounts.Features.SignIn;

/// <summary>Signing out of this browser.</summary>
static class SignOut
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/account/sign-out", Handle).Public();

    static async Task<IResult> Handle(HttpContext http, AccountsDb db, Sessions sessions, CancellationToken ct)
    {
        await sessions.EndAsync(http, ct);
        await db.SaveChangesAsync(ct);
        http.Response.Headers["Clear-Site-Data"] = "\"cache\"";
        return Results.LocalRedirect("/");
    }
}

using Grants.Accounts.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Accounts.Features.SignIn;

/// <summary>Signing in with address and password; a form that was posted without a session goes on from here.</summary>
static class SignIn
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account/sign-in", Show).Public();
        // Larger than other forms: it may carry one.
        routes.MapPost("/account/sign-in", Handle).Public().TakesUpload(CarriedForm.MaxBytes);
    }

    static IResult Show(HttpRequest request, Caller caller, DemoMode demo)
    {
        var path = After(request.Query["return"]);
        return caller.IsSignedIn ? Results.LocalRedirect(path) : Pages.Show<SignInPage>(new { Return = path, Demo = demo.IsOn });
    }

    static async Task<IResult> Handle(
        PostedForm form, HttpContext http, AccountsDb db, Passwords passwords, Sessions sessions, AppTime clock, DemoMode demo, CancellationToken ct)
    {
        var carried = CarriedForm.From(await http.Request.ReadFormAsync(ct));
        var path = After(form["return"]);
        if (await passwords.TryAsync(db, form["email"], form.Raw("password"), clock.Now, ct) is not { } person)
        {
            // Only now, since a page shown after a sign-in is the signed-in person's.
            var page = http.RequestServices.GetRequiredService<PageContext>();
            var errors = new FieldErrors().Add("email", page.Text<SignInPage>("signIn.refused", Person.AttemptsAllowed, (int)Person.LockedFor.TotalMinutes));
            return Pages.Show<SignInPage>(new { Email = form["email"], Return = path, Carried = carried, Errors = errors, Demo = demo.IsOn }, StatusCodes.Status422UnprocessableEntity);
        }

        await sessions.StartAsync(http, person, ct);
        await db.SaveChangesAsync(ct);
        return carried is null ? Results.LocalRedirect(path) : Pages.Show<ContinuePage>(new { Carried = carried });
    }

    /// <summary>Where to go after a sign-in: a local path, by default the own tasks, never the sign-in itself.</summary>
    public static string After(string? path)
    {
        var local = Pages.LocalPath(path);
        return local == "/" && string.IsNullOrEmpty(path) || local.StartsWith("/account/sign-in", StringComparison.OrdinalIgnoreCase) ? "/inbox" : local;
    }
}

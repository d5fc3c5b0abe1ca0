using Grants.Accounts.Features.Register;
using Grants.Accounts.Features.SignIn;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Profile;

/// <summary>A new password, for whoever knows the present one. All other browsers are signed out.</summary>
static class OwnPassword
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/account/password", Handle).SignedIn("own account");

    static async Task<IResult> Handle(
        PostedForm form, HttpContext http, Caller caller, PageContext page, AccountsDb db, Passwords passwords, Sessions sessions, AppTime clock, CancellationToken ct)
    {
        var email = await db.People.Where(found => found.Id == caller.PersonId).Select(found => found.Email).FirstAsync(ct);
        var errors = new FieldErrors();
        PersonFields.CheckPassword(errors, page, form.Raw("password"), caller.Name, email!);
        // The same counted attempts as at the sign-in: an open browser is no way around the lock.
        var person = errors.None ? await passwords.TryAsync(db, email!, form.Raw("current-password"), clock.Now, ct) : null;
        if (errors.None && person is null) errors.Add("current-password", page.Text<OwnProfilePage>("password.wrong"));
        if (person is null) return await OwnProfile.PageAsync(http.Request, caller, db, sessions, clock, ct, errors: errors);

        person.PasswordHash = passwords.Hash(form.Raw("password"));
        person.ConcurrencyStamp = Guid.NewGuid().ToString("N");
        db.Audit(clock.Now, caller.PersonId, "password.changed", person.Id);
        await sessions.EndAllAsync(person.Id, null, ct);
        await sessions.StartAsync(http, person, ct);
        await db.SaveChangesAsync(ct);
        return Results.LocalRedirect("/account?saved=password");
    }
}

using Grants.Accounts.Domain;
using Grants.Accounts.Features.Register;
using Grants.Accounts.Features.SignIn;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Profile;

/// <summary>The own account: name, language, password, sessions.</summary>
static class OwnProfile
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account", Show).SignedIn("own account");
        routes.MapPost("/account/profile", Handle).SignedIn("own account");
    }

    static async Task<IResult> Show(HttpRequest request, Caller caller, AccountsDb db, Sessions sessions, AppTime clock, CancellationToken ct) =>
        await PageAsync(request, caller, db, sessions, clock, ct);

    static async Task<IResult> Handle(PostedForm form, HttpRequest request, Caller caller, PageContext page, AccountsDb db, Sessions sessions, AppTime clock, CancellationToken ct)
    {
        var person = await db.People.FirstAsync(found => found.Id == caller.PersonId, ct);
        var errors = new FieldErrors();
        PersonFields.CheckName(errors, page, form["name"]);
        var language = PersonFields.CheckLanguage(errors, page, form["language"]);
        if (!errors.None) return await PageAsync(request, caller, db, sessions, clock, ct, form["name"], language, errors);
        if (person.Name != form["name"] || person.Language != language)
        {
            person.Name = form["name"];
            person.Language = language;
            db.Audit(clock.Now, caller.PersonId, "profile.changed", person.Id);
            db.PublishChanged(person, clock.Now);
            await db.SaveChangesAsync(ct);
        }

        // The cookie of an earlier choice would win over the profile.
        request.HttpContext.Response.Cookies.Delete(PageContext.LanguageCookie);
        return Results.LocalRedirect("/account?saved=profile");
    }

    /// <summary>The page with what was typed, when something was wrong with it.</summary>
    public static async Task<IResult> PageAsync(
        HttpRequest request, Caller caller, AccountsDb db, Sessions sessions, AppTime clock, CancellationToken ct, string? name = null, string? language = null, FieldErrors? errors = null)
    {
        var now = clock.Now;
        // A token can outlive its person only in a restored database.
        if (await db.People.AsNoTracking().FirstOrDefaultAsync(found => found.Id == caller.PersonId, ct) is not { } person) return Pages.NotFound();
        var alive = await db.Sessions.AsNoTracking().Where(session => session.PersonId == person.Id && session.EndedAt == null && session.EndsAt > now)
            .OrderByDescending(session => session.LastUsedAt).Take(50).ToListAsync(ct);
        return Pages.Show<OwnProfilePage>(
            new
            {
                Name = name ?? person.Name,
                Email = person.Email!,
                Language = language ?? person.Language,
                HasPassword = person.PasswordHash is not null,
                Roles = caller.Roles,
                Sessions = (IReadOnlyList<Session>)alive,
                Current = await sessions.CurrentAsync(request, ct),
                Saved = request.Query["saved"].ToString(),
                Errors = errors,
            },
            errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

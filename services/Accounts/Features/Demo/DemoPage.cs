using Grants.Accounts.Domain;
using Grants.Accounts.Features.SignIn;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Demo;

/// <summary>The demonstration's door: sign in as anybody, and move the clock. Outside a demonstration none of this exists.</summary>
static class DemoPage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account/demo", Show).Public();
        routes.MapPost("/account/demo/sign-in", SignIn).Public();
        routes.MapPost("/account/demo/clock", MoveClock).Public();
    }

    static async Task<IResult> Show(HttpRequest request, DemoMode demo, AccountsDb db, AppTime clock, CancellationToken ct) =>
        demo.IsOn ? await PageAsync(db, clock, ct, moved: request.Query["moved"] == "yes") : Pages.NotFound();

    static async Task<IResult> SignIn(PostedForm form, HttpContext http, DemoMode demo, AccountsDb db, Sessions sessions, CancellationToken ct)
    {
        if (!demo.IsOn || !Guid.TryParse(form["person"], out var id)) return Pages.NotFound();
        if (await db.People.FirstOrDefaultAsync(found => found.Id == id && found.Active, ct) is not { } person) return Pages.NotFound();
        await sessions.StartAsync(http, person, ct);
        await db.SaveChangesAsync(ct);
        return Results.LocalRedirect("/inbox");
    }

    static async Task<IResult> MoveClock(PostedForm form, DemoMode demo, PageContext page, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        if (!demo.IsOn || !clock.CanMove) return Pages.NotFound();
        if (int.TryParse(form["days"], out var days) && days is > 0 and <= 3650)
        {
            clock.MoveTo(clock.Now.AddDays(days));
        }
        else if (Dates.TryInstant(form["to"], PageContext.DefaultZone, out var instant, out _))
        {
            clock.MoveTo(instant);
        }
        else
        {
            return await PageAsync(db, clock, ct, typed: form["to"], errors: new FieldErrors().Add("to", page.Text<DemoSignInPage>("clock.wrong")));
        }

        return Results.LocalRedirect("/account/demo?moved=yes");
    }

    static async Task<IResult> PageAsync(AccountsDb db, AppTime clock, CancellationToken ct, bool moved = false, string? typed = null, FieldErrors? errors = null)
    {
        var people = await db.People.AsNoTracking().Where(person => person.Active).OrderBy(person => person.Name).Take(200).ToListAsync(ct);
        var roles = (await db.RoleGrants.AsNoTracking().Where(grant => grant.RevokedAt == null).ToListAsync(ct)).ToLookup(grant => grant.PersonId, grant => new HeldRole(grant.Role, grant.Scope));
        // Somebody with several roles stands under the first of them.
        var groups = people.GroupBy(person => Role.All.FirstOrDefault(role => roles[person.Id].Any(held => held.Role == role)) ?? "applicant")
            .OrderBy(group => group.Key == "applicant" ? -1 : Role.All.ToList().IndexOf(group.Key))
            .Select(group => new DemoGroup(group.Key, [.. group.Select(person => new DemoPerson(person.Id, person.Name, person.Language, [.. roles[person.Id]]))])).ToList();
        return Pages.Show<DemoSignInPage>(
            new { Groups = (IReadOnlyList<DemoGroup>)groups, Now = clock.Now, CanMove = clock.CanMove, Moved = moved, Typed = typed, Errors = errors },
            errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <summary>People of one role.</summary>
public sealed record DemoGroup(string Role, IReadOnlyList<DemoPerson> People);

/// <summary>Somebody to sign in as.</summary>
public sealed record DemoPerson(Guid Id, string Name, string Language, IReadOnlyList<HeldRole> Roles);

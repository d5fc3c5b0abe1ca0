using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>Giving somebody a role, in a scope, with a reason.</summary>
static class GrantRole
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/people/{personId:guid}/roles", Handle).ForRoles("administrator everywhere", Role.Administrator);

    static async Task<IResult> Handle(Guid personId, PostedForm form, Caller caller, PageContext page, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        if (!Administrators.IsOne(caller) || await db.People.FirstOrDefaultAsync(found => found.Id == personId && found.Active, ct) is not { } person) return Pages.NotFound();
        var typed = RoleInput.From(form);
        var errors = new FieldErrors();
        if (typed.Check(errors, page) is not { } scope) return await ShowPerson.PageAsync(personId, caller, db, ct, typed, errors);
        if (await db.RoleGrants.AnyAsync(grant => grant.PersonId == personId && grant.Role == typed.Role && grant.Scope == scope && grant.RevokedAt == null, ct))
            return Results.LocalRedirect($"/people/{personId}?saved=role"); // a double click
        db.Grant(person, typed.Role, scope, caller.PersonId, typed.Reason, clock.Now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The same click, a moment earlier.
        }

        return Results.LocalRedirect($"/people/{personId}?saved=role");
    }
}

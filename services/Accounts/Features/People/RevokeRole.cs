using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>Taking a role back, with a reason. Nobody takes the administrator's role from themselves, so that one is always left.</summary>
static class RevokeRole
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/people/{personId:guid}/roles/{grantId:guid}/revoke", Handle).ForRoles("administrator everywhere", Role.Administrator);

    static async Task<IResult> Handle(Guid personId, Guid grantId, PostedForm form, Caller caller, PageContext page, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        if (!Administrators.IsOne(caller)) return Pages.NotFound();
        var person = await db.People.FirstOrDefaultAsync(found => found.Id == personId, ct);
        var grant = await db.RoleGrants.FirstOrDefaultAsync(found => found.Id == grantId && found.PersonId == personId, ct);
        if (person is null || grant is null) return Pages.NotFound();
        if (person.Id == caller.PersonId && grant.Role == Role.Administrator) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<ShowPersonPage>("person.notYourself"));
        if (!grant.Holds) return Results.LocalRedirect($"/people/{personId}?saved=revoked"); // a double click
        var reason = form[$"reason-{grantId}"];
        if (reason.Length is 0 or > RoleInput.ReasonLength)
        {
            var errors = new FieldErrors().Add($"reason-{grantId}", page.Text<RoleFields>(reason == "" ? "reason.missing" : "reason.tooLong", RoleInput.ReasonLength));
            return await ShowPerson.PageAsync(personId, caller, db, ct, errors: errors);
        }

        db.Revoke(person, grant, caller.PersonId, reason, clock.Now);
        await db.SaveChangesAsync(ct);
        return Results.LocalRedirect($"/people/{personId}?saved=revoked");
    }
}

using Grants.Accounts.Features.SignIn;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>Closing somebody's account, and opening it again. What the person did stays; roles stay for the day it is opened again.</summary>
static class CloseAccount
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/people/{personId:guid}/close", Close).ForRoles("administrator everywhere", Role.Administrator);
        routes.MapPost("/people/{personId:guid}/open", Open).ForRoles("administrator everywhere", Role.Administrator);
    }

    static Task<IResult> Close(Guid personId, PostedForm form, Caller caller, PageContext page, AccountsDb db, Sessions sessions, AppTime clock, CancellationToken ct) =>
        SetAsync(personId, false, form, caller, page, db, sessions, clock, ct);

    static Task<IResult> Open(Guid personId, PostedForm form, Caller caller, PageContext page, AccountsDb db, Sessions sessions, AppTime clock, CancellationToken ct) =>
        SetAsync(personId, true, form, caller, page, db, sessions, clock, ct);

    static async Task<IResult> SetAsync(
        Guid personId, bool active, PostedForm form, Caller caller, PageContext page, AccountsDb db, Sessions sessions, AppTime clock, CancellationToken ct)
    {
        if (!Administrators.IsOne(caller) || personId == caller.PersonId || await db.People.FirstOrDefaultAsync(found => found.Id == personId, ct) is not { } person) return Pages.NotFound();
        var reason = form["account-reason"];
        if (reason.Length is 0 or > RoleInput.ReasonLength)
        {
            var errors = new FieldErrors().Add("account-reason", page.Text<RoleFields>(reason == "" ? "reason.missing" : "reason.tooLong", RoleInput.ReasonLength));
            return await ShowPerson.PageAsync(personId, caller, db, ct, errors: errors);
        }

        if (person.Active != active)
        {
            person.Active = active;
            if (!active) await sessions.EndAllAsync(personId, null, ct);
            db.Audit(clock.Now, caller.PersonId, active ? "person.opened" : "person.closed", personId, reason);
            db.PublishChanged(person, clock.Now);
            await db.SaveChangesAsync(ct);
        }

        return Results.LocalRedirect($"/people/{personId}?saved={(active ? "opened" : "closed")}");
    }
}

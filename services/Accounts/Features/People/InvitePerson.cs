using Grants.Accounts.Domain;
using Grants.Accounts.Features.Register;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>Inviting somebody by e-mail, with the first role. They exist from now on, so that work can be given to them before they sign in.</summary>
static class InvitePerson
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/invite", Show).ForRoles("administrator everywhere", Role.Administrator);
        routes.MapPost("/people/invite", Handle).ForRoles("administrator everywhere", Role.Administrator);
    }

    static IResult Show(Caller caller, PageContext page) =>
        Administrators.IsOne(caller) ? Pages.Show<InvitePersonPage>(new { Typed = new RoleInput("", RoleScope.Everywhere, "", ""), Language = page.Language }) : Pages.NotFound();

    static async Task<IResult> Handle(PostedForm form, Caller caller, PageContext page, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        if (!Administrators.IsOne(caller)) return Pages.NotFound();
        var typed = RoleInput.From(form);
        var errors = new FieldErrors();
        PersonFields.CheckName(errors, page, form["name"]);
        var email = PersonFields.CheckEmail(errors, page, form["email"]);
        var language = PersonFields.CheckLanguage(errors, page, form["language"]);
        var scope = typed.Check(errors, page);
        // An administrator sees all people anyway, so this tells them nothing new.
        var known = email is null ? Guid.Empty : await db.People.Where(person => person.NormalizedEmail == email.Key).Select(person => person.Id).FirstOrDefaultAsync(ct);
        if (known != Guid.Empty) errors.Add("email", page.Text<InvitePersonPage>("invite.known"));
        if (!errors.None)
        {
            return Pages.Show<InvitePersonPage>(
                new { Typed = typed, Name = form["name"], Email = form["email"], Language = language, Known = known, Errors = errors }, StatusCodes.Status422UnprocessableEntity);
        }

        var now = clock.Now;
        var invited = Person.New(Guid.CreateVersion7(), form["name"], email!, language, now);
        db.People.Add(invited);
        db.Audit(now, caller.PersonId, "person.invited", invited.Id, typed.Reason);
        db.PublishChanged(invited, now);
        db.Grant(invited, typed.Role, scope!, caller.PersonId, typed.Reason, now);
        db.SendInvitation(invited, now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return Results.LocalRedirect("/people?search=" + Uri.EscapeDataString(email!.Value)); // a double click
        }

        return Results.LocalRedirect($"/people/{invited.Id}?saved=invited");
    }
}

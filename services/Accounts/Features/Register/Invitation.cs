using Grants.Accounts.Domain;
using Grants.Accounts.Features.SignIn;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Register;

/// <summary>What an invitation leads to: name and password. The first administrator of an installation gives an address as well.</summary>
static class Invitation
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account/invitation", Show).Public();
        routes.MapPost("/account/invitation", Handle).Public();
    }

    static async Task<IResult> Show(HttpRequest request, PageContext page, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        var token = request.Query["token"].ToString();
        if (await FindAsync(db, token, clock.Now, ct) is not { } link) return Pages.Show<LinkEndedPage>(status: StatusCodes.Status410Gone);
        var person = await db.People.AsNoTracking().FirstOrDefaultAsync(found => found.Id == link.PersonId, ct);
        return Pages.Show<InvitationPage>(new
        {
            Token = token,
            First = link.Kind == LinkKind.FirstAdministrator,
            Name = person?.Name ?? "",
            Email = person?.Email ?? "",
            Language = person?.Language ?? page.Language,
        });
    }

    static async Task<IResult> Handle(
        PostedForm form, HttpContext http, AccountsDb db, Passwords passwords, Sessions sessions, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        if (await FindAsync(db, form["token"], now, ct) is not { } link) return Pages.Show<LinkEndedPage>(status: StatusCodes.Status410Gone);
        var first = link.Kind == LinkKind.FirstAdministrator;
        var person = first ? null : await db.People.FirstOrDefaultAsync(found => found.Id == link.PersonId && found.Active, ct);
        if (!first && person is null) return Pages.Show<LinkEndedPage>(status: StatusCodes.Status410Gone);

        var page = http.RequestServices.GetRequiredService<PageContext>();
        var errors = new FieldErrors();
        PersonFields.CheckName(errors, page, form["name"]);
        var email = first ? PersonFields.CheckEmail(errors, page, form["email"]) : EmailAddress.Parse(person!.Email!);
        var language = PersonFields.CheckLanguage(errors, page, form["language"]);
        PersonFields.CheckPassword(errors, page, form.Raw("password"), form["name"], email?.Value ?? "");
        if (!errors.None)
        {
            return Pages.Show<InvitationPage>(
                new { Token = form["token"], First = first, Name = form["name"], Email = first ? form["email"] : person!.Email!, Language = language, Errors = errors },
                StatusCodes.Status422UnprocessableEntity);
        }

        link.Use(now);
        if (person is null)
        {
            person = Person.New(Guid.CreateVersion7(), form["name"], email!, language, now);
            db.People.Add(person);
        }

        person.Name = form["name"];
        person.Language = language;
        person.PasswordHash = passwords.Hash(form.Raw("password"));
        person.EmailConfirmed = true;
        person.LockoutEnd = null;
        person.AccessFailedCount = 0;
        db.Audit(now, person.Id, "invitation.accepted", person.Id);
        db.PublishChanged(person, now);
        if (first) db.Grant(person, Role.Administrator, "*", Guid.Empty, "First administrator of this installation", now);
        await sessions.EndAllAsync(person.Id, null, ct); // after a lost password, whoever found it is out
        await sessions.StartAsync(http, person, ct);
        await db.SaveChangesAsync(ct);
        return Results.LocalRedirect(first ? "/people" : "/inbox");
    }

    static async Task<SecretLink?> FindAsync(AccountsDb db, string token, DateTimeOffset now, CancellationToken ct)
    {
        var hash = Secret.Hash(token);
        var link = await db.Links.FirstOrDefaultAsync(found => found.SecretHash == hash && found.Kind != LinkKind.ConfirmEmail, ct);
        return link?.Works(now) == true ? link : null;
    }
}

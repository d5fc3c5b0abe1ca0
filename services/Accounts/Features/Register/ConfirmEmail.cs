using Grants.Accounts.Domain;
using Grants.Accounts.Features.SignIn;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Register;

/// <summary>
/// Proving the address: the link from the mail, and the password that was chosen with it. Opening the link alone does nothing, because mail programs open
/// links by themselves, and whoever has the mailbox but did not register gets no account with a stranger's password.
/// </summary>
static class ConfirmEmail
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account/confirm", Show).Public();
        routes.MapPost("/account/confirm", Handle).Public();
    }

    static async Task<IResult> Show(HttpRequest request, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        var token = request.Query["token"].ToString();
        return await FindAsync(db, token, clock.Now, ct) is { Registration: { } registration }
            ? Pages.Show<ConfirmEmailPage>(new { Token = token, registration.Email })
            : Pages.Show<LinkEndedPage>(status: StatusCodes.Status410Gone);
    }

    static async Task<IResult> Handle(PostedForm form, HttpContext http, AccountsDb db, Passwords passwords, Sessions sessions, AppTime clock, CancellationToken ct)
    {
        var now = clock.Now;
        if (await FindAsync(db, form["token"], now, ct) is not { Registration: { } registration } link) return Pages.Show<LinkEndedPage>(status: StatusCodes.Status410Gone);
        if (!passwords.Verify(registration.PasswordHash, form.Raw("password")))
        {
            var errors = new FieldErrors().Add("password", http.RequestServices.GetRequiredService<PageContext>().Text<ConfirmEmailPage>("confirm.wrong"));
            return Pages.Show<ConfirmEmailPage>(new { Token = form["token"], registration.Email, Errors = errors }, StatusCodes.Status422UnprocessableEntity);
        }

        var person = Person.New(Guid.CreateVersion7(), registration.Name, EmailAddress.Parse(registration.Email)!, registration.Language, now);
        person.PasswordHash = registration.PasswordHash;
        person.EmailConfirmed = true;
        link.Use(now);
        db.People.Add(person);
        db.Audit(now, person.Id, "person.registered", person.Id);
        db.PublishChanged(person, now);
        await sessions.StartAsync(http, person, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The address got an account in the meantime, by another link.
            http.Response.Headers.Remove("Set-Cookie");
            return Results.LocalRedirect("/account/sign-in");
        }

        return Results.LocalRedirect(Pages.LocalPath(registration.ReturnTo));
    }

    static async Task<SecretLink?> FindAsync(AccountsDb db, string token, DateTimeOffset now, CancellationToken ct)
    {
        var hash = Secret.Hash(token);
        var link = await db.Links.FirstOrDefaultAsync(found => found.SecretHash == hash && found.Kind == LinkKind.ConfirmEmail, ct);
        return link?.Works(now) == true ? link : null;
    }
}

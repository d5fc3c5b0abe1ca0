using Grants.Accounts.Domain;
using Grants.Accounts.Features.SignIn;
using Grants.Contracts.Accounts;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.Register;

/// <summary>Registering for those who apply. The answer never tells whether the address has an account.</summary>
static class RegisterApplicant
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/account/register", (HttpRequest request) => Pages.Show<RegisterPage>(new { Return = Pages.LocalPath(request.Query["return"]) })).Public();
        routes.MapPost("/account/register", Handle).Public();
        routes.MapGet("/account/register/sent", (DemoMode demo) => Pages.Show<MailSentPage>(new { Demo = demo.IsOn })).Public();
    }

    static async Task<IResult> Handle(PostedForm form, PageContext page, AccountsDb db, Passwords passwords, AppTime clock, CancellationToken ct)
    {
        var path = Pages.LocalPath(form["return"]);
        var errors = new FieldErrors();
        PersonFields.CheckName(errors, page, form["name"]);
        var email = PersonFields.CheckEmail(errors, page, form["email"]);
        PersonFields.CheckPassword(errors, page, form.Raw("password"), form["name"], form["email"]);
        if (!errors.None || email is null)
            return Pages.Show<RegisterPage>(new { Name = form["name"], Email = form["email"], Return = path, Errors = errors }, StatusCodes.Status422UnprocessableEntity);

        var hash = passwords.Hash(form.Raw("password")); // for known addresses too: the answer takes as long
        if (!await db.People.AnyAsync(person => person.NormalizedEmail == email.Key, ct))
        {
            var now = clock.Now;
            await db.Links.Where(old => old.ExpiresAt <= now).ExecuteDeleteAsync(ct); // registrations nobody proved
            var (link, secret) = SecretLink.New(LinkKind.ConfirmEmail, now);
            link.Registration = new Registration { Name = form["name"], Email = email.Value, Language = page.Language, PasswordHash = hash, ReturnTo = path.Length <= 1000 ? path : "/" };
            db.Links.Add(link);
            db.Publish(new MailWithSecretRequested(link.Id, 1, now, "confirm-email", email.Value, form["name"], page.Language, "/account/confirm?token=" + secret));
            await db.SaveChangesAsync(ct);
        }

        return Results.LocalRedirect("/account/register/sent");
    }
}

using System.Net;
using Grants.Contracts.Accounts;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Tests.Register;

public sealed class RegisterTests
{
    [Fact]
    public async Task An_applicant_registers_proves_the_address_and_is_signed_in()
    {
        await using var app = await AccountsApp.StartAsync();
        using var browser = app.NewBrowser();
        var page = await browser.PageAsync("/account/register?return=%2Fapply%2F1");
        var sent = await browser.SubmitAsync(page, "/account/register", ("name", "Ђорђе Живковић"), ("email", "djordje@nada.example"), ("password", AccountsApp.Password));
        Assert.Equal("/account/register/sent", sent.Headers.Location!.OriginalString);
        Assert.Empty(await app.Events<PersonChanged>()); // nobody yet

        var mail = Assert.Single(await app.Events<MailWithSecretRequested>());
        Assert.Equal(("confirm-email", "djordje@nada.example", "Ђорђе Живковић"), (mail.Template, mail.To, mail.Name));
        using var other = app.NewBrowser(); // the mail is opened elsewhere
        var confirm = await other.PageAsync(mail.Link);
        Assert.Equal(0, await app.Db(db => db.People.CountAsync())); // opening it does nothing
        var done = await other.SubmitAsync(confirm, "/account/confirm", ("password", AccountsApp.Password));
        Assert.Equal("/apply/1", done.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/account")).StatusCode);
        var told = Assert.Single(await app.Events<PersonChanged>());
        Assert.Equal("djordje@nada.example", told.Email);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(mail.Link)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await browser.SubmitAsync(confirm, "/account/confirm", ("password", AccountsApp.Password))).StatusCode);
    }

    [Fact]
    public async Task A_known_address_gets_the_same_answer_and_no_second_account()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var known = await RegisterAsync(browser, "Ana@Nada.example");
        var unknown = await RegisterAsync(browser, "ivo@nada.example");
        Assert.Equal((known.StatusCode, known.Headers.Location), (unknown.StatusCode, unknown.Headers.Location));
        Assert.Equal("ivo@nada.example", Assert.Single(await app.Events<MailWithSecretRequested>()).To);
    }

    [Fact]
    public async Task A_stranger_cannot_put_a_password_into_the_registration_of_another()
    {
        await using var app = await AccountsApp.StartAsync();
        using var stranger = app.NewBrowser();
        await RegisterAsync(stranger, "ana@nada.example", "password of the stranger");
        using var ana = app.NewBrowser();
        await RegisterAsync(ana, "ana@nada.example");
        // Whichever mail she opens: her password belongs to her own link only.
        var links = (await app.Events<MailWithSecretRequested>()).Select(mail => mail.Link).ToList();
        var wrong = await ana.SubmitAsync(await ana.PageAsync(links[0]), "/account/confirm", ("password", AccountsApp.Password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var right = await ana.SubmitAsync(await ana.PageAsync(links[1]), "/account/confirm", ("password", AccountsApp.Password));
        Assert.Equal(HttpStatusCode.Found, right.StatusCode);
        var late = await stranger.SubmitAsync(await stranger.PageAsync(links[0]), "/account/confirm", ("password", "password of the stranger"));
        Assert.Equal("/account/sign-in", late.Headers.Location!.OriginalString);
        Assert.Null(stranger.Session);
        Assert.Equal(1, await app.Db(db => db.People.CountAsync()));
    }

    [Fact]
    public async Task A_confirmation_ends_after_two_days()
    {
        await using var app = await AccountsApp.StartAsync();
        using var browser = app.NewBrowser();
        await RegisterAsync(browser, "ana@nada.example");
        var link = await app.LastLinkAsync();
        app.Clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).StatusCode);
    }

    [Theory]
    [InlineData("", "ana@nada.example", AccountsApp.Password, "name")]
    [InlineData("Ana", "ana", AccountsApp.Password, "email")]
    [InlineData("Ana", "", AccountsApp.Password, "email")]
    [InlineData("Ana", "ana@nada.example", "short", "password")]
    [InlineData("Ana", "ana@nada.example", "lozinka12345", "password")]
    public async Task What_is_wrong_is_said_beside_the_field_and_the_rest_is_kept(string name, string email, string password, string field)
    {
        await using var app = await AccountsApp.StartAsync();
        foreach (var language in (string[])["en", "bs", "mk"])
        {
            using var browser = app.NewBrowser();
            await browser.PostAsync("/account/language", ("language", language), ("return", "/account/register"));
            var answer = await browser.PostAsync("/account/register", ("name", name), ("email", email), ("password", password));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            var page = await Browser.PageAsync(answer);
            Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
            Assert.NotEqual("", Browser.Error(page, field));
            Assert.Equal(name, page.QuerySelector("#name")!.GetAttribute("value"));
            Assert.Equal(email, page.QuerySelector("#email")!.GetAttribute("value"));
            Assert.True(string.IsNullOrEmpty(page.QuerySelector("#password")!.GetAttribute("value")));
            Assert.Equal("new-password", page.QuerySelector("#password")!.GetAttribute("autocomplete"));
        }
    }

    [Fact]
    public async Task The_first_administrator_gets_a_link_once_and_can_then_invite_everybody()
    {
        await using var app = await AccountsApp.StartAsync();
        var line = Assert.Single(app.Log.All, text => text.Contains("/account/invitation?token="));
        var link = line[line.IndexOf("/account/invitation", StringComparison.Ordinal)..].Split(' ')[0];
        using var browser = app.NewBrowser();
        var page = await browser.PageAsync(link);
        var done = await browser.SubmitAsync(page, "/account/invitation", ("name", "Ana Kovačević"), ("email", "ana@nada.example"), ("language", "bs"), ("password", AccountsApp.Password));
        Assert.Equal("/people", done.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/people")).StatusCode);
        Assert.Equal((Role.Administrator, "*"), Assert.Single((await app.Events<RoleGranted>()).Select(granted => (granted.Role, granted.Scope))));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).StatusCode);

        await using var again = await AccountsApp.StartAsync(folder: app.Folder);
        Assert.DoesNotContain(again.Log.All, text => text.Contains("/account/invitation?token="));
    }

    [Fact]
    public async Task A_start_without_anybody_ends_the_link_of_the_start_before()
    {
        await using var app = await AccountsApp.StartAsync();
        await using var again = await AccountsApp.StartAsync(folder: app.Folder);
        static string Link(AccountsApp app)
        {
            var line = app.Log.All.Single(text => text.Contains("/account/invitation?token="));
            return line[line.IndexOf("/account/invitation", StringComparison.Ordinal)..].Split(' ')[0];
        }

        using var browser = again.NewBrowser();
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(Link(app))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Link(again))).StatusCode);
    }

    static Task<HttpResponseMessage> RegisterAsync(Browser browser, string email, string password = AccountsApp.Password) =>
        browser.PostAsync("/account/register", ("name", "Ana Kovačević"), ("email", email), ("password", password));
}

using System.Net;
using Grants.Accounts.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Tests.SignIn;

public sealed class SignInTests
{
    [Fact]
    public async Task A_person_signs_in_and_comes_to_the_page_they_wanted()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana Kovačević", "ana@nada.example");
        using var browser = app.NewBrowser();
        Assert.Equal("/account/sign-in?return=%2Faccount", (await browser.GetAsync("/account")).Headers.Location!.OriginalString);
        var page = await browser.PageAsync("/account/sign-in?return=%2Faccount");
        var answer = await browser.SubmitAsync(page, "/account/sign-in", ("email", " ANA@nada.example "), ("password", AccountsApp.Password));
        Assert.Equal("/account", answer.Headers.Location!.OriginalString);
        Assert.Contains("Ana Kovačević", (await browser.PageAsync("/account")).QuerySelector(".app-person")!.TextContent);
    }

    [Fact]
    public async Task The_secret_is_in_the_cookie_only_and_the_cookie_is_kept_from_scripts()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var answer = await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        var stored = await app.Db(db => db.Sessions.AsNoTracking().SingleAsync());
        Assert.DoesNotContain(browser.Session!, stored.SecretHash);
        Assert.Equal(43, browser.Session!.Length); // 256 bits
    }

    [Fact]
    public async Task On_https_the_cookie_has_the_prefix_that_browsers_guard()
    {
        await using var app = await AccountsApp.StartAsync(settings: "--PublicOrigin=https://grants.example.org");
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var answer = await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-grants=", cookie);
        Assert.Contains("secure", cookie);
        Assert.DoesNotContain("domain", cookie);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var wrong = await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", "something else here"));
        var unknown = await browser.PostAsync("/account/sign-in", ("email", "ivo@nada.example"), ("password", "something else here"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(wrong.StatusCode, unknown.StatusCode);
        Assert.Equal((await wrong.Content.ReadAsStringAsync()).Replace("ana@nada.example", "x"), (await unknown.Content.ReadAsStringAsync()).Replace("ivo@nada.example", "x"));
    }

    [Fact]
    public async Task What_was_typed_is_kept_but_not_the_password()
    {
        await using var app = await AccountsApp.StartAsync();
        using var browser = app.NewBrowser();
        var html = await (await browser.PostAsync("/account/sign-in", ("email", "\"><script>alert(1)</script>@x.example"), ("password", "do-not-echo-this"), ("return", "/account"))).Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script>alert", html);
        Assert.DoesNotContain("do-not-echo-this", html);
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        Assert.Equal("\"><script>alert(1)</script>@x.example", page.QuerySelector("#email")!.GetAttribute("value"));
        Assert.Equal("/account", page.QuerySelector("main input[name=return]")!.GetAttribute("value"));
        Assert.NotEqual("", Browser.Error(page, "email"));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_fifteen_minutes()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        for (var i = 0; i < Person.AttemptsAllowed; i++) await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(browser)).StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(14.9));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(browser)).StatusCode);
        app.Clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal(HttpStatusCode.Found, (await TryAsync(browser)).StatusCode);
    }

    [Fact]
    public async Task A_right_password_forgives_the_wrong_ones_before()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < Person.AttemptsAllowed - 1; i++) await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", "wrong"));
            Assert.Equal(HttpStatusCode.Found, (await TryAsync(browser)).StatusCode);
        }
    }

    [Fact]
    public async Task Many_guesses_at_once_are_no_more_than_five()
    {
        await using var app = await AccountsApp.StartAsync();
        var ana = await app.AddAsync("Ana", "ana@nada.example");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var browser = app.NewBrowser();
            await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", $"guess number {i}"));
        }));
        var person = await app.Db(db => db.People.AsNoTracking().SingleAsync(found => found.Id == ana));
        Assert.Equal(Person.AttemptsAllowed, person.AccessFailedCount);
        Assert.NotNull(person.LockoutEnd);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    [InlineData("/account/sign-in?return=/account/sign-in")]
    public async Task A_return_address_that_leads_elsewhere_is_not_followed(string path)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var answer = await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password), ("return", path));
        Assert.Contains(answer.Headers.Location!.OriginalString, (string[])["/", "/inbox"]);
        var again = await browser.GetAsync("/account/sign-in?return=" + Uri.EscapeDataString(path));
        Assert.Contains(again.Headers.Location!.OriginalString, (string[])["/", "/inbox"]);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_itself_and_not_only_the_cookie()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = await app.SignedInAsync("ana@nada.example");
        await browser.PostAsync("/account/sign-out");
        Assert.Null(browser.Session);
        Assert.NotNull((await app.Db(db => db.Sessions.AsNoTracking().SingleAsync())).EndedAt);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task A_new_sign_in_gets_a_new_secret_and_ends_the_old_session()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = await app.SignedInAsync("ana@nada.example");
        var first = browser.Session;
        await TryAsync(browser);
        Assert.NotEqual(first, browser.Session);
        Assert.Equal(1, await app.Db(db => db.Sessions.CountAsync(session => session.EndedAt == null)));
    }

    [Fact]
    public async Task A_closed_account_cannot_be_signed_in_to()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        await app.Db(db => db.People.ExecuteUpdateAsync(set => set.SetProperty(person => person.Active, false)));
        using var browser = app.NewBrowser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(browser)).StatusCode);
    }

    static Task<HttpResponseMessage> TryAsync(Browser browser) => browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password));
}

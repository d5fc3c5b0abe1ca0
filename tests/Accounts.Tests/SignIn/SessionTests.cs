using System.Net;
using Grants.Accounts.Domain;
using Grants.Contracts.Accounts;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Tests.SignIn;

[Trait("Database", "both")]
public sealed class SessionTests
{
    [Fact]
    public async Task A_session_ended_from_another_browser_is_over_within_five_seconds()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var telephone = await app.SignedInAsync("ana@nada.example");
        using var office = await app.SignedInAsync("ana@nada.example");
        Assert.Equal(HttpStatusCode.OK, (await telephone.GetAsync("/account")).StatusCode);
        var page = await office.PageAsync("/account");
        var end = page.Forms.Single(form => form.GetAttribute("action")!.StartsWith("/account/sessions/", StringComparison.Ordinal)).GetAttribute("action")!;
        Assert.Equal(HttpStatusCode.Found, (await office.PostAsync(end)).StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Found, (await telephone.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await office.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_another()
    {
        await using var app = await AccountsApp.StartAsync();
        var ana = await app.AddAsync("Ana", "ana@nada.example");
        await app.AddAsync("Ivo", "ivo@nada.example");
        using var first = await app.SignedInAsync("ana@nada.example");
        using var second = await app.SignedInAsync("ivo@nada.example");
        var session = await app.Db(db => db.Sessions.AsNoTracking().SingleAsync(found => found.PersonId == ana));
        Assert.Equal(HttpStatusCode.NotFound, (await second.PostAsync($"/account/sessions/{session.Id}/end")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task A_session_ends_twelve_hours_after_its_last_use()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = await app.SignedInAsync("ana@nada.example");
        for (var i = 0; i < 3; i++)
        {
            app.Clock.Advance(Session.Idle - TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
        }

        app.Clock.Advance(Session.Idle);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task A_new_password_signs_out_all_other_browsers()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var telephone = await app.SignedInAsync("ana@nada.example");
        using var office = await app.SignedInAsync("ana@nada.example");
        var changed = await office.PostAsync("/account/password", ("current-password", AccountsApp.Password), ("password", "nova lozinka za zimu"));
        Assert.Equal("/account?saved=password", changed.Headers.Location!.OriginalString);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Found, (await telephone.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await office.GetAsync("/account")).StatusCode);
        using var again = app.NewBrowser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await again.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", "nova lozinka za zimu"))).StatusCode);
    }

    [Fact]
    public async Task A_new_password_needs_the_present_one_and_must_be_a_good_one()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = await app.SignedInAsync("ana@nada.example");
        var wrong = await browser.PostAsync("/account/password", ("current-password", "wrong"), ("password", "nova lozinka za zimu"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.NotEqual("", Browser.Error(await Browser.PageAsync(wrong), "current-password"));
        var weak = await browser.PostAsync("/account/password", ("current-password", AccountsApp.Password), ("password", "lozinka12345"));
        Assert.NotEqual("", Browser.Error(await Browser.PageAsync(weak), "password"));
    }

    [Fact]
    public async Task A_changed_name_and_language_are_told_to_the_others()
    {
        await using var app = await AccountsApp.StartAsync();
        var ana = await app.AddAsync("Ana", "ana@nada.example");
        using var browser = await app.SignedInAsync("ana@nada.example");
        await browser.PostAsync("/account/profile", ("name", "Ана Ковачевић"), ("language", "bs"));
        await browser.PostAsync("/account/profile", ("name", "Ана Ковачевић"), ("language", "bs")); // nothing new
        var told = Assert.Single(await app.Events<PersonChanged>());
        Assert.Equal((ana, "Ана Ковачевић", "bs", true), (told.PersonId, told.Name, told.Language, told.Active));
        var page = await browser.PostAsync("/account/profile", ("name", ""), ("language", "xx"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.StatusCode);
    }

    [Fact]
    public async Task The_language_chosen_at_the_top_of_a_page_is_the_persons_own()
    {
        await using var app = await AccountsApp.StartAsync();
        var ana = await app.AddAsync("Ana", "ana@nada.example");
        using (var stranger = app.NewBrowser()) await stranger.PostAsync("/account/language", ("language", "bs"), ("return", "/account"));
        using var browser = await app.SignedInAsync("ana@nada.example");
        await browser.PostAsync("/account/language", ("language", "xx"), ("return", "/account"));
        await browser.PostAsync("/account/language", ("language", "mk"), ("return", "/account"));
        await browser.PostAsync("/account/language", ("language", "mk"), ("return", "/account")); // nothing new
        var told = Assert.Single(await app.Events<PersonChanged>());
        Assert.Equal((ana, "mk"), (told.PersonId, told.Language));
    }

    [Fact]
    public async Task Every_route_of_accounts_has_an_access_rule()
    {
        await using var service = await Testing.ServiceFixture.StartAsync(AccountsService.Definition);
        service.AssertEveryRouteHasAccessRule();
    }

    [Theory]
    [InlineData("GET", "/people")]
    [InlineData("GET", "/people/invite")]
    [InlineData("POST", "/people/invite")]
    [InlineData("GET", "/people/{self}")]
    [InlineData("POST", "/people/{self}/roles")]
    [InlineData("POST", "/people/{self}/close")]
    [InlineData("POST", "/people/{self}/link")]
    public async Task Pages_about_people_do_not_exist_for_who_is_no_administrator_of_everything(string method, string path)
    {
        await using var app = await AccountsApp.StartAsync();
        var officer = await app.AddAsync("Ivo", "ivo@nada.example", Role.ProgrammeOfficer, Role.FinanceOfficer);
        var local = await app.AddAsync("Mia", "mia@nada.example");
        await app.Db(async db =>
        {
            db.RoleGrants.Add(new RoleGrant { Id = Guid.CreateVersion7(), PersonId = local, Role = Role.Administrator, Scope = "programme:L4C", Reason = "test" });
            return await db.SaveChangesAsync();
        });
        foreach (var (id, email) in ((Guid, string)[])[(officer, "ivo@nada.example"), (local, "mia@nada.example")])
        {
            using var browser = await app.SignedInAsync(email);
            var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), path.Replace("{self}", id.ToString())) { Content = method == "POST" ? new FormUrlEncodedContent([]) : null });
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }
}

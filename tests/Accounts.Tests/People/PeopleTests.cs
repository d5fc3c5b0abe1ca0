using System.Net;
using Grants.Contracts.Accounts;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Tests.People;

[Trait("Database", "both")]
public sealed class PeopleTests
{
    [Fact]
    public async Task An_invited_person_exists_at_once_and_signs_in_by_the_link()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        using var ana = await app.SignedInAsync("ana@nada.example");
        var invited = await InviteAsync(ana);
        Assert.Equal(HttpStatusCode.Found, invited.StatusCode);
        var person = Assert.Single(await app.Events<PersonChanged>());
        var role = Assert.Single(await app.Events<RoleGranted>());
        Assert.Equal((person.PersonId, Role.Evaluator, "programme:L4C"), (role.PersonId, role.Role, role.Scope));
        Assert.True(role.SubjectVersion > person.SubjectVersion);
        var mail = Assert.Single(await app.Events<MailWithSecretRequested>());
        Assert.Equal(("invitation", "ivo@nada.example", "bs"), (mail.Template, mail.To, mail.Language));

        using var ivo = app.NewBrowser();
        var page = await ivo.PageAsync(mail.Link);
        Assert.Equal("Ivo Andrić", page.QuerySelector("#name")!.GetAttribute("value"));
        var weak = await ivo.SubmitAsync(page, "/account/invitation", ("language", "bs"), ("password", "ivoandric1234"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.StatusCode);
        var done = await ivo.SubmitAsync(page, "/account/invitation", ("language", "bs"), ("password", "most preko rijeke Drine"));
        Assert.Equal("/inbox", done.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await ivo.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await ivo.GetAsync(mail.Link)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await ivo.SubmitAsync(page, "/account/invitation", ("language", "bs"), ("password", "most preko rijeke Drine"))).StatusCode);
    }

    [Fact]
    public async Task An_invitation_ends_after_seven_days_and_a_new_one_ends_the_old()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        using var ana = await app.SignedInAsync("ana@nada.example");
        var person = (await InviteAsync(ana)).Headers.Location!.OriginalString.Split('?')[0];
        var first = await app.LastLinkAsync();
        await ana.PostAsync(person + "/link");
        var second = await app.LastLinkAsync();
        using var ivo = app.NewBrowser();
        Assert.Equal(HttpStatusCode.Gone, (await ivo.GetAsync(first)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ivo.GetAsync(second)).StatusCode);
        app.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(HttpStatusCode.Gone, (await ivo.GetAsync(second)).StatusCode);
    }

    [Fact]
    public async Task An_invitation_to_a_known_address_says_who_it_is()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        var ivo = await app.AddAsync("Ivo", "ivo@nada.example");
        using var ana = await app.SignedInAsync("ana@nada.example");
        var page = await Browser.PageAsync(await InviteAsync(ana));
        Assert.NotEqual("", Browser.Error(page, "email"));
        Assert.NotNull(page.QuerySelector($"main a[href='/people/{ivo}']"));
        Assert.Equal("Ivo Andrić", page.QuerySelector("#name")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Roles_are_given_and_taken_back_with_a_reason_that_stays()
    {
        await using var app = await AccountsApp.StartAsync();
        var admin = await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        var ivo = await app.AddAsync("Ivo", "ivo@nada.example");
        using var ana = await app.SignedInAsync("ana@nada.example");
        for (var click = 0; click < 2; click++)
            await ana.PostAsync($"/people/{ivo}/roles", ("role", Role.FinanceOfficer), ("scope-kind", "country"), ("scope-value", "ba"), ("reason", "Decision of 3 November"));
        var granted = Assert.Single(await app.Events<RoleGranted>());
        Assert.Equal((Role.FinanceOfficer, "country:BA"), (granted.Role, granted.Scope));

        var without = await ana.PostAsync($"/people/{ivo}/roles/{granted.RoleGrantId}/revoke", ($"reason-{granted.RoleGrantId}", " "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, without.StatusCode);
        Assert.Empty(await app.Events<RoleRevoked>());
        for (var click = 0; click < 2; click++)
            await ana.PostAsync($"/people/{ivo}/roles/{granted.RoleGrantId}/revoke", ($"reason-{granted.RoleGrantId}", "Left the office"));
        var revoked = Assert.Single(await app.Events<RoleRevoked>());
        Assert.Equal(granted.RoleGrantId, revoked.RoleGrantId);
        Assert.True(revoked.SubjectVersion > granted.SubjectVersion);
        var trail = await app.Db(db => db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.Subject == ivo.ToString()).OrderBy(entry => entry.Id).ToListAsync());
        Assert.Equal(["Decision of 3 November", "Left the office"], trail.Select(entry => entry.Reason));
        Assert.All(trail, entry => Assert.Equal(admin, entry.PersonId));

        // It can be given again: the earlier grant is history.
        await ana.PostAsync($"/people/{ivo}/roles", ("role", Role.FinanceOfficer), ("scope-kind", "country"), ("scope-value", "ba"), ("reason", "Back again"));
        Assert.Equal(2, (await app.Events<RoleGranted>()).Count);
    }

    [Theory]
    [InlineData("", "everywhere", "", "why", "role")]
    [InlineData("emperor", "everywhere", "", "why", "role")]
    [InlineData(Role.Evaluator, "programme", "", "why", "scope-value")]
    [InlineData(Role.Evaluator, "everywhere", "", "", "reason")]
    [InlineData(Role.Administrator, "programme", "L4C", "why", "scope-kind")]
    public async Task A_role_that_cannot_be_given_is_said_beside_the_field(string role, string kind, string value, string reason, string field)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        var ivo = await app.AddAsync("Ivo", "ivo@nada.example");
        using var ana = await app.SignedInAsync("ana@nada.example");
        var answer = await ana.PostAsync($"/people/{ivo}/roles", ("role", role), ("scope-kind", kind), ("scope-value", value), ("reason", reason));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.NotEqual("", Browser.Error(await Browser.PageAsync(answer), field));
        Assert.Empty(await app.Events<RoleGranted>());
    }

    [Fact]
    public async Task An_administrator_is_always_left()
    {
        await using var app = await AccountsApp.StartAsync();
        var admin = await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        using var ana = await app.SignedInAsync("ana@nada.example");
        var grant = await app.Db(db => db.RoleGrants.AsNoTracking().SingleAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await ana.PostAsync($"/people/{admin}/roles/{grant.Id}/revoke", ($"reason-{grant.Id}", "enough"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ana.PostAsync($"/people/{admin}/close", ("account-reason", "enough"))).StatusCode);
    }

    [Fact]
    public async Task A_closed_account_is_signed_out_and_the_others_are_told()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example", Role.Administrator);
        var id = await app.AddAsync("Ivo", "ivo@nada.example");
        using var ana = await app.SignedInAsync("ana@nada.example");
        using var ivo = await app.SignedInAsync("ivo@nada.example");
        await ana.PostAsync($"/people/{id}/close", ("account-reason", "Left the office"));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.Found, (await ivo.GetAsync("/account")).StatusCode);
        await ana.PostAsync($"/people/{id}/open", ("account-reason", "Came back"));
        Assert.Equal([false, true], (await app.Events<PersonChanged>()).Select(told => told.Active));
    }

    [Theory]
    [InlineData("dordevic", true)]
    [InlineData("ĐORĐEVIĆ", true)]
    [InlineData("nada.EXAMPLE", true)]
    [InlineData("petrović", false)]
    public async Task People_are_found_without_regard_to_case_and_diacritics(string search, bool found)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@office.example", Role.Administrator);
        var id = await app.AddAsync("Đuro Đorđević", "djuro@nada.example");
        using var ana = await app.SignedInAsync("ana@office.example");
        var page = await ana.PageAsync("/people?search=" + Uri.EscapeDataString(search));
        Assert.Equal(found, page.QuerySelector($"a[href='/people/{id}']") is not null);
        Assert.Equal(HttpStatusCode.OK, (await ana.GetAsync($"/people/{id}")).StatusCode);
    }

    static Task<HttpResponseMessage> InviteAsync(Browser admin) => admin.PostAsync(
        "/people/invite", ("name", "Ivo Andrić"), ("email", "ivo@nada.example"), ("language", "bs"), ("role", Role.Evaluator), ("scope-kind", "programme"), ("scope-value", "L4C"), ("reason", "Panel of 2026"));
}

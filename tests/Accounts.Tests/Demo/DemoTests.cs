using System.Net;
using Grants.Contracts.Accounts;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Accounts.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task In_a_demonstration_one_signs_in_as_anybody()
    {
        await using var app = await AccountsApp.StartAsync(demo: true);
        var id = Guid.CreateVersion7();
        for (var twice = 0; twice < 2; twice++) await SeedAsync(app, id);
        Assert.Single(await app.Events<PersonChanged>());
        Assert.Equal(2, (await app.Events<RoleGranted>()).Count);
        using var browser = app.NewBrowser();
        var page = await browser.PageAsync("/account/demo");
        Assert.Contains("Amra Hadžić", page.QuerySelector("main")!.TextContent);
        var answer = await browser.PostAsync("/account/demo/sign-in", ("person", id.ToString()));
        Assert.Equal("/inbox", answer.Headers.Location!.OriginalString);
        Assert.Contains("Amra Hadžić", (await browser.PageAsync("/account")).QuerySelector(".app-person")!.TextContent);
    }

    [Fact]
    public async Task The_clock_of_a_demonstration_moves_and_people_stay_signed_in()
    {
        await using var app = await AccountsApp.StartAsync(demo: true);
        var id = Guid.CreateVersion7();
        await SeedAsync(app, id);
        using var browser = app.NewBrowser();
        await browser.PostAsync("/account/demo/sign-in", ("person", id.ToString()));
        var moved = await browser.PostAsync("/account/demo/clock", ("to", "2027-01-16T00:00"));
        Assert.Equal(HttpStatusCode.Found, moved.StatusCode);
        Assert.Equal(new DateTimeOffset(2027, 1, 15, 23, 0, 0, TimeSpan.Zero), app.Services.GetRequiredService<AppTime>().Now);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);
        await browser.PostAsync("/account/demo/clock", ("days", "30"));
        Assert.Equal(new DateTimeOffset(2027, 2, 14, 23, 0, 0, TimeSpan.Zero), app.Services.GetRequiredService<AppTime>().Now);
        var wrong = await browser.PostAsync("/account/demo/clock", ("to", "tomorrow"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.NotEqual("", Browser.Error(await Browser.PageAsync(wrong), "to"));
    }

    [Fact]
    public async Task A_real_installation_has_no_demonstration_even_in_development()
    {
        await using var app = await AccountsApp.StartAsync(demo: false);
        await AssertNoDemoAsync(app);
        // A setting does not make it one afterwards.
        await using var again = await AccountsApp.StartAsync(demo: true, folder: app.Folder);
        await AssertNoDemoAsync(again);
    }

    [Fact]
    public async Task Production_is_real_and_has_no_demonstration()
    {
        await using var app = await AccountsApp.StartAsync(demo: true, environment: "Production", settings: "--PublicOrigin=https://grants.example.org");
        await AssertNoDemoAsync(app);
    }

    [Fact]
    public async Task Production_refuses_the_database_of_a_demonstration()
    {
        await using var app = await AccountsApp.StartAsync(demo: true);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => AccountsApp.StartAsync(environment: "Production", folder: app.Folder, settings: "--PublicOrigin=https://grants.example.org"));
        Assert.Contains("demonstration", refused.Message);
    }

    static async Task AssertNoDemoAsync(AccountsApp app)
    {
        var id = await app.AddAsync("Ana", $"{Guid.NewGuid():N}@nada.example");
        using var browser = app.NewBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/account/demo")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync("/account/demo/sign-in", ("person", id.ToString()))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync("/account/demo/clock", ("days", "1"))).StatusCode);
        Assert.Null(browser.Session);
    }

    static Task<int> SeedAsync(AccountsApp app, Guid id) => app.Db(async db =>
    {
        await AccountsSeed.AddPersonAsync(
            db, app.Services.GetRequiredService<AppTime>(), id, "Amra Hadžić", "amra@funder.example", "bs", [(Role.ProgrammeOfficer, "programme:L4C"), (Role.Chair, "*")]);
        return 0;
    });
}

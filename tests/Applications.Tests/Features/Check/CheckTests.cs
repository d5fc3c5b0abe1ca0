using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Check;

public sealed class CheckTests
{
    static readonly Dictionary<string, string> Complete = new()
    {
        ["item-in-time"] = "yes", ["item-complete"] = "yes", ["eligible"] = "yes", ["reason"] = "Sve je potpuno.",
    };

    [Fact]
    public async Task The_desk_shows_what_came_in_by_state_in_scope_only()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, "Only a draft"));
        foreach (var reader in new[] { World.Officer, World.Auditor, World.Coordinator })
        {
            Assert.Contains("Small grants", await world.PageAsync(reader, "/desk"));
            var desk = await world.PageAsync(reader, $"/desk/calls/{World.CallId}");
            Assert.Contains("L4C-2026-00001 Udruženje „Šljiva“ Žepče Klupa za sve", desk);
            Assert.DoesNotContain("Only a draft", desk);
            Assert.Contains("No application is in this state", await world.PageAsync(reader, $"/desk/calls/{World.CallId}?state=Eligible"));
            Assert.Contains("U našoj općini nema mjesta za susret.", await world.PageAsync(reader, $"/desk/applications/{id}"));
        }

        Assert.Contains("No call is in your scope yet", await world.PageAsync(World.OfficerElsewhere, "/desk"));
        foreach (var stranger in new[] { World.OfficerElsewhere, World.Ana, World.Staff("C", Role.NationalCoordinator, "country:RS") })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(stranger).GetAsync($"/desk/calls/{World.CallId}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(stranger).GetAsync($"/desk/applications/{id}")).StatusCode);
        }
    }

    [Fact]
    public async Task A_coordinator_of_a_country_sees_only_its_applications()
    {
        await using var world = await World.StartAsync();
        await world.SubmittedAsync(World.Ana);
        var id = await world.StartDraftAsync(World.Boris, await world.RegisterAsync(World.Boris, "Здружение", "MK"));
        await world.FillAsync(World.Boris, id);
        await world.SubmitAsync(World.Boris, id);
        Assert.DoesNotContain("Здружение", await world.PageAsync(World.Coordinator, $"/desk/calls/{World.CallId}"));
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Coordinator).GetAsync($"/desk/applications/{id}")).StatusCode);
        Assert.Contains("Здружение", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));
    }

    [Fact]
    public async Task Many_applications_are_paged_by_key()
    {
        await using var world = await World.StartAsync();
        for (var number = 1; number <= 51; number++) await world.SubmittedAsync(World.Ana, $"Organisation {number}");
        var first = await (await world.As(World.Officer).GetAsync($"/desk/calls/{World.CallId}")).Content.ReadAsStringAsync();
        Assert.Contains("L4C-2026-00050", first);
        Assert.DoesNotContain("L4C-2026-00051", first);
        Assert.Contains("?after=L4C-2026-00050", first);
        Assert.Contains("L4C-2026-00051", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}?after=L4C-2026-00050"));
    }

    [Fact]
    public async Task The_officer_decides_once_with_a_reason_and_it_is_published()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", Complete)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        var decided = Assert.Single(await world.Service.Events<EligibilityDecided>());
        Assert.Equal((true, "Sve je potpuno.", World.Officer.PersonId), (decided.Eligible, decided.Reason, decided.DecidedBy));
        Assert.Equal(ApplicationState.Eligible, (await world.ApplicationAsync(id)).State);
        var page = await world.PageAsync(World.Officer, $"/desk/applications/{id}");
        Assert.Contains("Olga Officer", page);
        Assert.Contains("Assign an evaluator", page);

        var second = new Dictionary<string, string>(Complete) { ["eligible"] = "no" };
        await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", second);
        Assert.Single(await world.Service.Events<EligibilityDecided>());
    }

    [Fact]
    public async Task Nothing_is_decided_without_every_answer_and_a_reason()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var answer = await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string> { ["item-in-time"] = "yes", ["eligible"] = "no" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains("href=\"#item-complete\"", html);
        Assert.Contains("href=\"#reason\"", html);
        Assert.Matches("name=\"item-in-time\"[^>]*value=\"yes\"[^>]*checked", html);
        Assert.Empty(await world.Service.Events<EligibilityDecided>());
    }

    [Fact]
    public async Task Readers_members_and_officers_of_other_programmes_decide_nothing()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        var own = World.Ana with { Roles = World.Officer.Roles };
        foreach (var other in new[] { World.Auditor, World.Coordinator, World.OfficerElsewhere, World.Ana, own, World.Stranger })
            Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(other), $"/desk/applications/{id}/check", Complete)).StatusCode);
        Assert.Equal(ApplicationState.Submitted, (await world.ApplicationAsync(id)).State);
        Assert.Equal(0, await world.Db(db => db.EligibilityChecks.CountAsync()));
    }
}

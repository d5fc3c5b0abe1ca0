using System.Net;
using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Organisations;

public sealed class OrganisationTests
{
    [Fact]
    public async Task Whoever_registers_is_the_first_member_and_may_commit_it()
    {
        await using var world = await World.StartAsync();
        var id = await world.RegisterAsync(World.Ana);
        var told = Assert.Single(await world.Service.Events<OrganisationChanged>());
        Assert.Equal([new OrganisationMember(World.Ana.PersonId, true)], told.Members);
        Assert.Equal(("Udruženje „Šljiva“ Žepče", "BA", 1), (told.Name, told.Country, told.SubjectVersion));
        Assert.Contains("Ulica Prva 12a, 72230 Žepče", await world.PageAsync(World.Ana, $"/organisations/{id}"));
    }

    [Fact]
    public async Task A_second_click_finds_what_the_first_one_made()
    {
        await using var world = await World.StartAsync();
        var form = new { id = Guid.CreateVersion7(), name = "Nada", number = "", country = "BA", street = "S", house = "bb", postcode = "1", town = "T" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ServiceFixture.PostAsync(world.As(World.Ana), "/organisations/new", form)));
        Assert.All(answers, answer => Assert.Equal($"/organisations/{form.id}", answer.Headers.Location!.ToString()));
        Assert.Equal(1, await world.Db(db => db.Organisations.CountAsync()));
    }

    [Fact]
    public async Task What_is_missing_is_said_beside_the_field_and_what_was_typed_is_kept()
    {
        await using var world = await World.StartAsync();
        var client = world.As(World.Ana);
        client.DefaultRequestHeaders.Add("Cookie", "lang=bs");
        var answer = await ServiceFixture.PostAsync(client, "/organisations/new", new { name = new string('x', 251), country = "XX", town = "Žepče <b>" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        foreach (var sentence in new[] { "Ovdje je 251 znakova. Skratite na 250.", "Odaberite državu u kojoj je vaša organizacija.", "Upišite ulicu.", "Upišite poštanski broj.", "value=\"Žepče &lt;b&gt;\"" })
            Assert.Contains(sentence, html);
        Assert.Equal(0, await world.Db(db => db.Organisations.CountAsync()));
    }

    [Fact]
    public async Task Only_members_see_it_and_only_those_who_may_commit_change_members()
    {
        await using var world = await World.StartAsync();
        await world.KnowAsync(World.Boris, "boris@example.org");
        await world.KnowAsync(World.Stranger, "stranger@example.org");
        var id = await world.RegisterAsync(World.Ana);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Boris).GetAsync($"/organisations/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await AddAsync(World.Boris, "boris@example.org")).StatusCode);

        Assert.Equal(HttpStatusCode.Found, (await AddAsync(World.Ana, "boris@example.org")).StatusCode);
        Assert.Contains("boris@example.org", await world.PageAsync(World.Boris, $"/organisations/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await AddAsync(World.Boris, "stranger@example.org")).StatusCode);
        Assert.Equal(new OrganisationMember(World.Boris.PersonId, false), (await world.Service.Events<OrganisationChanged>())[^1].Members[^1]);

        await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{id}/members/{World.Boris.PersonId}/removal", new { });
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Boris).GetAsync($"/organisations/{id}")).StatusCode);
        Assert.Equal([1L, 2L, 3L], (await world.Service.Events<OrganisationChanged>()).Select(told => told.SubjectVersion));

        Task<HttpResponseMessage> AddAsync(Grants.Platform.Http.Caller by, string email) => ServiceFixture.PostAsync(world.As(by), $"/organisations/{id}/members", new { email });
    }

    [Fact]
    public async Task An_unknown_address_is_said_so_and_the_last_who_may_commit_stays()
    {
        await using var world = await World.StartAsync();
        var id = await world.RegisterAsync(World.Ana);
        var answer = await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{id}/members", new { email = "nobody@example.org" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Nobody is registered with this address.", await World.TextAsync(answer));
        Assert.Contains("nobody@example.org", await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{id}/members/{World.Ana.PersonId}/removal", new { })).StatusCode);
        Assert.Equal(1, await world.Db(db => db.Memberships.CountAsync()));
    }

    [Fact]
    public async Task People_are_copied_newest_last_and_older_news_are_ignored()
    {
        await using var world = await World.StartAsync();
        await world.Service.DeliverAsync(Changed(3, "Ana Novo", "ANA@example.org", true));
        await world.Service.DeliverAsync(Changed(2, "Ana Staro", "old@example.org", false));
        var person = await world.Db(db => db.People.SingleAsync());
        Assert.Equal(("Ana Novo", "ana@example.org", 3L, true), (person.Name, person.Email, person.Version, person.Active));

        PersonChanged Changed(long version, string name, string email, bool active) => new(World.Ana.PersonId, version, world.Clock.GetUtcNow(), name, email, "bs", active);
    }

    [Fact]
    public async Task A_number_that_cannot_be_is_refused_a_doubtful_one_warned_of_and_the_profile_changed_by_who_may_commit()
    {
        await using var world = await World.StartAsync();
        var fields = new Dictionary<string, string>
        {
            ["id"] = Guid.CreateVersion7().ToString(), ["name"] = "Udruga Nada", ["number"] = "33392005962", ["scheme"] = "HR-OIB", ["country"] = "HR", ["street"] = "S", ["house"] = "1",
            ["postcode"] = "1", ["town"] = "Split",
        };
        var wrong = await ServiceFixture.PostAsync(world.As(World.Ana), "/organisations/new", fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("There is no such number", await World.TextAsync(wrong));
        Assert.Contains("value=\"33392005962\"", await wrong.Content.ReadAsStringAsync());
        fields["country"] = "BA";
        Assert.Contains("belongs to another country", await World.TextAsync(await ServiceFixture.PostAsync(world.As(World.Ana), "/organisations/new", fields)));
        (fields["scheme"], fields["number"]) = ("BA-JIB", "123");
        Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Ana), "/organisations/new", fields)).StatusCode);
        var id = Guid.Parse(fields["id"]);
        Assert.Contains("Please compare the number once more", await world.PageAsync(World.Ana, $"/organisations/{id}"));

        (fields["number"], fields["version"]) = ("4227123456789", "1");
        Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.Boris), $"/organisations/{id}/profile", fields)).StatusCode);
        foreach (var _ in new[] { 1, 2 }) Assert.Equal($"/organisations/{id}", (await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{id}/profile", fields)).Headers.Location?.ToString());
        Assert.DoesNotContain("Please compare", await world.PageAsync(World.Ana, $"/organisations/{id}"));
        Assert.Equal([1, 2], (await world.Service.Events<OrganisationChanged>()).Select(told => told.SubjectVersion));
        // From a page that is older than what stands there now.
        fields["town"] = "Mostar";
        Assert.Equal(HttpStatusCode.Conflict, (await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{id}/profile", fields)).StatusCode);
        Assert.Equal("Split", await world.Db(db => db.Organisations.Select(found => found.Town).SingleAsync()));
    }
}

using System.Net;
using Grants.Applications.Features.Calls;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Calls;

public sealed class CallPagesTests
{
    static readonly Guid Coming = new("01930000-0000-7000-8000-000000000002"), Closed = new("01930000-0000-7000-8000-000000000003");

    [Theory]
    [InlineData("en", "Calls for applications", "Open (1)", "Small grants", "2,000.00 BAM to 10,000.00 BAM", "Friday 15 January 2027, 23:59 (Sarajevo)")]
    [InlineData("bs", "Javni pozivi", "Otvoreni (1)", "Mali grantovi", "od 2.000,00 BAM do 10.000,00 BAM", "petak, 15. januar 2027. u 23:59 (Sarajevo)")]
    [InlineData("mk", "Јавни повици", "Отворени (1)", "Мали грантови", "од 2.000,00 BAM до 10.000,00 BAM", "петок, 15 јануари 2027 г. во 23:59 (Сараево)")]
    public async Task The_list_is_public_and_in_the_readers_language(string language, params string[] sentences)
    {
        await using var world = await World.StartAsync();
        await world.PublishAsync(World.Call(Coming).Opening("2027-02-01T08:00:00").Closing("2027-03-01T23:59:59"));
        await world.PublishAsync(World.Call(Closed).Opening("2026-02-01T08:00:00").Closing("2026-03-01T23:59:59"));
        var list = await world.PageAsync(Caller.Anonymous, "/", language);
        foreach (var sentence in sentences) Assert.Contains(sentence, list);
        Assert.Contains(sentences[^1], await world.PageAsync(Caller.Anonymous, $"/calls/{World.CallId}", language));
        Assert.Equal(list, await world.PageAsync(Caller.Anonymous, "/calls", language));
    }

    [Fact]
    public async Task Only_an_open_call_offers_to_apply()
    {
        await using var world = await World.StartAsync();
        await world.PublishAsync(World.Call(Coming).Opening("2027-02-01T08:00:00").Closing("2027-03-01T23:59:59"));
        Assert.Contains("You can start an application from Monday 1 February 2027, 08:00 (Sarajevo)", await world.PageAsync(Caller.Anonymous, $"/calls/{Coming}"));
        Assert.Contains("/apply/" + World.CallId, await (await world.As(Caller.Anonymous).GetAsync($"/calls/{World.CallId}")).Content.ReadAsStringAsync());
        world.Clock.Set(World.LastSecond.AddSeconds(1));
        var closed = await (await world.As(Caller.Anonymous).GetAsync($"/calls/{World.CallId}")).Content.ReadAsStringAsync();
        Assert.DoesNotContain("/apply/", closed);
        Assert.Contains("No more applications can be submitted", closed);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(Caller.Anonymous).GetAsync($"/calls/{Guid.CreateVersion7()}")).StatusCode);
    }

    [Fact]
    public async Task The_same_definition_is_published_once_and_another_becomes_the_next_version()
    {
        await using var world = await World.StartAsync();
        Assert.Equal(1, await world.PublishAsync(World.Call()));
        Assert.Equal(2, await world.PublishAsync(World.Call().Closing("2027-01-20T23:59:59")));
        var published = await world.Service.Events<CallPublished>();
        Assert.Equal([1, 2], published.Select(version => version.Version));
        Assert.All(published, version => Assert.Equal(version.DefinitionSha256, CanonicalJson.Sha256Hex(System.Text.Encoding.UTF8.GetBytes(version.Definition))));
        Assert.Equal("2027-01-20T23:59:59", CanonicalJson.Deserialize<CallDefinition>(System.Text.Encoding.UTF8.GetBytes(published[1].Definition)).ClosesAt);
    }

    [Theory]
    [InlineData("2027-03-28T02:30:00")]
    [InlineData("2027-10-31T02:30:00")]
    [InlineData("2026-11-01T00:00:00")]
    [InlineData("tomorrow")]
    public async Task A_closing_that_does_not_exist_or_exists_twice_or_lies_before_the_opening_is_refused(string closesAt)
    {
        await using var world = await World.StartAsync();
        var refused = await Assert.ThrowsAsync<DefinitionRefusedException>(() => world.PublishAsync(World.Call(Coming).Closing(closesAt)));
        Assert.Equal("/stages/0/intake/closesAt", Assert.Single(refused.Problems).Path);
        Assert.Single(await world.Service.Events<CallPublished>());
    }

    [Fact]
    public async Task Money_and_grid_stay_once_an_application_is_sealed()
    {
        await using var world = await World.StartAsync();
        await world.SubmittedAsync(World.Ana);
        var refused = await Assert.ThrowsAsync<DefinitionRefusedException>(() => world.PublishAsync(World.Call().Granting(200_000, 900_000)));
        Assert.Equal(["/lots/0/maxGrantMinor"], refused.Problems.Select(problem => problem.Path));
        Assert.Equal("/lots/0/maxGrantMinor: Applicants rely on this: it was 1000000 and must stay so.", refused.Message);
        Assert.Equal(2, await world.PublishAsync(World.Call().Closing("2027-01-20T23:59:59")));
    }

    [Fact]
    public async Task The_currency_never_changes_even_before_anybody_applied()
    {
        await using var world = await World.StartAsync();
        var refused = await Assert.ThrowsAsync<DefinitionRefusedException>(() => world.PublishAsync(World.Call() with { Currency = "EUR" }));
        Assert.Equal("/currency", Assert.Single(refused.Problems).Path);
        Assert.Single(await world.Service.Events<CallPublished>());
    }

    [Fact]
    public async Task The_closing_is_announced_once_when_it_is_due()
    {
        await using var world = await World.StartAsync();
        await CloseAsync(world);
        Assert.Empty(await world.Service.Events<CallClosed>());
        world.Clock.Set(World.LastSecond.AddSeconds(1));
        await Task.WhenAll(CloseAsync(world), CloseAsync(world));
        await CloseAsync(world);
        Assert.Equal(World.CallId, Assert.Single(await world.Service.Events<CallClosed>()).CallId);
        var refused = await Assert.ThrowsAsync<DefinitionRefusedException>(() => world.PublishAsync(World.Call().Closing("2027-02-20T23:59:59")));
        Assert.Equal("promise.closing", Assert.Single(refused.Problems).Code);
    }

    [Fact]
    public async Task The_schema_is_public()
    {
        await using var world = await World.StartAsync();
        var answer = await world.As(Caller.Anonymous).GetAsync("/api/calls/schema");
        Assert.Equal("application/schema+json", answer.Content.Headers.ContentType?.MediaType);
        using var schema = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.RootElement.GetProperty("$schema").GetString());
    }

    [Fact]
    public async Task A_published_version_cannot_be_changed_in_the_database()
    {
        await using var world = await World.StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => world.Db(db => db.CallVersions.ExecuteUpdateAsync(set => set.SetProperty(version => version.Definition, "{}"))));
    }

    static Task CloseAsync(World world) =>
        world.Service.Db<ApplicationsDb>(db => CloseCalls.Run(db, world.Service.Services.GetRequiredService<AppTime>(), CancellationToken.None));
}

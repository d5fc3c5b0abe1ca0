using System.Net;
using AngleSharp.Html.Parser;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Apply;

/// <summary>The database ends as in a crash while people work, and comes back.</summary>
[Trait("Database", "postgres")]
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task People_read_a_sentence_keep_what_they_typed_and_go_on_when_the_database_is_back()
    {
        using var server = PostgresServer.New();
        await using var world = await World.StartAsync(settings: await server.DatabaseAsync(ApplicationsService.Definition));
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var fields = new Dictionary<string, string> { ["title"] = "Klupa „za sve“", ["token-title"] = await world.TokenAsync(id, "title") };
        var connections = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.As(World.Ana).GetAsync("/calls")));
        Assert.All(connections, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        server.Stop();
        var away = await world.As(World.Ana).GetAsync("/calls");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
        Assert.Contains("does not answer", await World.TextAsync(away), StringComparison.Ordinal);
        var post = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/draft", fields);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, post.StatusCode);
        var page = new HtmlParser().ParseDocument(await post.Content.ReadAsStringAsync());
        Assert.Contains("Klupa „za sve“", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        var again = page.Forms.Single(form => form.GetAttribute("action") == $"/applications/{id}/draft");
        var kept = again.QuerySelectorAll("input[type=hidden]").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value")!)).ToList();

        server.Start();
        Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/draft", kept)).StatusCode);
        Assert.Equal("Klupa „za sve“", (await world.Db(db => db.DraftFields.SingleAsync(field => field.ApplicationId == id && field.Field == "title"))).Value);
    }

    [Fact]
    public async Task Connections_left_over_from_before_a_restart_fail_once_and_not_one_after_the_other()
    {
        using var server = PostgresServer.New();
        await using var world = await World.StartAsync(settings: await server.DatabaseAsync(ApplicationsService.Definition));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.As(World.Ana).GetAsync("/calls")));

        server.Stop();
        server.Start();
        var answers = new List<HttpStatusCode>();
        for (var number = 0; number < 10; number++) answers.Add((await world.As(World.Ana).GetAsync("/calls")).StatusCode);
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
        Assert.True(answers.Count(status => status != HttpStatusCode.OK) <= 1, string.Join(" ", answers));
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Calls.Editing;

public sealed class ApiTests
{
    static readonly string Draft = $"/api/calls/{World.CallId}/draft";

    [Fact]
    public async Task Published_calls_are_public_and_named_by_the_hash_of_their_bytes()
    {
        await using var world = await World.StartAsync();
        await world.PublishAsync(World.Call() with { Funder = "Somebody" });
        var anybody = world.As(Caller.Anonymous);
        using var list = await JsonAsync(await anybody.GetAsync("/api/calls"));
        var listed = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal((World.CallId, 2), (listed.GetProperty("id").GetGuid(), listed.GetProperty("version").GetInt32()));

        foreach (var caller in new[] { Caller.Anonymous, World.Officer })
        {
            var answer = await world.As(caller).GetAsync($"/api/calls/{World.CallId}");
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal($"\"{CanonicalJson.Sha256Hex(bytes)}\"", answer.Headers.ETag!.Tag);
            Assert.Equal(bytes, CanonicalJson.Canonicalise(Encoding.UTF8.GetString(bytes)));
            // Notes are for staff.
            Assert.Equal(caller == World.Officer ? 1 : 0, CanonicalJson.Deserialize<CallDefinition>(bytes).Notes.Count);
            if (caller == World.Officer) Assert.Equal(listed.GetProperty("sha256").GetString(), answer.Headers.ETag.Tag.Trim('"'));
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/calls/{World.CallId}") { Headers = { IfNoneMatch = { answer.Headers.ETag } } };
            Assert.Equal(HttpStatusCode.NotModified, (await world.As(caller).SendAsync(again)).StatusCode);
        }

        using var versions = await JsonAsync(await anybody.GetAsync($"/api/calls/{World.CallId}/versions"));
        Assert.Equal([1, 2], versions.RootElement.EnumerateArray().Select(version => version.GetProperty("number").GetInt32()));
        Assert.Equal("European Union", (await JsonAsync(await anybody.GetAsync($"/api/calls/{World.CallId}/versions/1"))).RootElement.GetProperty("funder").GetString());
        foreach (var path in (string[])[$"/api/calls/{World.CallId}/versions/3", $"/api/calls/{World.CallId}/versions/0", $"/api/calls/{Guid.CreateVersion7()}", $"/api/calls/{Guid.CreateVersion7()}/versions"])
            Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_call_is_made_changed_and_published()
    {
        await using var world = await World.StartAsync();
        var officer = world.As(World.Officer);
        var call = World.Call(Guid.CreateVersion7()) with { ReferencePrefix = "L4C-2027" };
        var made = await officer.PostAsync("/api/calls", Json(Drafting.Text(call with { Approvals = [] })));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal($"/api/calls/{call.Id}/draft", made.Headers.Location!.ToString());
        Assert.NotEmpty((await JsonAsync(made)).RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal(HttpStatusCode.Conflict, (await officer.PostAsync("/api/calls", Json(Drafting.Text(call)))).StatusCode);

        var refused = await officer.PostAsync($"/api/calls/{call.Id}/draft/publication", Json("{}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        var error = (await JsonAsync(refused)).RootElement.GetProperty("errors")[0];
        foreach (var name in (string[])["path", "line", "code", "message"]) Assert.True(error.TryGetProperty(name, out _), name);

        var saved = await PutAsync(officer, $"/api/calls/{call.Id}/draft", Drafting.Text(call), made.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        var read = await officer.GetAsync($"/api/calls/{call.Id}/draft");
        Assert.Equal(saved.Headers.ETag, read.Headers.ETag);
        Assert.Equal(Drafting.Text(call), await read.Content.ReadAsStringAsync());
        var published = await officer.PostAsync($"/api/calls/{call.Id}/draft/publication", Json("{}"));
        Assert.Equal(HttpStatusCode.Created, published.StatusCode);
        Assert.Equal($"/api/calls/{call.Id}/versions/1", published.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Conflict, (await officer.PostAsync($"/api/calls/{call.Id}/draft/publication", Json("{}"))).StatusCode);
        Assert.Equal(2, (await world.Service.Events<CallPublished>()).Count);
    }

    [Fact]
    public async Task A_save_names_the_draft_it_has_seen()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var officer = world.As(World.Officer);
        var tag = (await officer.GetAsync(Draft)).Headers.ETag;
        Assert.Equal((HttpStatusCode)428, (await PutAsync(officer, Draft, "{}", null)).StatusCode);
        var answers = await Task.WhenAll(PutAsync(officer, Draft, "{\"a\":1}", tag), PutAsync(world.As(Drafting.Second), Draft, "{\"a\":2}", tag));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.StatusCode).Order());
        var refused = await PutAsync(officer, Draft, "{\"a\":3}", tag, "bs");
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Contains("Ništa nije sačuvano", (await JsonAsync(refused)).RootElement.GetProperty("detail").GetString());
        Assert.Equal(2, (await world.DraftAsync()).Version);
    }

    [Fact]
    public async Task A_published_version_never_changes()
    {
        await using var world = await World.StartAsync();
        var answer = await PutAsync(world.As(World.Officer), $"/api/calls/{World.CallId}/versions/1", "{}", null);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("never changes", (await JsonAsync(answer)).RootElement.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(world.As(World.Officer), $"/api/calls/{World.CallId}/versions/2", "{}", null)).StatusCode);
    }

    [Fact]
    public async Task An_amendment_needs_a_reason()
    {
        await using var world = await World.StartAsync();
        var officer = world.As(World.Officer);
        Assert.Equal(HttpStatusCode.Created, (await officer.PostAsync("/api/calls", Json(Drafting.Text(World.Call() with { Funder = "Somebody" })))).StatusCode);
        foreach (var body in (string[])["", "{}", "{\"reason\":\"  \"}"]) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await officer.PostAsync(Draft + "/publication", Json(body))).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await officer.PostAsync(Draft + "/publication", Json("{\"reason\":\"Because\"}"))).StatusCode);
        Assert.Equal("Because", (await world.Db(db => db.CallVersions.SingleAsync(version => version.Number == 2))).Reason);
    }

    [Theory]
    [InlineData("", 422)]
    [InlineData("null", 422)]
    [InlineData("[]", 422)]
    [InlineData("{\"programme\":7}", 422)]
    [InlineData("{\"programme\":\"ALTER\"}", 422)]
    [InlineData("{\"programme\":\"L4C\",\"programme\":\"ALTER\"}", 422)]
    [InlineData("{\"programme\":\"L4C\"}", 201)]
    [InlineData("{\"programme\":\"L4C\",\"stages\":[null],\"languages\":null}", 201)]
    public async Task Any_body_gets_an_answer(string body, int status)
    {
        await using var world = await World.StartAsync();
        var answer = await world.As(World.Officer).PostAsync("/api/calls", Json(body));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotEmpty((await JsonAsync(answer)).RootElement.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task What_is_too_large_is_refused_with_a_sentence_also_when_its_length_was_not_said()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var text = $"{{\"programme\":\"L4C\",\"notes\":[\"{new string('a', 2_000_000)}\"]}}";
        var tag = (await world.As(World.Officer).GetAsync(Draft)).Headers.ETag;
        foreach (var chunked in (bool[])[false, true])
        {
            foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/calls"), (HttpMethod.Put, Draft) })
            {
                using var request = new HttpRequestMessage(method, path) { Content = Json(text), Headers = { TransferEncodingChunked = chunked } };
                if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag.ToString());
                if (chunked) request.Content.Headers.ContentLength = null;
                var answer = await world.As(World.Officer).SendAsync(request);
                Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            }
        }

        Assert.Equal(1, (await world.DraftAsync()).Version);
    }

    [Fact]
    public async Task Who_has_no_role_there_gets_nothing()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        foreach (var caller in new[] { World.OfficerElsewhere, World.Ana, World.Auditor, World.Coordinator })
        {
            var client = world.As(caller);
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Draft)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(client, Draft, "{}", new("\"1\""))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync(Draft + "/publication", Json("{\"reason\":\"x\"}"))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/api/calls", Json(Drafting.Text(World.Call())))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(client, $"/api/calls/{World.CallId}/versions/1", "{}", null)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await world.As(Caller.Anonymous).GetAsync(Draft)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await world.As(Drafting.Administrator).GetAsync(Draft)).StatusCode);
    }

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    static async Task<HttpResponseMessage> PutAsync(HttpClient client, string path, string body, EntityTagHeaderValue? seen, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = Json(body) };
        if (seen is not null) request.Headers.IfMatch.Add(seen);
        request.Headers.Add("Cookie", $"lang={language}");
        return await client.SendAsync(request);
    }

    static async Task<JsonDocument> JsonAsync(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
}

using System.Net;
using System.Text.RegularExpressions;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Check;

[Trait("Database", "both")]
public sealed partial class DoManyTests
{
    static async Task CompleteAsync(World world, Guid id, string second = "yes")
    {
        foreach (var (field, value) in new[] { ("item-in-time", "yes"), ("item-complete", second), ("why-complete", second == "no" ? "No stamp." : "") })
            Assert.Equal(HttpStatusCode.OK, (await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check/fields", new Dictionary<string, string> { [field] = value })).StatusCode);
    }

    static Task<HttpResponseMessage> PreviewAsync(World world, Caller by, string action, params IEnumerable<Guid> ids) => PostAsync(
        world, by, "many", [.. ids.Select(id => ("application", id.ToString())), ("action", action)]);

    // What the page would post.
    static async Task<HttpResponseMessage> DoAsync(World world, HttpResponseMessage preview, string action, params IEnumerable<(string, string)> more) => await PostAsync(
        world, World.Officer, "many/done", [.. Shown().Matches(await preview.Content.ReadAsStringAsync()).Select(match => ("application", match.Groups[1].Value)), ("action", action), .. more]);

    static async Task<HttpResponseMessage> PostAsync(World world, Caller by, string what, IEnumerable<(string, string)> fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await world.As(by).PostAsync($"/desk/calls/{World.CallId}/{what}", form);
    }

    [Fact]
    public async Task Each_is_named_before_anything_happens_and_each_is_done_by_itself()
    {
        await using var world = await World.StartAsync();
        var ids = new List<Guid>();
        foreach (var name in new[] { "First", "Second", "Third", "Fourth" }) ids.Add(await world.SubmittedAsync(World.Ana, name));
        await CompleteAsync(world, ids[0]);
        await CompleteAsync(world, ids[1]);
        await CompleteAsync(world, ids[2], "no");
        var preview = await PreviewAsync(world, World.Officer, "eligible", ids);
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        var page = await World.TextAsync(preview);
        Assert.Contains("2 applications will be marked as eligible", page);
        Assert.Contains("L4C-2026-00001 First L4C-2026-00002 Second", page);
        Assert.Contains("L4C-2026-00003 Third: An item is at no", page);
        Assert.Contains("L4C-2026-00004 Fourth: the list is not complete: 0 of 2 items.", page);
        Assert.Empty(await world.Service.Events<EligibilityDecided>());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await DoAsync(world, preview, "eligible")).StatusCode);
        var done = await DoAsync(world, preview, "eligible", ("reason", "All complete."));
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Contains("2 applications were marked as eligible", await World.TextAsync(done));
        Assert.Equal(ids[..2], (await world.Service.Events<EligibilityDecided>()).Select(decided => decided.ApplicationId));
        Assert.Equal(2, await world.Db(db => db.Set<AuditEntry>().CountAsync(entry => entry.Action == "application.eligible" && entry.Reason == "All complete.")));

        // Posted again: they are as they are, and that is said.
        Assert.Contains("L4C-2026-00001 First: the check has ended", await World.TextAsync(await DoAsync(world, preview, "eligible", ("reason", "All complete."))));
        Assert.Equal(2, (await world.Service.Events<EligibilityDecided>()).Count);
    }

    [Fact]
    public async Task What_changed_after_the_page_was_shown_is_left_alone_and_said()
    {
        await using var world = await World.StartAsync();
        var (asked, unticked, stays) = (await world.SubmittedAsync(World.Ana, "Asked"), await world.SubmittedAsync(World.Ana, "Unticked"), await world.SubmittedAsync(World.Ana, "Stays"));
        foreach (var id in new[] { asked, unticked, stays }) await CompleteAsync(world, id);
        var preview = await PreviewAsync(world, World.Officer, "eligible", asked, unticked, stays);
        await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{asked}/clarifications", new { id = Guid.CreateVersion7(), items = "complete", question = "?" });
        var token = FieldToken.Of(1, "yes").ToString();
        await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{unticked}/check/fields", new Dictionary<string, string> { ["item-complete"] = "no", ["token-item-complete"] = token });
        var page = await World.TextAsync(await DoAsync(world, preview, "eligible", ("reason", "All complete.")));
        Assert.Contains("1 application was marked as eligible", page);
        Assert.Contains("2 are skipped", page);
        Assert.Equal(stays, Assert.Single(await world.Service.Events<EligibilityDecided>()).ApplicationId);
    }

    [Fact]
    public async Task The_same_question_goes_to_many_once()
    {
        await using var world = await World.StartAsync();
        var (first, second, third) = (await world.SubmittedAsync(World.Ana, "First"), await world.SubmittedAsync(World.Ana, "Second"), await world.SubmittedAsync(World.Ana, "Third"));
        var preview = await PreviewAsync(world, World.Officer, "ask", first, second, third);
        Assert.Contains("3 applicants will be asked", await World.TextAsync(preview));
        // Changed meanwhile.
        await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{third}/clarifications", new { id = Guid.CreateVersion7(), items = "in-time", question = "?" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await DoAsync(world, preview, "ask", ("question", "Where is the stamp?"))).StatusCode);
        var done = await World.TextAsync(await DoAsync(world, preview, "ask", ("question", "Where is the stamp?"), ("items", "complete")));
        Assert.Contains("2 applicants were asked", done);
        Assert.Contains("L4C-2026-00003 Third: it has changed since the page was shown", done);
        await DoAsync(world, preview, "ask", ("question", "Where is the stamp?"), ("items", "complete"));
        var events = await world.Service.Events<ClarificationAsked>();
        Assert.Equal([first, second], events.Where(asked => asked.Question != "?").Select(asked => asked.ApplicationId));
    }

    [Fact]
    public async Task Nobody_acts_on_what_is_not_theirs()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        await CompleteAsync(world, id);
        foreach (var other in new[] { World.Ana, World.Auditor, World.Coordinator, World.OfficerElsewhere })
            Assert.Equal(HttpStatusCode.NotFound, (await PreviewAsync(world, other, "eligible", id)).StatusCode);
        Assert.Contains("you are a member of this organisation", await World.TextAsync(await PreviewAsync(world, World.Ana with { Roles = World.Officer.Roles }, "eligible", id)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PreviewAsync(world, World.Officer, "eligible")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PreviewAsync(world, World.Officer, "eligible", Guid.CreateVersion7())).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PreviewAsync(world, World.Officer, "delete", id)).StatusCode);
        Assert.Empty(await world.Service.Events<EligibilityDecided>());
    }

    [GeneratedRegex("name=\"application\" value=\"([^\"]+)\"")]
    private static partial Regex Shown();
}

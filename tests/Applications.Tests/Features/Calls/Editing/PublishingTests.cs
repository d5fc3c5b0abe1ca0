using System.Net;
using Grants.Contracts.Applications;
using Grants.Platform.Persistence;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Calls.Editing;

public sealed class PublishingTests
{
    [Fact]
    public async Task An_amendment_is_published_with_who_and_why()
    {
        await using var world = await World.StartAsync();
        await world.KnowAsync(World.Officer, "olga@grants.example");
        await world.AmendAsync();
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call().Closing("2027-01-20T23:59:59")), reason: "More time");
        var page = await world.PageAsync(World.Officer, Drafting.Draft() + "/publication");
        foreach (var words in (string[])["It becomes version 2 of the call", "Everybody sees it at once", "/stages/0/intake/closesAt 2027-01-15T23:59:59 2027-01-20T23:59:59", "More time", "Publish version 2"])
            Assert.Contains(words, page);
        Assert.Equal($"/desk/calls/{World.CallId}/versions", (await world.PublishDraftAsync(World.Officer, "Holidays in between")).Headers.Location?.ToString());

        var version = await world.Db(db => db.CallVersions.SingleAsync(found => found.CallId == World.CallId && found.Number == 2));
        Assert.Equal((World.Officer.PersonId, "Holidays in between"), (version.PublishedBy, version.Reason));
        var entry = await world.Db(db => db.Set<AuditEntry>().OrderByDescending(found => found.At).FirstAsync(found => found.Action == "call.published" && found.PersonId == World.Officer.PersonId));
        Assert.Equal(("Holidays in between", World.CallId.ToString()), (entry.Reason, entry.Subject));
        Assert.Equal([1, 2], (await world.Service.Events<CallPublished>()).Select(published => published.Version));
        Assert.Equal(0, await world.Db(db => db.CallDrafts.CountAsync()));
        var versions = await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}/versions?from=1&to=2");
        foreach (var words in (string[])["Version 2", "Olga Officer", "Holidays in between", "From version 1 to version 2", "/stages/0/intake/closesAt"]) Assert.Contains(words, versions);
        // A second click of the same person sees what the first one did; a colleague is told.
        Assert.Equal(HttpStatusCode.Found, (await world.PublishDraftAsync(World.Officer, "Again", seen: 2)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await world.PublishDraftAsync(Drafting.Second, "Again", seen: 2)).StatusCode);
        Assert.Equal(2, await world.Db(db => db.CallVersions.CountAsync()));
    }

    [Fact]
    public async Task An_amendment_needs_a_reason_and_what_was_confirmed_must_still_be_there()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call() with { Funder = "Somebody" }));
        var none = await world.PublishDraftAsync(World.Officer);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.StatusCode);
        Assert.Contains("Write why the call is amended", await World.TextAsync(none));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.PublishDraftAsync(World.Officer, new string('a', 2001))).StatusCode);
        var stale = await world.PublishDraftAsync(World.Officer, "Because", seen: 1);
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        Assert.Contains("saved the draft meanwhile", await World.TextAsync(stale));
        Assert.Single(await world.Service.Events<CallPublished>());
    }

    [Fact]
    public async Task A_draft_with_problems_is_not_published()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        foreach (var text in (string[])["{", Drafting.Text(World.Call() with { Currency = "EUR" }), Drafting.Text(World.Call() with { Languages = [] })])
        {
            await world.SaveAsync(World.Officer, text);
            var answer = await world.PublishDraftAsync(World.Officer, "Because");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains("It cannot be published yet", await World.TextAsync(answer));
        }

        Assert.Single(await world.Service.Events<CallPublished>());
        Assert.Equal(1, await world.Db(db => db.CallDrafts.CountAsync()));
    }

    [Fact]
    public async Task What_applicants_were_promised_stays_once_a_dossier_is_sealed()
    {
        await using var world = await World.StartAsync();
        await world.SubmittedAsync(World.Ana);
        await world.AmendAsync();
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call().Granting(200_000, 900_000)));
        Assert.Contains("Applicants rely on this", await world.PageAsync(World.Officer, Drafting.Draft()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.PublishDraftAsync(World.Officer, "Because")).StatusCode);
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call().Closing("2027-01-20T23:59:59")));
        Assert.Contains("1 submitted application stays with the version it was written for", await world.PageAsync(World.Officer, Drafting.Draft() + "/publication"));
        Assert.Equal(HttpStatusCode.Found, (await world.PublishDraftAsync(World.Officer, "Because")).StatusCode);
    }

    [Fact]
    public async Task A_definition_that_no_event_could_carry_is_not_published()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call() with { Notes = [new string('ш', 300_000)] }));
        Assert.Contains("too large to be sent to the other services", await world.PageAsync(World.Officer, Drafting.Draft()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.PublishDraftAsync(World.Officer, "Because")).StatusCode);
    }

    [Fact]
    public async Task Of_two_officers_who_publish_at_once_one_does()
    {
        await using var world = await World.StartAsync();
        await OnceAsync(world);
    }

    internal static async Task OnceAsync(World world)
    {
        await world.AmendAsync();
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call() with { Funder = "Somebody" }));
        var answers = await Task.WhenAll(world.PublishDraftAsync(World.Officer, "First", seen: 2), world.PublishDraftAsync(Drafting.Second, "Second", seen: 2));
        Assert.Equal([HttpStatusCode.Found, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Contains("nothing was published twice", await World.TextAsync(answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict)));
        Assert.Equal([1, 2], (await world.Service.Events<CallPublished>()).Select(published => published.Version));
        Assert.Equal(2, await world.Db(db => db.CallVersions.CountAsync()));
        Assert.Equal(0, await world.Db(db => db.CallDrafts.CountAsync()));
    }

    [Fact]
    public async Task A_comparison_follows_ids_and_notices_another_order()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var questions = World.Call().Questions;
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call().Asking(SampleCall.Question("new", World.Call().Title, 100), questions[0], questions[1] with { MaxCharacters = 900 })));
        var page = await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}/versions?to=draft");
        Assert.Contains("/stages/0/intake/sections/0/questions/0 not there", page);
        Assert.Contains("/stages/0/intake/sections/0/questions/2/maxCharacters 500 900", page);
        Assert.DoesNotContain("/questions/1", page);
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call().Asking(questions[1], questions[0])));
        Assert.Contains("/stages/0/intake/sections/0/questions problem, activities activities, problem", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}/versions?to=draft"));
    }
}

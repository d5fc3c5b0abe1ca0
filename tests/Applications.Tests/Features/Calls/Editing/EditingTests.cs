using System.Net;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Calls.Editing;

public sealed class EditingTests
{
    [Fact]
    public async Task Officers_find_the_calls_in_their_scope_with_versions_and_drafts()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var list = await world.PageAsync(World.Officer, "/desk/calls");
        foreach (var words in (string[])["Calls I can edit", "Make a new call", "Small grants", "Version 1", "Olga Officer", "Open the draft"]) Assert.Contains(words, list);
        Assert.Contains("Small grants", await world.PageAsync(Drafting.Administrator, "/desk/calls"));
        Assert.DoesNotContain("Small grants", await world.PageAsync(World.OfficerElsewhere, "/desk/calls"));
        Assert.Contains("Calls I can edit", await world.PageAsync(World.Officer, "/desk"));
        Assert.Contains("Amend this call", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));
        Assert.Contains("Pozivi koje mogu uređivati", await world.PageAsync(World.Officer, "/desk/calls", "bs"));
        Assert.Contains("Повици што можам да ги уредувам", await world.PageAsync(World.Officer, "/desk/calls", "mk"));
    }

    [Fact]
    public async Task Nobody_else_sees_or_changes_a_draft()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        foreach (var caller in new[] { World.OfficerElsewhere, World.Ana, World.Auditor, World.Coordinator })
        {
            foreach (var path in (string[])["draft", "draft/preview", "draft/deletion", "draft/publication", "versions"])
                Assert.Equal(HttpStatusCode.NotFound, (await world.As(caller).GetAsync($"/desk/calls/{World.CallId}/{path}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await world.SaveAsync(caller, "{}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await world.PublishDraftAsync(caller, "because")).StatusCode);
            foreach (var path in (string[])["draft/deletion", "amendment"])
                Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(caller), $"/desk/calls/{World.CallId}/{path}", new { })).StatusCode);
        }

        // Administrators read.
        Assert.Equal(HttpStatusCode.OK, (await world.As(Drafting.Administrator).GetAsync(Drafting.Draft())).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.SaveAsync(Drafting.Administrator, "{}")).StatusCode);
        Assert.Equal(1, (await world.DraftAsync()).Version);
        // What somebody typed is given back also when there is no draft for them.
        Assert.Contains("my words", await World.TextAsync(await world.SaveAsync(World.OfficerElsewhere, "my words")));
    }

    [Fact]
    public async Task Amending_twice_goes_on_with_the_first_draft()
    {
        await using var world = await World.StartAsync();
        await Task.WhenAll(world.AmendAsync(), world.AmendAsync(Drafting.Second));
        await world.AmendAsync();
        var draft = await world.DraftAsync();
        Assert.Equal((World.CallId, 1), (draft.BasedOnCallId, draft.BasedOnVersion));
        Assert.Equal("Small grants", Drafting.Read(draft.Text).Title["en"]);
        Assert.Equal(1, await world.Db(db => db.CallDrafts.CountAsync()));
    }

    [Fact]
    public async Task A_text_is_kept_as_it_was_typed_also_when_it_is_no_definition()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        const string typed = "\n  { \"title\": \"Мали <грантови> 🌱\",\n\n\t\"x\" }  \n";
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(World.Officer, typed)).StatusCode);
        Assert.Equal(typed, (await world.DraftAsync()).Text);
        var page = await (await world.As(World.Officer).GetAsync(Drafting.Draft())).Content.ReadAsStringAsync();
        Assert.Contains("\n" + typed, WebUtility.HtmlDecode(page));
        Assert.Contains("data-line=\"4\"", page);
        // Posted twice: nothing to do the second time, and no conflict.
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(World.Officer, typed, seen: 1)).StatusCode);
        Assert.Equal(2, (await world.DraftAsync()).Version);
    }

    [Fact]
    public async Task Problems_stand_beside_the_text_with_line_path_and_sentence()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var text = Drafting.Text(World.Call().Closing("2027-03-28T02:30:00"));
        await world.SaveAsync(World.Officer, text);
        var line = text.Split('\n').ToList().FindIndex(row => row.Contains("closesAt", StringComparison.Ordinal)) + 1;
        Assert.Contains($"Line {line} /stages/0/intake/closesAt 2027-03-28T02:30:00 does not exist", await world.PageAsync(World.Officer, Drafting.Draft()));
        Assert.Contains("ne postoji: sat se tada pomjera unaprijed", await world.PageAsync(World.Officer, Drafting.Draft(), "bs"));
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call() with { Id = Guid.CreateVersion7() }));
        Assert.Contains($"it must stay {World.CallId}", await world.PageAsync(World.Officer, Drafting.Draft()));
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call()));
        Assert.Contains("Nothing differs from version 1", await world.PageAsync(World.Officer, Drafting.Draft()));
        await world.SaveAsync(World.Officer, Drafting.Text(World.Call() with { Funder = "Somebody" }));
        Assert.Contains("this draft can be published", await world.PageAsync(World.Officer, Drafting.Draft()));
    }

    [Fact]
    public async Task Two_people_who_save_lose_nothing()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(World.Officer, "{ \"a\": \"first\" }", seen: 1)).StatusCode);
        var second = await world.SaveAsync(Drafting.Second, "{ \"a\": \"second\" }", seen: 1);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var page = await World.TextAsync(second);
        Assert.Contains("Olga Officer saved another text meanwhile", page);
        Assert.Contains("{ \"a\": \"first\" }", page);
        Assert.Contains("{ \"a\": \"second\" }", page);
        Assert.Contains("/a first second", page);
        Assert.Equal("{ \"a\": \"first\" }", (await world.DraftAsync()).Text);
        // Knowing both, whoever saves next decides.
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(Drafting.Second, "{ \"a\": \"second\" }", seen: 2)).StatusCode);
        Assert.Equal("Sanja Second", (await world.DraftAsync()).UpdatedByName);
    }

    [Fact]
    public async Task At_the_same_moment_one_save_wins_and_the_other_is_told()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var answers = await Task.WhenAll(world.SaveAsync(World.Officer, "{ \"a\": 1 }", seen: 1), world.SaveAsync(Drafting.Second, "{ \"a\": 2 }", seen: 1));
        Assert.Equal([HttpStatusCode.Found, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        Assert.Equal(2, (await world.DraftAsync()).Version);
    }

    [Fact]
    public async Task What_is_too_long_is_answered_with_a_sentence_and_kept_on_the_page()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var answer = await world.SaveAsync(World.Officer, new string('š', 600_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var page = await World.TextAsync(answer);
        Assert.Contains("longer than 1 MiB", page);
        Assert.Contains("ššš", page);
        Assert.Equal(1, (await world.DraftAsync()).Version);
    }

    [Fact]
    public async Task A_draft_is_not_moved_out_of_the_scope_of_who_writes_it()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var answer = await world.SaveAsync(World.Officer, Drafting.Text(World.Call() with { Programme = "ALTER" }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("does not let you move the call to the programme ALTER", await World.TextAsync(answer));
        Assert.Equal("L4C", (await world.DraftAsync()).Programme);
    }

    [Fact]
    public async Task A_draft_is_deleted_after_a_question_and_its_call_stays()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        Assert.Contains("The published versions of the call stay as they are", await world.PageAsync(World.Officer, Drafting.Draft() + "/deletion"));
        await world.SaveAsync(Drafting.Second, "{}");
        var stale = await ServiceFixture.PostAsync(world.As(World.Officer), Drafting.Draft() + "/deletion", new Dictionary<string, string> { ["token-version"] = "1" });
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        Assert.Contains("Sanja Second saved the draft meanwhile", await World.TextAsync(stale));
        for (var click = 0; click < 2; click++)
        {
            var answer = await ServiceFixture.PostAsync(world.As(World.Officer), Drafting.Draft() + "/deletion", new Dictionary<string, string> { ["token-version"] = "2" });
            Assert.Equal("/desk/calls", answer.Headers.Location?.ToString());
        }

        Assert.Equal(0, await world.Db(db => db.CallDrafts.CountAsync()));
        Assert.Equal(1, await world.Db(db => db.CallVersions.CountAsync()));
        // Whoever still had it open gets the text back.
        var late = await world.SaveAsync(World.Officer, "late words", seen: 2);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("late words", await World.TextAsync(late));
    }

    [Fact]
    public async Task The_preview_marks_what_is_not_translated()
    {
        await using var world = await World.StartAsync();
        await world.AmendAsync();
        var call = World.Call();
        var untranslated = call with { Summary = new() { ["bs"] = "Samo ovdje.", ["en"] = "Here only." } };
        await world.SaveAsync(World.Officer, Drafting.Text(untranslated));
        var macedonian = await world.PageAsync(World.Officer, Drafting.Draft() + "/preview?as=applicant&language=mk");
        Assert.Contains("1 text is not translated: Македонски", macedonian);
        Assert.Contains("/summary", macedonian);
        Assert.Contains("Here only. not translated: Македонски", macedonian);
        Assert.Contains("Мали грантови", macedonian);
        Assert.Contains("Кој проблем го решавате?", macedonian);
        var bosnian = await world.PageAsync(World.Officer, Drafting.Draft() + "/preview?as=applicant&language=bs");
        Assert.DoesNotContain("not translated", bosnian);
        var evaluator = await world.PageAsync(World.Officer, Drafting.Draft() + "/preview?as=evaluator&language=en");
        Assert.Contains("Relevance", evaluator);
        Assert.Contains("1 to 5 points in steps of 1. Counts 2 times.", evaluator);
        await world.SaveAsync(World.Officer, "{");
        Assert.Contains("nothing to preview", await world.PageAsync(World.Officer, Drafting.Draft() + "/preview"));
    }
}

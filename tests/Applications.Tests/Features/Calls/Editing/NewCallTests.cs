using System.Net;
using Grants.Applications.Domain;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Calls.Editing;

public sealed class NewCallTests
{
    [Theory]
    [InlineData("en", "New call")]
    [InlineData("bs", "Novi poziv")]
    [InlineData("mk", "Нов повик")]
    public async Task A_call_from_nothing_breaks_no_rule_and_speaks_the_officers_language(string language, string title)
    {
        await using var world = await World.StartAsync();
        var client = world.As(World.Officer);
        client.DefaultRequestHeaders.Add("Cookie", $"lang={language}");
        var answer = await ServiceFixture.PostAsync(client, "/desk/calls/new", new { start = "nothing", programme = "L4C" });
        var id = Guid.Parse(answer.Headers.Location!.ToString().Split('/')[3]);
        var call = Drafting.Read((await world.DraftAsync(id)).Text);
        Assert.Equal((id, title, "L4C-2027"), (call.Id, call.Title[language], call.ReferencePrefix));
        Assert.Empty(Definitions.Check(call).Problems);
        Assert.Contains("this draft can be published", await world.PageAsync(World.Officer, Drafting.Draft(id)));
        Assert.Equal($"/desk/calls/{id}/versions", (await world.PublishDraftAsync(World.Officer, call: id)).Headers.Location?.ToString());
        Assert.Equal(1, (await world.Db(db => db.Calls.SingleAsync(found => found.Id == id))).DefinitionVersion);
    }

    [Fact]
    public async Task A_copy_falls_on_the_same_days_of_the_week_a_year_later()
    {
        await using var world = await World.StartAsync();
        Assert.Contains("364 days are 52 weeks", await world.PageAsync(World.Officer, "/desk/calls/new"));
        await world.PublishAsync(World.Call().WithIntake(intake => intake with { QuestionsUntil = "2027-01-10T12:00:00" }) with { Title = new() { ["bs"] = "Mali grantovi 2026", ["en"] = "Small grants 2026", ["mk"] = "Мали грантови 2026" }, Duration = new(1, 9, "2027-03-01", "") });
        var id = await world.NewAsync(new { start = "copy", from = World.CallId, days = 364, years = 0 });
        var draft = await world.DraftAsync(id);
        var copy = Drafting.Read(draft.Text);
        Assert.Equal(("2027-11-30T08:00:00", "2028-01-14T23:59:59", "2028-01-09T12:00:00"), (copy.OpensAt, copy.ClosesAt, copy.Intake.QuestionsUntil));
        Assert.Equal(("2028-02-28", ""), (copy.Duration.EarliestStart, copy.Duration.LatestEnd));
        Assert.Equal((id, "L4C-2027", "Small grants 2027", "Мали грантови 2027"), (copy.Id, copy.ReferencePrefix, copy.Title["en"], copy.Title["mk"]));
        Assert.Equal("Copied from \"Small grants 2026\", version 2.", copy.Notes[^1]);
        Assert.Equal((World.CallId, 2, "L4C"), (draft.BasedOnCallId, draft.BasedOnVersion, draft.Programme));
        Assert.Contains("this draft can be published", await world.PageAsync(World.Officer, Drafting.Draft(id)));
    }

    [Fact]
    public async Task A_moved_time_that_the_clocks_skip_is_reported_and_not_moved()
    {
        await using var world = await World.StartAsync();
        await world.PublishAsync(World.Call().Closing("2027-02-26T02:30:00"));
        var id = await world.NewAsync(new { start = "copy", from = World.CallId, days = 30, years = 0 });
        Assert.Equal("2027-03-28T02:30:00", Drafting.Read((await world.DraftAsync(id)).Text).ClosesAt);
        Assert.Contains("/stages/0/intake/closesAt 2027-03-28T02:30:00 does not exist", await world.PageAsync(World.Officer, Drafting.Draft(id)));
        // Nor is it published so.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.PublishDraftAsync(World.Officer, call: id)).StatusCode);
    }

    [Fact]
    public async Task A_copy_with_the_same_prefix_cannot_be_published_since_references_are_unique()
    {
        await using var world = await World.StartAsync();
        var id = await world.NewAsync(new { start = "copy", from = World.CallId, days = 7, years = 0 });
        Assert.Contains("Another call uses the reference prefix L4C-2026 already", await world.PageAsync(World.Officer, Drafting.Draft(id)));
    }

    [Theory]
    [InlineData("copy", "x", "364", "0", "L4C", "Choose the call to copy")]
    [InlineData("copy", "", "one", "0", "L4C", "Days are a whole number")]
    [InlineData("copy", "", "364", "999999999999", "L4C", "Years are a whole number")]
    [InlineData("nothing", "", "", "", "", "Write the code of the programme")]
    [InlineData("nothing", "", "", "", "ALTER", "does not let you make calls of the programme ALTER")]
    [InlineData("", "", "", "", "L4C", "Choose how you want to begin")]
    public async Task Bad_input_gets_a_sentence_and_begins_nothing(string start, string from, string days, string years, string programme, string sentence)
    {
        await using var world = await World.StartAsync();
        var answer = await ServiceFixture.PostAsync(world.As(World.Officer), "/desk/calls/new", new { start, from = from.Length > 0 ? from : World.CallId.ToString(), days, years, programme });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(sentence, await World.TextAsync(answer));
        Assert.Equal(0, await world.Db(db => db.CallDrafts.CountAsync()));
    }

    [Fact]
    public async Task Only_calls_in_scope_are_copied_and_a_second_click_finds_the_first_draft()
    {
        await using var world = await World.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.OfficerElsewhere), "/desk/calls/new", new { start = "copy", from = World.CallId, days = 364, years = 0 })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.Ana), "/desk/calls/new", new { start = "nothing", programme = "L4C" })).StatusCode);
        var ofOneCall = World.Staff("Oto One", Role.ProgrammeOfficer, $"call:{World.CallId}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ServiceFixture.PostAsync(world.As(ofOneCall), "/desk/calls/new", new { start = "nothing", programme = "L4C" })).StatusCode);
        var fields = new Dictionary<string, string> { ["token-id"] = Guid.CreateVersion7().ToString(), ["start"] = "nothing", ["programme"] = "L4C" };
        Assert.Equal(await world.NewAsync(fields), await world.NewAsync(fields));
        Assert.Equal(1, await world.Db(db => db.CallDrafts.CountAsync()));
        // Nobody begins a draft of a published call this way.
        fields["token-id"] = World.CallId.ToString();
        Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.Officer), "/desk/calls/new", fields)).StatusCode);
    }
}

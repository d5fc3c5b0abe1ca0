using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Apply;

public sealed class DraftTests
{
    [Fact]
    public async Task Starting_again_goes_on_with_the_one_draft_of_the_organisation()
    {
        await using var world = await World.StartAsync();
        var organisation = await world.RegisterAsync(World.Ana);
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.StartDraftAsync(World.Ana, organisation)));
        Assert.Single(ids.Distinct());
        Assert.Equal(1, await world.Db(db => db.Applications.CountAsync()));
    }

    [Fact]
    public async Task Only_members_from_the_calls_countries_start_and_only_while_it_is_open()
    {
        await using var world = await World.StartAsync();
        var organisation = await world.RegisterAsync(World.Ana);
        Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.Boris), $"/apply/{World.CallId}", new { organisation })).StatusCode);
        var elsewhere = await world.RegisterAsync(World.Ana, "Ailleurs", "FR");
        var refused = await ServiceFixture.PostAsync(world.As(World.Ana), $"/apply/{World.CallId}", new { organisation = elsewhere });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("not open to organisations from this country", await World.TextAsync(refused));
        world.Clock.Set(World.LastSecond.AddSeconds(1));
        Assert.Contains("The call closed on", await World.TextAsync(await ServiceFixture.PostAsync(world.As(World.Ana), $"/apply/{World.CallId}", new { organisation })));
        Assert.Equal(0, await world.Db(db => db.Applications.CountAsync()));
    }

    [Fact]
    public async Task A_draft_says_loudly_that_it_is_not_submitted_until_when_it_can_be_and_how_long_that_is()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        foreach (var path in new[] { "", "/draft", "/documents", "/check" })
        {
            var page = await world.PageAsync(World.Ana, $"/applications/{id}{path}");
            Assert.Contains("Not submitted", page);
            Assert.Contains("Friday 15 January 2027, 23:59 (Sarajevo)", page);
            Assert.Contains("11 days left.", page);
        }

        Assert.Contains("Preostalo je 11 dana.", await world.PageAsync(World.Ana, $"/applications/{id}", "bs"));
        world.Clock.Set(World.LastSecond);
        Assert.Contains("Today is the last day.", await world.PageAsync(World.Ana, $"/applications/{id}"));
    }

    [Theory]
    [InlineData("1.234", "en")]
    [InlineData("1.234", "bs")]
    [InlineData("1234,5", "en")]
    [InlineData("1234,5", "bs")]
    [InlineData("-1", "en")]
    [InlineData("1999", "en", "Ask for an amount from")]
    [InlineData("10000,01", "bs", "Zatražite iznos od 2.000,00")]
    [InlineData("zehn", "en")]
    public async Task An_amount_that_cannot_be_is_said_so_beside_the_field_and_kept_as_typed(string typed, string language, string? sentence = null)
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var client = world.As(World.Ana);
        client.DefaultRequestHeaders.Add("Cookie", $"lang={language}");
        var answer = await ServiceFixture.PostAsync(client, $"/applications/{id}/draft", new { amount = typed, title = "Kept all the same" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Contains($"value=\"{typed}\"", html);
        Assert.Contains("amount-error", html);
        if (sentence is not null) Assert.Contains(sentence, await World.TextAsync(answer));
        Assert.Equal(["title"], await world.Db(db => db.DraftFields.Select(field => field.Field).ToListAsync()));
    }

    [Fact]
    public async Task A_comma_for_the_decimals_is_understood()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        await world.SaveAsync(World.Ana, id, new() { ["amount"] = "2234,50" });
        await world.SubmitAsync(World.Ana, id);
        Assert.Equal(223_450, (await world.ApplicationAsync(id)).RequestedMinor);
    }

    [Fact]
    public async Task A_field_is_saved_on_its_own_and_tells_its_new_version()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var first = await SaveFieldAsync(world, id, "title", "Klupa", "");
        Assert.Equal(HttpStatusCode.OK, first.Status);
        var second = await SaveFieldAsync(world, id, "title", "Klupa 2", first.Answer.GetProperty("version").GetString()!);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(second.Answer.GetProperty("version").GetString(), second.Answer.GetProperty("hidden").GetProperty("token-title").GetString());
        Assert.Equal(("Klupa 2", 2L), await world.Db(async db => await db.DraftFields.Select(field => new ValueTuple<string, long>(field.Value, field.Version)).SingleAsync()));

        var wrong = await SaveFieldAsync(world, id, "months", "99", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal("Write a whole number of months from 1 to 9.", wrong.Answer.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SaveFieldAsync(world, id, "nonsense", "x", "")).Status);
    }

    [Fact]
    public async Task Two_tabs_that_write_in_one_field_see_both_texts_and_nothing_is_overwritten_unseen()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = "common", ["title"] = "Klupa" });
        var (problem, title) = (await world.TokenAsync(id, "q-problem"), await world.TokenAsync(id, "title"));

        await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = "from the first tab", ["token-q-problem"] = problem, ["title"] = "Klupa", ["token-title"] = title });
        var second = await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = "from the second tab", ["token-q-problem"] = problem, ["title"] = "Klupa", ["token-title"] = title });
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var page = await World.TextAsync(second);
        Assert.Contains("from the first tab", page);
        Assert.Contains("from the second tab", page);
        Assert.Equal("from the first tab", await Stored());

        var field = await SaveFieldAsync(world, id, "q-problem", "from the second tab", problem);
        Assert.Equal(HttpStatusCode.Conflict, field.Status);
        Assert.Equal("from the first tab", field.Answer.GetProperty("stored").GetString());

        // The page that showed both knows the newer version: saving it again is a decision.
        await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = "both" });
        Assert.Equal("both", await Stored());

        Task<string> Stored() => world.Db(db => db.DraftFields.Where(found => found.Field == "q-problem").Select(found => found.Value).SingleAsync());
    }

    [Fact]
    public async Task Two_tabs_that_write_in_different_fields_do_not_disturb_each_other()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var (problem, title) = (await world.TokenAsync(id, "q-problem"), await world.TokenAsync(id, "title"));
        await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = "written here", ["token-q-problem"] = problem, ["title"] = "", ["token-title"] = title });
        var other = await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = "", ["token-q-problem"] = problem, ["title"] = "written there", ["token-title"] = title });
        Assert.Equal(HttpStatusCode.Found, other.StatusCode);
        Assert.Equal(["written here", "written there"], await world.Db(db => db.DraftFields.OrderBy(field => field.Field).Select(field => field.Value).ToListAsync()));
    }

    [Fact]
    public async Task A_text_over_the_limit_is_counted_and_kept_on_the_page()
    {
        await using var world = await World.StartAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var text = string.Concat(Enumerable.Repeat("ђ", 501));
        var answer = await world.SaveAsync(World.Ana, id, new() { ["q-problem"] = text });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await World.TextAsync(answer);
        Assert.Contains("This has 501 characters. Shorten it to 500.", page);
        Assert.Contains(text, page);
    }

    [SharedFact]
    public async Task Every_naughty_string_in_every_text_field_is_kept_shown_encoded_and_sealed()
    {
        await using var world = await World.StartAsync();
        var number = 0;
        foreach (var naughty in Naughty.Strings)
        {
            var typed = Grants.Platform.Http.PostedForm.Clean(naughty).Trim();
            if (typed.Length is 0 or > 190) continue;
            var organisation = Guid.CreateVersion7();
            var (shortly, longer) = (typed.Length <= 20 ? naughty : "1", typed.Length <= 100 ? naughty : "1");
            Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Ana), "/organisations/new", new
            {
                id = organisation, name = naughty, number = shortly, country = "BA", street = longer, house = shortly, postcode = shortly, town = longer,
            })).StatusCode);
            var id = await world.StartDraftAsync(World.Ana, organisation);
            await world.FillAsync(World.Ana, id, naughty, naughty);
            foreach (var path in new[] { $"/applications/{id}/draft", $"/applications/{id}/check", $"/organisations/{organisation}", $"/applications/{id}" })
                await ShownAsync(path);
            Assert.Equal(HttpStatusCode.Found, (await world.SubmitAsync(World.Ana, id)).StatusCode);
            foreach (var path in new[] { $"/applications/{id}/receipt", $"/applications/{id}/dossier" }) await ShownAsync(path);
            Assert.Equal(typed, (await world.ApplicationAsync(id)).Title);
            Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string>
            {
                ["item-in-time"] = "yes", ["item-complete"] = "yes", ["eligible"] = "yes", ["reason"] = naughty,
            })).StatusCode);
            await ShownAsync($"/desk/applications/{id}", World.Officer);
            number++;

            async Task ShownAsync(string path, Grants.Platform.Http.Caller? reader = null)
            {
                var answer = await world.As(reader ?? World.Ana).GetAsync(path);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                var html = await answer.Content.ReadAsStringAsync();
                // Nothing typed became markup: all scripts on a page are ours.
                Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
                if (path.EndsWith("dossier", StringComparison.Ordinal)) Assert.Contains(typed, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            }
        }

        Assert.True(number > 300, $"only {number} strings were tried");
        Assert.Contains("L4C-2026-00001", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));
    }

    static async Task<(HttpStatusCode Status, JsonElement Answer)> SaveFieldAsync(World world, Guid id, string field, string value, string version)
    {
        var answer = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/draft/fields", new { field, value, version });
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}

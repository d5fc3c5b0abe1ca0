using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

public sealed class QuestionKindPagesTests
{
    [Fact]
    public async Task Each_kind_of_answer_is_saved_shown_again_and_sealed_so_that_it_explains_itself()
    {
        await using var world = await World.StartAsync(EveryKind.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(world, id, [.. Pairs(EveryKind.Answers(), "q-groups"), new("q-groups", "old"), new("q-groups", "women")])).StatusCode);
        Assert.Equal("120", await StoredAsync(world, id, "q-people"));
        Assert.Equal("women\nold", await StoredAsync(world, id, "q-groups"));
        Assert.Equal("2027-03-01", await StoredAsync(world, id, "q-from"));

        var form = await HtmlAsync(world, $"/applications/{id}/draft");
        Assert.Contains("value=\"culture\" checked", form);
        Assert.Contains("value=\"women\" checked", form);
        Assert.DoesNotContain("value=\"young\" checked", form);
        Assert.Contains("value=\"no\" checked", form);
        Assert.Contains("value=\"1.3.2027\"", form);
        Assert.Contains("Answer this if you answered “Yes” to: With a partner?", WebUtility.HtmlDecode(form));

        var check = await world.PageAsync(World.Ana, $"/applications/{id}/check");
        Assert.Contains("Which groups? Women Older people Change", check);
        Assert.Contains("Other costs 1,234.50 BAM", check);
        Assert.DoesNotContain("Which role?", check);

        await world.UploadAsync(World.Ana, id, "registration", "Rješenje.pdf", World.Pdf());
        Assert.Contains("Completed", await world.PageAsync(World.Ana, $"/applications/{id}"));
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location?.ToString());
        var application = await world.ApplicationAsync(id);
        var bytes = await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, application.DossierSha256!);
        var answers = CanonicalJson.Deserialize<Dossier>(bytes).Answers.ToDictionary(answer => answer.Id);
        Assert.Equal(["short", "people", "costs", "from", "area", "groups", "partner"], answers.Keys);
        Assert.Null(answers["people"].Chosen);
        Assert.Equal("1234.50 BAM", answers["costs"].Text);
        Assert.Equal("2027-03-01", answers["from"].Text);
        Assert.Equal("Žene; Stariji", answers["groups"].Text);
        Assert.Equal(["women", "old"], answers["groups"].Chosen!.Select(choice => choice.Id));
        Assert.Equal("Women", answers["groups"].Chosen![0].Label["en"]);
        Assert.Equal(("Ne", "No", "Не"), (answers["partner"].Text, answers["partner"].Chosen![0].Label["en"], answers["partner"].Chosen![0].Label["mk"]));
        // Answers that are no choice are written as they always were.
        Assert.Equal(3, System.Text.Encoding.UTF8.GetString(bytes!).Split("\"chosen\"").Length - 1);

        Assert.Contains("Which groups? Women Older people", await world.PageAsync(World.Ana, $"/applications/{id}/dossier"));
        Assert.Contains("bs: Which groups? Žene Stariji", await world.PageAsync(World.Ana, $"/applications/{id}/dossier", "bs"));
    }

    [Theory]
    [InlineData("q-people", "many", "Write a whole number from 1 to 500.")]
    [InlineData("q-people", "501", "Write a whole number from 1 to 500.")]
    [InlineData("q-costs", "1.234", null)]
    [InlineData("q-from", "30.2.2027", "Write a day")]
    [InlineData("q-short", "Predugačko ime", "Shorten it to 10.")]
    public async Task What_cannot_be_is_said_beside_the_field_and_kept_as_typed(string field, string typed, string? sentence)
    {
        await using var world = await World.StartAsync(EveryKind.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var answer = await world.SaveAsync(World.Ana, id, new() { [field] = typed, ["q-area"] = "youth" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains($"value=\"{typed}\"", html);
        Assert.Contains($"id=\"{field}-error\"", html);
        if (sentence is not null) Assert.Contains(sentence, html);
        Assert.Equal(["q-area"], await world.Db(db => db.DraftFields.Select(stored => stored.Field).ToListAsync()));
    }

    [Fact]
    public async Task An_option_that_does_not_exist_is_refused()
    {
        await using var world = await World.StartAsync(EveryKind.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        foreach (var field in new[] { "q-area", "q-groups", "q-partner" })
        {
            var answer = await world.SaveAsync(World.Ana, id, new() { [field] = "sideways" });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains("Choose from what is offered.", await World.TextAsync(answer));
        }
    }

    [Fact]
    public async Task Unticking_everything_and_saving_the_page_empties_the_answer()
    {
        await using var world = await World.StartAsync(EveryKind.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.SaveAsync(World.Ana, id, new() { ["q-groups"] = "old" });
        // A browser posts nothing of unticked boxes; the token beside them tells that they were on the page.
        await PostAsync(world, id, [new("token-q-groups", await world.TokenAsync(id, "q-groups"))]);
        Assert.Equal("", await StoredAsync(world, id, "q-groups"));
    }

    [Fact]
    public async Task What_was_typed_in_a_question_that_is_no_longer_asked_is_kept_and_bothers_nobody()
    {
        await using var world = await World.StartAsync(EveryKind.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var long_ = new string('x', 200);
        var asked = await world.SaveAsync(World.Ana, id, new() { ["q-area"] = "other", ["q-which"] = long_ });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, asked.StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(World.Ana, id, new() { ["q-area"] = "youth", ["q-which"] = long_ })).StatusCode);
        Assert.Equal(long_, await StoredAsync(world, id, "q-which"));
        Assert.DoesNotContain("Which other field?", await world.PageAsync(World.Ana, $"/applications/{id}/check"));
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(World.Ana, id, new() { ["q-area"] = "other" })).StatusCode);
        Assert.Contains("Which other field?: This has 200 characters. Shorten it to 100.", await world.PageAsync(World.Ana, $"/applications/{id}/check"));
    }

    [Fact]
    public async Task Single_fields_are_saved_as_the_page_posts_them()
    {
        await using var world = await World.StartAsync(EveryKind.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        foreach (var (posted, stored) in new[] { ("women", "women"), ("old women", "women\nold"), ("", "") })
        {
            // Every hidden field goes along, and every ticked box; an empty value when none is.
            List<KeyValuePair<string, string>> body = [new("token-title", await world.TokenAsync(id, "title")), new("token-q-groups", await world.TokenAsync(id, "q-groups"))];
            body.AddRange(posted.Split(' ').Select(value => KeyValuePair.Create("q-groups", value)));
            var answer = await world.As(World.Ana).PostAsync($"/applications/{id}/draft/fields", new FormUrlEncodedContent(body));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(stored, await StoredAsync(world, id, "q-groups"));
        }

        var yes = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/draft/fields", new Dictionary<string, string> { ["q-partner"] = "yes" });
        Assert.Equal(HttpStatusCode.OK, yes.StatusCode);
        Assert.Equal("yes", await StoredAsync(world, id, "q-partner"));
        var wrong = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/draft/fields", new Dictionary<string, string> { ["q-people"] = "0" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    [Fact]
    public async Task Tables_organisations_and_files_are_answers_too()
    {
        await using var world = await World.StartAsync(World.Call().Asking(
            new Question
            {
                Id = "team", Kind = QuestionKind.Table, Label = Text("Who works?"), Hint = [], Required = true, MaxRows = 2,
                Columns = [new("name", Text("Name"), QuestionKind.Text), new("days", Text("Days"), QuestionKind.Number), new("cost", Text("Cost"), QuestionKind.Money)],
            },
            new Question { Id = "host", Kind = QuestionKind.Organisation, Label = Text("Where?"), Hint = [], Required = true },
            new Question { Id = "plan", Kind = QuestionKind.File, Label = Text("Work plan"), Hint = [], Required = true }));
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.SaveAsync(World.Ana, id, new() { ["title"] = "Klupa", ["amount"] = "8000", ["months"] = "6" });
        var wrong = await PostAsync(world, id, Cells("q-team", "Ana", "dva", "", "", "", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("Row 1: Write a whole number.", await World.TextAsync(wrong));
        Assert.Contains("value=\"dva\"", await wrong.Content.ReadAsStringAsync());
        Assert.Contains("Write the name of the organisation.", await World.TextAsync(await PostAsync(world, id, Cells("q-host", "", "123", "", ""))));
        Assert.Contains("There are 3 rows; at most 2 fit.", await World.TextAsync(await PostAsync(world, id, Cells("q-team", "a", "", "", "b", "", "", "c", "", ""))));

        // An empty row between two is none.
        Assert.Equal(HttpStatusCode.Found, (await PostAsync(world, id, [.. Cells("q-team", "Ana", "1 0", "1.234,50", "", "", "", "Boris", "3", ""), .. Cells("q-host", "Dom kulture", "", "Žepče", "BiH")])).StatusCode);
        Assert.Equal("Ana\n10\n1234.50\nBoris\n3\n", await StoredAsync(world, id, "q-team"));
        await world.UploadAsync(World.Ana, id, "registration", "Rješenje.pdf", World.Pdf());
        Assert.Contains("Work plan", await World.TextAsync(await world.SubmitAsync(World.Ana, id)));
        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(World.Ana, id, "q-plan", "Plan.pdf", World.Pdf(2500))).StatusCode);
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location?.ToString());
        var dossier = CanonicalJson.Deserialize<Dossier>((await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, (await world.ApplicationAsync(id)).DossierSha256!))!);
        Assert.Equal(["Name: Ana; Days: 10; Cost: 1234.50 BAM\nName: Boris; Days: 3", "Naziv: Dom kulture; Mjesto: Žepče; Država: BiH"], dossier.Answers.Select(answer => answer.Text));
        Assert.Equal(["registration", "q-plan"], dossier.Attachments.Select(file => file.Id));

        static Dictionary<string, string> Text(string text) => new() { ["bs"] = text, ["en"] = text, ["mk"] = text };
        static KeyValuePair<string, string>[] Cells(string name, params string[] cells) => [.. cells.Select(cell => KeyValuePair.Create(name, cell))];
    }

    [Fact]
    public async Task A_statement_to_sign_is_printed_filled_in()
    {
        await using var world = await World.StartAsync(World.Call() with
        {
            Documents = [new("statement", new() { ["bs"] = "Izjava", ["en"] = "Statement", ["mk"] = "Изјава" }, DocumentMoment.Application, true, false, SignedRule.SignedAndStamped), World.Call().Documents[0]],
        });
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        Assert.Contains("signs and stamps it. Print it filled in", await world.PageAsync(World.Ana, $"/applications/{id}/documents"));
        var page = await world.PageAsync(World.Ana, $"/applications/{id}/statements/statement");
        foreach (var known in new[] { "Udruženje „Šljiva“ Žepče", "65-02-0012", "Klupa za sve", "8,000.00 BAM", "Signature and stamp" }) Assert.Contains(known, page);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Ana).GetAsync($"/applications/{id}/statements/registration")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Stranger).GetAsync($"/applications/{id}/statements/statement")).StatusCode);
    }

    static IEnumerable<KeyValuePair<string, string>> Pairs(Dictionary<string, string> fields, string without) => fields.Where(field => field.Key != without);

    static Task<HttpResponseMessage> PostAsync(World world, Guid id, IEnumerable<KeyValuePair<string, string>> fields) =>
        world.As(World.Ana).PostAsync($"/applications/{id}/draft", new FormUrlEncodedContent(fields));

    static async Task<string?> StoredAsync(World world, Guid id, string field) =>
        (await world.Db(db => db.DraftFields.SingleOrDefaultAsync(found => found.ApplicationId == id && found.Field == field)))?.Value;

    static async Task<string> HtmlAsync(World world, string path)
    {
        var client = world.As(World.Ana);
        client.DefaultRequestHeaders.Add("Cookie", "lang=en");
        return await client.GetStringAsync(path);
    }
}

using System.Net;
using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Applications.Features.Apply.Budgets;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

[Trait("Database", "both")]
public sealed class BudgetPagesTests
{
    [Fact]
    public async Task A_budget_is_written_row_by_row_summed_by_the_server_refused_by_a_cent_and_sealed()
    {
        await using var world = await World.StartAsync(Budgeted.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillFormAsync(World.Ana, id);
        Assert.Contains("The budget has no row yet.", await world.PageAsync(World.Ana, $"/applications/{id}/check"));
        Assert.DoesNotContain("name=\"amount\"", await HtmlAsync(world, $"/applications/{id}/draft"));

        var (people, travel, indirect) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.Found, (await world.PostRowAsync(World.Ana, id, people, ("people", "Voditeljica", "mjesec", "6", "1.250,00"))).StatusCode);
        await world.PostRowAsync(World.Ana, id, travel, ("travel", "Autobus", "", "1", "2499.99"));
        await world.PostRowAsync(World.Ana, id, indirect, ("indirect", "Kancelarija", "", "1", "700"));
        Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/budget/own", new Dictionary<string, string> { ["own"] = "1.000,00", ["token-own"] = await world.TokenAsync(id, "own") })).StatusCode);

        const string Sentence = "“Indirect costs” may be at most 7\u00A0% of “People”, “Travel”: 7\u00A0% of 9,999.99\u00A0BAM is 699.99\u00A0BAM; you wrote 700.00\u00A0BAM.";
        Assert.Contains(Plain(Sentence), Plain(await world.PageAsync(World.Ana, $"/applications/{id}/budget")));
        var refused = await world.SubmitAsync(World.Ana, id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains(Plain(Sentence), Plain(await World.TextAsync(refused)));
        Assert.Contains("7 % od 9.999,99 BAM je 699,99 BAM; upisali ste 700,00 BAM.", Plain(await world.PageAsync(World.Ana, $"/applications/{id}/budget", "bs")));

        await world.PostRowAsync(World.Ana, id, indirect, ("indirect", "Kancelarija", "", "1", "699,99"), await world.ShownAsync(indirect));
        var check = Plain(await world.PageAsync(World.Ana, $"/applications/{id}/check"));
        Assert.Contains("Total costs 10,699.98", check);
        Assert.Contains("Amount asked for 9,699.98", check);
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location?.ToString());

        Assert.Equal(969_998, Assert.Single(await world.Service.Events<ApplicationSubmitted>()).RequestedMinor);
        var dossier = await DossierAsync(world, id);
        Assert.Equal((1_069_998, 100_000, 969_998), (dossier.Budget!.TotalMinor, dossier.Budget.OwnMinor, dossier.Budget.RequestedMinor));
        Assert.Equal(dossier.Budget.TotalMinor, dossier.Budget.Lines.Sum(line => line.TotalMinor));
        Assert.Equal(dossier.Budget.TotalMinor, dossier.Budget.Headings.Sum(heading => heading.TotalMinor));
        Assert.Equal(new DossierBudgetLine(people.ToString(), "people", "Voditeljica", "mjesec", 600, 125_000, 750_000, 0), dossier.Budget.Lines[0]);
        Assert.Contains("Voditeljica mjesec 6 1,250.00 7,500.00", await world.PageAsync(World.Officer, $"/applications/{id}/dossier"));
        // Nothing more is written once it is submitted.
        Assert.Equal($"/applications/{id}", (await world.PostRowAsync(World.Ana, id, Guid.CreateVersion7(), ("travel", "x", "", "1", "1"))).Headers.Location?.ToString());
        Assert.Equal(3, await world.Db(db => db.BudgetRows.CountAsync()));
    }

    [Fact]
    public async Task A_row_posted_again_is_the_same_row_and_others_stay_as_they_are()
    {
        await using var world = await World.StartAsync(Budgeted.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var row = Guid.CreateVersion7();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.PostRowAsync(World.Ana, id, row, ("people", "Voditeljica", "", "1,5", "100"))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        var stored = await world.Db(db => db.BudgetRows.SingleAsync());
        Assert.Equal((150, 10_000, 15_000, 1), (stored.QuantityHundredths, stored.UnitCostMinor, stored.TotalMinor, stored.Version));

        // Something wrong in another row takes none away, and is kept as it was typed.
        var wrong = Guid.CreateVersion7();
        var refused = await world.PostRowAsync(World.Ana, id, wrong, ("", "", "", "0", "1.234"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var html = await refused.Content.ReadAsStringAsync();
        foreach (var field in new[] { BudgetForm.Heading, BudgetForm.Description, BudgetForm.Quantity, BudgetForm.Cost }) Assert.Contains($"{RowForm.NameOf(field, wrong)}-error", html);
        Assert.Contains("value=\"1.234\"", html);
        Assert.Contains("Voditeljica", html);
        Assert.Equal(1, await world.Db(db => db.BudgetRows.CountAsync()));
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/budget/rows/{row}/removal", new { });
        Assert.Equal(0, await world.Db(db => db.BudgetRows.CountAsync()));
    }

    [Fact]
    public async Task Two_tabs_write_in_two_fields_of_a_row_and_in_one_field_both_are_shown()
    {
        await using var world = await World.StartAsync(Budgeted.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var row = Guid.CreateVersion7();
        await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "1", "100,00"));
        var shown = await world.ShownAsync(row);
        await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "2", "100.00"), shown);
        Assert.Equal(HttpStatusCode.Found, (await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "1", "150.00"), shown)).StatusCode);
        var merged = await world.Db(db => db.BudgetRows.SingleAsync());
        Assert.Equal((200, 15_000), (merged.QuantityHundredths, merged.UnitCostMinor));

        var conflict = await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "3", "150.00"), shown);
        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        var html = await conflict.Content.ReadAsStringAsync();
        Assert.Contains("value=\"3\"", html);
        Assert.Contains("app-lines\">2<", html);
        Assert.Equal(200, await world.Db(db => db.BudgetRows.Select(found => found.QuantityHundredths).SingleAsync()));
        // Whoever has seen both decides.
        Assert.Equal(HttpStatusCode.Found, (await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "3", "150.00"), await world.ShownAsync(row))).StatusCode);
        Assert.Equal(300, await world.Db(db => db.BudgetRows.Select(found => found.QuantityHundredths).SingleAsync()));
    }

    [Fact]
    public async Task One_field_is_saved_on_its_own_and_the_page_learns_the_sums()
    {
        await using var world = await World.StartAsync(Budgeted.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var row = Guid.CreateVersion7();
        await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "1", "100,00"));
        var shown = await world.ShownAsync(row);
        var saved = await FieldAsync(BudgetForm.Quantity, "2,5", shown);
        Assert.Equal(HttpStatusCode.OK, saved.Status);
        Assert.Equal("250.00\u00A0BAM", saved.Answer.GetProperty("shown").GetProperty(BudgetWords.Total).GetString());
        Assert.Contains("The amount asked for must be from", saved.Answer.GetProperty("shown").GetProperty(BudgetWords.Broken).GetString());
        Assert.Equal((await world.ShownAsync(row)).Fields[BudgetForm.Quantity].Token.ToString(), saved.Answer.GetProperty("hidden").GetProperty("token-" + RowForm.NameOf(BudgetForm.Quantity, row)).GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await FieldAsync(BudgetForm.Cost, "x", shown)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await FieldAsync(BudgetForm.Quantity, "4", shown)).Status);
        Assert.Equal(250, await world.Db(db => db.BudgetRows.Select(found => found.QuantityHundredths).SingleAsync()));

        async Task<(HttpStatusCode Status, JsonElement Answer)> FieldAsync(string field, string value, RowForm page)
        {
            var name = RowForm.NameOf(field, row);
            var answer = await ServiceFixture.PostAsync(
                world.As(World.Ana), $"/applications/{id}/budget/rows/{row}/fields", new Dictionary<string, string> { [name] = value, ["token-" + name] = page.Fields[field].Token.ToString() });
            return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
        }
    }

    [Fact]
    public async Task A_budget_is_nobody_elses_and_not_there_where_the_call_asks_for_none()
    {
        await using var world = await World.StartAsync(Budgeted.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var row = Guid.CreateVersion7();
        foreach (var path in new[] { "budget/own", "budget/own/fields", $"budget/rows/{row}", $"budget/rows/{row}/fields", $"budget/rows/{row}/removal" })
            Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.Stranger), $"/applications/{id}/{path}", new { own = "1" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Stranger).GetAsync($"/applications/{id}/budget")).StatusCode);
        await using var without = await World.StartAsync();
        var other = await without.StartDraftAsync(World.Ana, await without.RegisterAsync(World.Ana));
        Assert.Equal(HttpStatusCode.NotFound, (await without.As(World.Ana).GetAsync($"/applications/{other}/budget")).StatusCode);
    }

    static async Task<Dossier> DossierAsync(World world, Guid id) => CanonicalJson.Deserialize<Dossier>(
        (await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, (await world.ApplicationAsync(id)).DossierSha256!))!);

    static async Task<string> HtmlAsync(World world, string path) => await (await world.As(World.Ana).GetAsync(path)).Content.ReadAsStringAsync();

    static string Plain(string text) => text.Replace('\u00A0', ' ');
}

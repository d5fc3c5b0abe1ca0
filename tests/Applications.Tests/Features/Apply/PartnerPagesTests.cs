using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

public sealed class PartnerPagesTests
{
    [Fact]
    public async Task A_registered_partner_confirms_itself_and_then_the_application_can_be_submitted()
    {
        await using var world = await World.StartAsync(Needed());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.SubmitAsync(World.Ana, id)).StatusCode);

        var partner = await world.RegisterAsync(World.Boris, "Партнер", "MK");
        var form = new { id = Guid.CreateVersion7(), organisation = $"https://grants.example/organisations/{partner}" };
        foreach (var _ in new[] { 1, 2 }) Assert.Equal(HttpStatusCode.Found, (await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/partners/registered", form)).StatusCode);
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/partners/named", new { id = Guid.CreateVersion7(), name = "Grupa građana", country = "BA", town = "Mostar" });
        Assert.Equal(2, await world.Db(db => db.Partners.CountAsync()));
        var refused = await world.SubmitAsync(World.Ana, id);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Партнер has not confirmed yet that it takes part.", await World.TextAsync(refused));

        // The partner finds it among its own, and nobody else sees it.
        Assert.Contains("You are asked to take part", await world.PageAsync(World.Boris, "/applications"));
        var path = $"/organisations/{partner}/partnerships/{id}/{form.id}";
        Assert.Contains("Udruženje „Šljiva“ Žepče names Партнер as a partner", await world.PageAsync(World.Boris, path));
        foreach (var other in new[] { World.Ana, World.Stranger })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(other).GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(other), path, new { answer = "yes" })).StatusCode);
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ServiceFixture.PostAsync(world.As(World.Boris), path, new { answer = "" })).StatusCode);
        await ServiceFixture.PostAsync(world.As(World.Boris), path, new { answer = "no", reason = "Nemamo vremena." });
        Assert.Contains("Nemamo vremena.", await world.PageAsync(World.Ana, $"/applications/{id}/partners"));
        Assert.Contains("declined to take part", await World.TextAsync(await world.SubmitAsync(World.Ana, id)));
        await ServiceFixture.PostAsync(world.As(World.Boris), path, new { answer = "yes" });
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location?.ToString());

        var told = Assert.Single(await world.Service.Events<ApplicationSubmitted>());
        Assert.Equal([new ApplicationPartner(partner, "Партнер", "MK"), new ApplicationPartner(null, "Grupa građana", "BA")], told.Partners!);
        Assert.Equal(("BA", "en", "online", null), (told.Country, told.Language, told.Channel, told.Lot));
        var dossier = CanonicalJson.Deserialize<Dossier>((await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, told.DossierSha256))!);
        Assert.Equal([World.Boris.Name, ""], dossier.Partners!.Select(named => named.ConfirmedBy));
        Assert.Contains($"confirmed by {World.Boris.Name}", await world.PageAsync(World.Officer, $"/applications/{id}/dossier"));
        // What was sealed is not changed by a later answer.
        await ServiceFixture.PostAsync(world.As(World.Boris), path, new { answer = "no" });
        Assert.Equal(1, await world.Db(db => db.Partners.CountAsync(named => named.State == PartnerState.Confirmed)));
    }

    [Fact]
    public async Task A_partner_is_found_by_its_number_only_when_one_organisation_has_it()
    {
        await using var world = await World.StartAsync(Needed());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        Assert.Contains("This is your own organisation.", await AddAsync("65-02-0012"));
        Assert.Contains("There is no single organisation", await AddAsync("999"));
        await world.RegisterAsync(World.Boris, "Iste cifre");
        Assert.Contains("There is no single organisation", await AddAsync("65 02 0012"));
        Assert.Contains("Write the address", await AddAsync(""));
        var wrong = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/partners/named", new { name = "Ostaje", country = "XX", town = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("value=\"Ostaje\"", await wrong.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Stranger).GetAsync($"/applications/{id}/partners")).StatusCode);

        async Task<string> AddAsync(string organisation) => await World.TextAsync(
            await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/partners/registered", new { id = Guid.CreateVersion7(), organisation }));
    }

    [Fact]
    public async Task A_partner_that_spends_rows_of_the_budget_stays_until_others_spend_them()
    {
        await using var world = await World.StartAsync(Budgeted.Call());
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        var (partner, row) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/partners/named", new { id = partner, name = "Grupa", country = "BA", town = "Mostar" });
        Assert.Equal(HttpStatusCode.Found, (await world.PostRowAsync(World.Ana, id, row, ("people", "Trener", "", "1", "2500"), partner: partner.ToString())).StatusCode);
        Assert.Contains("Spent by Grupa 2,500.00", await world.PageAsync(World.Ana, $"/applications/{id}/budget"));
        Assert.Contains("Grupa spends 1 rows", await World.TextAsync(await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/partners/{partner}/removal", new { })));
        await world.FillFormAsync(World.Ana, id);
        await world.SubmitAsync(World.Ana, id);
        var dossier = CanonicalJson.Deserialize<Dossier>((await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, (await world.ApplicationAsync(id)).DossierSha256!))!);
        Assert.Equal(1, Assert.Single(dossier.Budget!.Lines).Partner);
    }

    static Contracts.Calls.CallDefinition Needed() =>
        World.Call() with { Applicants = World.Call().Applicants with { MinPartners = 2, MaxPartners = 3, PartnersFromAnotherCountry = 1 } };
}

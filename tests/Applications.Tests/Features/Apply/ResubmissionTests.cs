using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

[Trait("Database", "both")]
public sealed class ResubmissionTests
{
    [Fact]
    public async Task A_submitted_application_is_changed_in_a_copy_and_submitted_again_under_the_same_reference()
    {
        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        var first = await world.ApplicationAsync(id);
        Assert.Equal(HttpStatusCode.Found, (await ReopenAsync(world, id)).StatusCode);
        Assert.Contains("Your changes are not submitted", await world.PageAsync(World.Ana, $"/applications/{id}"));
        world.Clock.Set(world.Clock.GetUtcNow().AddHours(1));
        await SaveTitleAsync(world, id, "Dvije klupe");
        await world.UploadAsync(World.Ana, id, "registration", "Novo rješenje.pdf", World.Pdf(3000));

        // Until the second submission the first stays valid, for everybody.
        foreach (var (reader, path) in new[] { (World.Officer, "dossier"), (World.Ana, "dossier"), (World.Ana, "receipt") })
        {
            var page = await world.PageAsync(reader, $"/applications/{id}/{path}");
            Assert.Contains("Klupa za sve", page);
            Assert.Contains("Rješenje o upisu.pdf", page);
            Assert.DoesNotContain("Novo", page);
        }

        Assert.Equal(2000, (await (await world.As(World.Officer).GetAsync($"/applications/{id}/documents/registration")).Content.ReadAsByteArrayAsync()).Length);
        var copy = (await world.ApplicationAsync(id)).CopyId!.Value;
        Assert.Equal(3000, (await (await world.As(World.Ana).GetAsync($"/applications/{copy}/documents/registration")).Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(HttpStatusCode.NotFound, (await world.As(World.Officer).GetAsync($"/applications/{copy}/documents/registration")).StatusCode);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.SubmitAsync(World.Ana, id)));
        Assert.All(answers, answer => Assert.Equal($"/applications/{id}/receipt", answer.Headers.Location?.ToString()));
        var second = await world.ApplicationAsync(id);
        Assert.Equal((first.Reference, 2, (Guid?)null, "Dvije klupe"), (second.Reference, second.DossierVersion, second.CopyId, second.Title));
        var events = await world.Service.Events<ApplicationSubmitted>();
        Assert.Equal([1, 2], events.Select(told => told.DossierVersion));
        Assert.Equal((first.Reference, second.Version, second.DossierSha256), (events[1].Reference, events[1].SubjectVersion, events[1].DossierSha256));
        Assert.True(events[1].SubjectVersion > events[0].SubjectVersion);
        Assert.Equal(1, await world.Db(db => db.ReferenceCounters.Select(counter => counter.Last).SingleAsync()));
        Assert.Equal(3000, (await (await world.As(World.Officer).GetAsync($"/applications/{id}/documents/registration")).Content.ReadAsByteArrayAsync()).Length);
        Assert.Contains("Changed and submitted again", await world.PageAsync(World.Ana, $"/applications/{id}"));

        // What was replaced is kept, with what it was made from.
        var old = await world.Db(db => db.SupersededDossiers.SingleAsync());
        Assert.Equal((1, first.DossierSha256), (old.DossierVersion, old.DossierSha256));
        Assert.Equal("Klupa za sve", await world.Db(db => db.DraftFields.Where(field => field.ApplicationId == old.RowsId && field.Field == "title").Select(field => field.Value).SingleAsync()));
        Assert.NotNull(await world.Service.Services.GetRequiredService<FileStore>().ReadAsync(FileArea.Dossiers, old.DossierSha256));
    }

    [Fact]
    public async Task Only_where_the_call_allows_it_until_it_closes_and_before_the_check()
    {
        await using var final = await World.StartAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await ReopenAsync(final, await final.SubmittedAsync(World.Ana))).StatusCode);

        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        Assert.Equal(HttpStatusCode.NotFound, (await ServiceFixture.PostAsync(world.As(World.Stranger), $"/applications/{id}/copy", new { })).StatusCode);
        await ReopenAsync(world, id);
        await SaveTitleAsync(world, id, "Zakasnilo");
        var dossier = (await world.ApplicationAsync(id)).DossierSha256;
        world.Clock.Set(World.LastSecond.AddSeconds(1));
        Assert.Equal(HttpStatusCode.Conflict, (await world.SubmitAsync(World.Ana, id)).StatusCode);
        Assert.Equal((dossier, ApplicationState.Submitted), ((await world.ApplicationAsync(id)).DossierSha256, (await world.ApplicationAsync(id)).State));
        Assert.Contains("Submitted", await world.PageAsync(World.Ana, $"/applications/{id}"));

        // The officer checks what was submitted; the copy is nothing any more.
        await ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string>
        {
            ["item-in-time"] = "yes", ["item-complete"] = "yes", ["eligible"] = "yes", ["reason"] = "Potpuno.",
        });
        Assert.Equal((ApplicationState.Eligible, id), ((await world.ApplicationAsync(id)).State, (await world.ApplicationAsync(id)).RowsId));
        world.Clock.Set(World.LastSecond.AddDays(-1));
        Assert.Equal($"/applications/{id}/receipt", (await world.SubmitAsync(World.Ana, id)).Headers.Location?.ToString());
        Assert.Equal($"/applications/{id}", (await SaveTitleAsync(world, id, "Kasno")).Headers.Location?.ToString());
        Assert.Single(await world.Service.Events<ApplicationSubmitted>());
        Assert.Contains("Klupa za sve", await world.PageAsync(World.Officer, $"/applications/{id}/dossier"));
    }

    [Fact]
    public async Task Changes_are_discarded_and_what_was_submitted_is_as_before()
    {
        await using var world = await World.StartAsync(Call());
        var id = await world.SubmittedAsync(World.Ana);
        var before = await world.ApplicationAsync(id);
        var rows = await world.Db(db => db.DraftFields.CountAsync());
        await ReopenAsync(world, id);
        await ReopenAsync(world, id);
        Assert.Equal(2 * rows, await world.Db(db => db.DraftFields.CountAsync()));
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/copy/removal", new { });
        Assert.Equal(rows, await world.Db(db => db.DraftFields.CountAsync()));
        var after = await world.ApplicationAsync(id);
        Assert.Equal((before.DossierSha256, (Guid?)null), (after.DossierSha256, after.CopyId));
        Assert.Contains("Change the application", await world.PageAsync(World.Ana, $"/applications/{id}"));
    }

    static CallDefinition Call() => World.Call().WithIntake(intake => intake with { Resubmission = true });

    static Task<HttpResponseMessage> ReopenAsync(World world, Guid id) => ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/copy", new { });

    static async Task<HttpResponseMessage> SaveTitleAsync(World world, Guid id, string title)
    {
        var rows = (await world.ApplicationAsync(id)).RowsId;
        return await world.SaveAsync(World.Ana, id, new() { ["title"] = title, ["token-title"] = await world.TokenAsync(rows, "title") });
    }
}

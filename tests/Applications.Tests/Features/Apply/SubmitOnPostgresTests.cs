using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Apply;

/// <summary>What depends on locks is tried on the database that has more than one writer.</summary>
[Trait("Database", "postgres")]
public sealed class SubmitOnPostgresTests
{
    [Fact]
    public async Task Fifty_parallel_clicks_make_one_dossier_and_one_receipt()
    {
        await using var world = await World.StartOnPostgresAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => world.SubmitAsync(World.Ana, id)));

        Assert.All(answers, answer => Assert.Equal($"/applications/{id}/receipt", answer.Headers.Location?.ToString()));
        Assert.Single(await world.Service.Events<ApplicationSubmitted>());
        Assert.Equal(1, await world.Db(db => db.ReferenceCounters.Select(counter => counter.Last).SingleAsync()));
        Assert.Equal(1, await world.Db(db => db.TimelineEntries.CountAsync()));
    }

    [Fact]
    public async Task Parallel_submissions_of_many_organisations_get_numbers_without_gap_or_double()
    {
        await using var world = await World.StartOnPostgresAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < 20; number++)
        {
            var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, $"Organisation {number}"));
            await world.FillAsync(World.Ana, id);
            ids.Add(id);
        }

        await Task.WhenAll(ids.Select(id => world.SubmitAsync(World.Ana, id)));
        var references = await world.Db(db => db.Applications.Select(application => application.Reference).OrderBy(reference => reference).ToListAsync());
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"L4C-2026-{number:D5}"), references);
        Assert.Contains("L4C-2026-00020", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}?after=L4C-2026-00019"));
    }

    [Fact]
    public async Task What_is_sealed_is_what_was_saved_last_however_saving_and_submitting_meet()
    {
        await using var world = await World.StartOnPostgresAsync();
        var id = await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana));
        await world.FillAsync(World.Ana, id);
        var saves = Enumerable.Range(0, 20).Select(number => world.SaveAsync(World.Ana, id, new() { ["title"] = $"Title {number}" }));
        await Task.WhenAll([.. saves, world.SubmitAsync(World.Ana, id)]);

        var application = await world.ApplicationAsync(id);
        Assert.Equal(ApplicationState.Submitted, application.State);
        Assert.Equal(application.Title, await world.Db(db => db.DraftFields.Where(field => field.Field == "title").Select(field => field.Value).SingleAsync()));
    }

    [Fact]
    public async Task Starting_from_ten_tabs_at_once_makes_one_draft()
    {
        await using var world = await World.StartOnPostgresAsync();
        var organisation = await world.RegisterAsync(World.Ana);
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.StartDraftAsync(World.Ana, organisation)));
        Assert.Single(ids.Distinct());
    }
}

using Grants.Applications.Features.Apply;
using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Applications.Tests.Features.Apply;

public sealed class ReminderTests
{
    [Fact]
    public async Task A_draft_with_something_in_it_is_told_of_once_two_days_before_its_call_closes()
    {
        await using var world = await World.StartAsync();
        var (written, empty, submitted) = (await DraftAsync("Written"), await DraftAsync("Empty"), await world.SubmittedAsync(World.Ana, "Submitted"));
        await world.SaveAsync(World.Ana, written, new() { ["title"] = "Klupa" });
        world.Clock.Set(World.LastSecond - RemindOfDrafts.Before - TimeSpan.FromSeconds(1));
        await RunAsync();
        Assert.Empty(await world.Service.Events<DraftDeadlineNear>());

        world.Clock.Set(World.LastSecond - RemindOfDrafts.Before);
        await RunAsync();
        await RunAsync();
        var told = Assert.Single(await world.Service.Events<DraftDeadlineNear>());
        Assert.Equal((written, "Klupa", World.LastSecond), (told.ApplicationId, told.Title, told.ClosesAt));
        Assert.Equal((await world.ApplicationAsync(written)).Version, told.SubjectVersion);

        // Something is written in the empty one afterwards: it is told of, too.
        await world.SaveAsync(World.Ana, empty, new() { ["title"] = "Drvo" });
        await RunAsync();
        Assert.Equal([written, empty], (await world.Service.Events<DraftDeadlineNear>()).Select(near => near.ApplicationId));
        // It does not stand in the way of a submission, and what is submitted or closed is not told of.
        await world.FillAsync(World.Ana, written);
        Assert.Equal($"/applications/{written}/receipt", (await world.SubmitAsync(World.Ana, written)).Headers.Location?.ToString());
        world.Clock.Set(World.LastSecond.AddDays(1));
        await RunAsync();
        Assert.Equal(2, (await world.Service.Events<DraftDeadlineNear>()).Count);
        Assert.NotEqual(Guid.Empty, submitted);

        async Task<Guid> DraftAsync(string name) => await world.StartDraftAsync(World.Ana, await world.RegisterAsync(World.Ana, name));
        Task RunAsync() => world.Service.Db<ApplicationsDb>(db => RemindOfDrafts.Run(db, world.Service.Services.GetRequiredService<AppTime>(), CancellationToken.None));
    }
}

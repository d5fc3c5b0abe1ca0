using System.Net;
using Grants.Contracts.Reviews;

namespace Grants.Reviews.Tests.Features.Review;

public sealed class DeclineTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_evaluator_who_declines_frees_the_place_for_another(bool begun)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        await world.AssignAsync(submitted, world.Ivan);
        var mine = await world.AssignAsync(submitted, world.Amra);
        if (begun) await world.DeclareAsync(mine, world.Amra);
        Assert.Contains("Say in a few words why you decline.", await world.RefusedAsync(world.Amra, $"/reviews/{mine}/declaration", new { declaration = "decline", reason = " " }));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.SeeOtherAsync(world.Amra, $"/reviews/{mine}/declaration", new { declaration = "decline", reason = "I am abroad." })));

        var told = Assert.Single(await world.Service.Events<ReviewSubmitted>());
        Assert.Equal((true, false, false, mine), (told.Declined, told.ConflictDeclared, told.ThirdNeeded, told.AssignmentId));
        Assert.Equal((await world.CaseAsync(submitted)).Version, told.SubjectVersion);
        Assert.Contains("You declined because: I am abroad.", await world.PageAsync(world.Amra, $"/reviews/{mine}"));
        Assert.DoesNotContain("nema prostora", await world.PageAsync(world.Amra, $"/reviews/{mine}"));
        Assert.Contains("Declined or ended", await world.PageAsync(world.Amra, "/reviews"));
        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{mine}/scores", World.Scores("300"))).StatusCode);

        var path = $"/reviews/assign/{submitted.ApplicationId}";
        var page = await world.PageAsync(world.Officer, path);
        Assert.Contains("I am abroad.", page);
        Assert.DoesNotContain("Why is a further review needed?", page);
        Assert.Contains("declined this application", await world.RefusedAsync(world.Officer, path, new { evaluator = world.Amra.PersonId }));
        await world.AssignAsync(submitted, world.Zoran);
    }

    [Fact]
    public async Task Save_and_next_goes_to_the_next_open_review_and_from_the_last_to_the_list()
    {
        await using var world = await World.StartAsync();
        var first = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        var sent = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        await world.ReviewAsync(sent, world.Amra, 300);
        var last = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        foreach (var (from, to) in new[] { (first, last), (last, first) })
        {
            await world.DeclareAsync(from, world.Amra);
            var answer = await world.PostAsync(world.Amra, $"/reviews/{from}/scores", new Dictionary<string, string> { ["points-needs"] = "400", ["then"] = "next" });
            Assert.Equal($"/reviews/{to}", answer.Headers.Location!.OriginalString);
            Assert.Equal(400, Assert.Single((await world.AssignmentAsync(from)).Scores).Points);
        }

        await world.SeeOtherAsync(world.Amra, $"/reviews/{first}/declaration", new { declaration = "decline", reason = "Ill." });
        var end = await world.PostAsync(world.Amra, $"/reviews/{last}/scores", new Dictionary<string, string> { ["points-needs"] = "300", ["then"] = "next" });
        Assert.Equal("/reviews", end.Headers.Location!.OriginalString);
        Assert.Contains("Compulsory.", await world.PageAsync(world.Amra, $"/reviews/{last}"));
    }
}

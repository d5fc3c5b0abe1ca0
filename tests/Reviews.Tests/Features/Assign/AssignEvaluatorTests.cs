using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Features.Assign;

public sealed class AssignEvaluatorTests
{
    [Fact]
    public async Task The_officer_assigns_and_the_world_is_told_once()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);

        var assigned = Assert.Single(await world.Service.Events<ReviewsAssigned>());
        Assert.Equal((assignment, world.Amra.PersonId, world.Officer.PersonId), (assigned.AssignmentId, assigned.EvaluatorId, assigned.AssignedBy));
        Assert.Equal(CaseState.InReview, (await world.CaseAsync(submitted)).State);
        var page = await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}");
        Assert.Contains("To do", page);
        Assert.Contains("Ivan Marić: 0 open reviews", page);
    }

    [Fact]
    public async Task Who_has_the_fewest_open_reviews_stands_first()
    {
        await using var world = await World.StartAsync();
        await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        var page = await world.PageAsync(world.Officer, $"/reviews/assign/{(await world.ReadyAsync()).ApplicationId}");

        Assert.Contains("Amra Begić: 1 open review", page);
        Assert.True(page.IndexOf("Zoran Petrović", StringComparison.Ordinal) < page.IndexOf("Amra Begić", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_tied_to_the_applicant_is_not_offered_and_refused()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        await world.Service.DeliverAsync(new OrganisationChanged(
            submitted.OrganisationId, 1, submitted.At, submitted.OrganisationName, "", "Berkovići", "BA", [new(world.Amra.PersonId, true)]));
        var path = $"/reviews/assign/{submitted.ApplicationId}";

        var page = await world.PageAsync(world.Officer, path);
        Assert.Contains("Tied to the applicant as members of the organisation: Amra Begić", page);
        Assert.DoesNotContain(world.Amra.PersonId.ToString(), page);
        Assert.Contains("is a member of the applying organisation", await world.RefusedAsync(world.Officer, path, new { evaluator = world.Amra.PersonId }));
        Assert.Empty(await world.Service.Events<ReviewsAssigned>());
    }

    [Fact]
    public async Task The_same_evaluator_is_not_assigned_twice_however_often_the_button_is_pressed()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var path = $"/reviews/assign/{submitted.ApplicationId}";
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.PostAsync(world.Officer, path, new { evaluator = world.Amra.PersonId, reason = "" })));

        Assert.Single(await world.Service.Events<ReviewsAssigned>());
        Assert.Contains("is assigned to this application already", await world.RefusedAsync(world.Officer, path, new { evaluator = world.Amra.PersonId }));
    }

    [Fact]
    public async Task More_than_the_call_wants_needs_a_reason()
    {
        await using var world = await World.StartAsync(evaluators: 1);
        var submitted = await world.ReadyAsync();
        var path = $"/reviews/assign/{submitted.ApplicationId}";
        await world.AssignAsync(submitted, world.Amra);

        Assert.Contains("Say why one more is needed", await world.RefusedAsync(world.Officer, path, new { evaluator = world.Ivan.PersonId, reason = " " }));
        await world.SeeOtherAsync(world.Officer, path, new { evaluator = world.Ivan.PersonId, reason = "Another field of work." });
        Assert.Contains("Another field of work.", await world.PageAsync(world.Officer, path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Nobody_and_unknown_people_are_refused(string evaluator)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();

        Assert.Contains("Choose an evaluator", await world.RefusedAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator }));
    }

    [Fact]
    public async Task Only_an_officer_in_scope_who_is_no_member_of_the_applicant_finds_the_page()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var path = $"/reviews/assign/{submitted.ApplicationId}";
        var elsewhere = new Caller(Guid.NewGuid(), "Elsewhere", "en", [new(Role.ProgrammeOfficer, "programme:ALTER")]);
        foreach (var caller in new[] { elsewhere, world.Amra, world.Chair, world.Decider, world.Auditor })
        {
            Assert.True((await world.GetAsync(caller, path)).IsHidden());
            Assert.True((await world.PostAsync(caller, path, new { evaluator = world.Amra.PersonId })).IsHidden());
        }

        await world.Service.DeliverAsync(new OrganisationChanged(submitted.OrganisationId, 1, submitted.At, "", "", "", "BA", [new(world.Officer.PersonId, true)]));
        Assert.True((await world.GetAsync(world.Officer, path)).IsHidden());
    }
}

using System.Net;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests.Features.Withdrawing;

[Trait("Database", "both")]
public sealed class WithdrawTests
{
    [Fact]
    public async Task An_application_is_taken_back_once_with_its_reason_and_everybody_is_told()
    {
        await using var world = await World.StartAsync();
        var id = await world.SubmittedAsync(World.Ana);
        Assert.Contains("Withdraw the application", await world.PageAsync(World.Ana, $"/applications/{id}"));
        Assert.Contains("cannot apply again in this call", await world.PageAsync(World.Ana, $"/applications/{id}/withdrawal"));
        var unsure = await ServiceFixture.PostAsync(world.As(World.Ana), $"/applications/{id}/withdrawal", new { reason = "Nemamo ljudi." });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unsure.StatusCode);
        Assert.Contains("Nemamo ljudi.", await unsure.Content.ReadAsStringAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => WithdrawAsync(world, World.Ana, id)));
        Assert.All(answers, answer => Assert.Equal($"/applications/{id}", answer.Headers.Location?.ToString()));
        var application = await world.ApplicationAsync(id);
        Assert.Equal(ApplicationState.Withdrawn, application.State);
        var told = Assert.Single(await world.Service.Events<ApplicationWithdrawn>());
        Assert.Equal((application.Version, application.Reference, "Nemamo ljudi.", World.Ana.PersonId), (told.SubjectVersion, told.Reference, told.Reason, told.WithdrawnBy));
        Assert.Equal("Nemamo ljudi.", await world.Db(db => db.Set<AuditEntry>().Where(entry => entry.Action == "application.withdrawn").Select(entry => entry.Reason).SingleAsync()));

        Assert.Contains("Withdrawn by the applicant", await world.PageAsync(World.Ana, $"/applications/{id}"));
        Assert.Contains("Withdrawn", await world.PageAsync(World.Officer, $"/desk/calls/{World.CallId}"));
        Assert.Contains("Withdrawn", await world.PageAsync(World.Officer, $"/desk/applications/{id}"));
        // Nobody checks it any more.
        await CheckAsync(world, id);
        Assert.Empty(await world.Service.Events<EligibilityDecided>());
    }

    [Fact]
    public async Task Only_who_may_commit_and_only_what_was_submitted()
    {
        await using var world = await World.StartAsync();
        var organisation = await world.RegisterAsync(World.Ana);
        await world.KnowAsync(World.Boris, "boris@example.org");
        await ServiceFixture.PostAsync(world.As(World.Ana), $"/organisations/{organisation}/members", new { email = "boris@example.org" });
        var id = await world.StartDraftAsync(World.Ana, organisation);
        Assert.Equal(HttpStatusCode.NotFound, (await WithdrawAsync(world, World.Ana, id)).StatusCode);
        await world.FillAsync(World.Ana, id);
        await world.SubmitAsync(World.Ana, id);
        foreach (var caller in new[] { World.Boris, World.Stranger, World.Officer })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await WithdrawAsync(world, caller, id)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await world.As(caller).GetAsync($"/applications/{id}/withdrawal")).StatusCode);
        }

        Assert.DoesNotContain("Withdraw the application", await world.PageAsync(World.Boris, $"/applications/{id}"));
        Assert.Equal(ApplicationState.Submitted, (await world.ApplicationAsync(id)).State);
    }

    [Fact]
    public async Task An_award_can_be_given_up_until_the_agreement_is_in_force()
    {
        await using var world = await World.StartAsync();
        var (id, other) = (await world.SubmittedAsync(World.Ana), await world.SubmittedAsync(World.Ana, "Druga"));
        foreach (var application in new[] { id, other })
        {
            await CheckAsync(world, application);
            await world.Service.DeliverAsync(new AwardDecided(
                application, 5, world.Clock.GetUtcNow(), World.CallId, "R", Guid.CreateVersion7(), "O", "T", new string('a', 64), 700_000, "BAM", "Dobro.", Guid.CreateVersion7(), new string('b', 64)));
        }

        // The letter was not released: nothing of the outcome shows.
        Assert.DoesNotContain("7,000.00", await world.PageAsync(World.Ana, $"/applications/{id}/withdrawal"));
        await world.Service.DeliverAsync(new NotificationDelivered(id, 1, world.Clock.GetUtcNow(), Guid.CreateVersion7(), "award", Guid.CreateVersion7()));
        Assert.Contains("The grant of 7,000.00 BAM that was awarded to you goes to others.", (await world.PageAsync(World.Ana, $"/applications/{id}/withdrawal")).Replace('\u00A0', ' '));

        await world.Service.DeliverAsync(new AgreementSigned(other, 3, world.Clock.GetUtcNow(), World.CallId, Guid.CreateVersion7(), "funder", Guid.CreateVersion7(), new string('a', 64), true));
        Assert.Equal(HttpStatusCode.Conflict, (await WithdrawAsync(world, World.Ana, other)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await world.As(World.Ana).GetAsync($"/applications/{other}/withdrawal")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await WithdrawAsync(world, World.Ana, id)).StatusCode);
        Assert.Equal(id, Assert.Single(await world.Service.Events<ApplicationWithdrawn>()).ApplicationId);
    }

    static Task<HttpResponseMessage> WithdrawAsync(World world, Caller by, Guid id) =>
        ServiceFixture.PostAsync(world.As(by), $"/applications/{id}/withdrawal", new { reason = "Nemamo ljudi.", sure = "yes" });

    static Task<HttpResponseMessage> CheckAsync(World world, Guid id) => ServiceFixture.PostAsync(world.As(World.Officer), $"/desk/applications/{id}/check", new Dictionary<string, string>
    {
        ["item-in-time"] = "yes", ["item-complete"] = "yes", ["eligible"] = "yes", ["reason"] = "Potpuno.",
    });
}

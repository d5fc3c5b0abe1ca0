using System.Net;
using System.Text;
using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Decide;

[Trait("Database", "both")]
public sealed class DecideTests
{
    [Fact]
    public async Task An_award_is_sealed_told_once_and_taken_from_the_budget()
    {
        await using var world = await World.StartAsync(budget: 1_000_000);
        var submitted = await world.RecommendedAsync(requested: 800_000);
        Assert.Contains("1 decision is waiting", await world.PageAsync(world.Decider, "/decisions"));
        var fields = await FieldsAsync(world, submitted, "award");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.SeeOtherAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", fields)));

        var told = Assert.Single(await world.Service.Events<AwardDecided>());
        Assert.Equal((800_000, "Convincing.", world.Decider.PersonId), (told.AmountMinor, told.Reason, told.DecidedBy));
        Assert.Equal((submitted.Reference, submitted.OrganisationId, submitted.DossierSha256), (told.Reference, told.OrganisationId, told.DossierSha256));
        var decision = await world.Service.Db<ReviewsDb, Decision>(db => db.Decisions.SingleAsync());
        Assert.Equal(told.DecisionSha256, CanonicalJson.Sha256Hex(Encoding.UTF8.GetBytes(decision.Sealed)));
        Assert.Contains($"\"recommendationId\":\"{fields["recommendation"]}\"", decision.Sealed);
        Assert.Equal(800_000, await AwardedAsync(world));
        var page = await world.PageAsync(world.Auditor, $"/decisions/{submitted.ApplicationId}");
        Assert.Contains(decision.Sha256, page);
        Assert.Contains("Grant awarded", page);
    }

    [Fact]
    public async Task A_rejection_costs_nothing_and_carries_the_reason()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        await world.SeeOtherAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", await FieldsAsync(world, submitted, "reject"));

        Assert.Equal("Convincing.", Assert.Single(await world.Service.Events<ApplicationRejected>()).Reason);
        Assert.Empty(await world.Service.Events<AwardDecided>());
        Assert.Equal(0, await AwardedAsync(world));
        Assert.Equal(CaseState.Rejected, (await world.CaseAsync(submitted)).State);
    }

    [Fact]
    public async Task Decisions_at_the_same_time_never_exceed_the_budget()
    {
        // Ten grants of 3,000 in a budget of 10,000: three fit.
        await using var world = await World.StartAsync(budget: 1_000_000, evaluators: 1);
        var applications = new List<ApplicationSubmitted>();
        for (var number = 0; number < 10; number++) applications.Add(await world.RecommendedAsync($"Udruženje {number}", 300_000));
        var posts = new List<(ApplicationSubmitted Application, Dictionary<string, string> Fields)>();
        foreach (var application in applications) posts.Add((application, await FieldsAsync(world, application, "award")));

        var answers = await Task.WhenAll(posts.SelectMany(post => new[] { post, post }).Select(post =>
            Task.Run(() => world.PostAsync(world.Decider, $"/decisions/{post.Application.ApplicationId}", post.Fields))));

        Assert.Equal(3, (await world.Service.Events<AwardDecided>()).Count);
        Assert.Equal(900_000, await AwardedAsync(world));
        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Found, HttpStatusCode.UnprocessableEntity }));
        var left = applications.First(application => answers.Any(answer =>
            answer.StatusCode == HttpStatusCode.UnprocessableEntity && answer.RequestMessage!.RequestUri!.AbsolutePath.EndsWith($"{application.ApplicationId}", StringComparison.Ordinal)));
        var page = await world.RefusedAsync(world.Decider, $"/decisions/{left.ApplicationId}", posts.Single(post => post.Application == left).Fields);
        Assert.Contains("The call has 1,000.00 BAM left. This grant needs 3,000.00 BAM", page.Replace('\u00A0', ' '));
        Assert.Contains("Convincing.", page);
    }

    [Fact]
    public async Task The_database_itself_refuses_more_than_the_budget_and_changes_of_decisions()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        await world.SeeOtherAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", await FieldsAsync(world, submitted, "award"));
        await world.Service.Db<ReviewsDb>(async db =>
        {
            await Assert.ThrowsAnyAsync<Exception>(() => db.LotBudgets.ExecuteUpdateAsync(set => set.SetProperty(lot => lot.AwardedMinor, lot => lot.BudgetMinor + 1)));
            await Assert.ThrowsAnyAsync<Exception>(() => db.Decisions.ExecuteUpdateAsync(set => set.SetProperty(decision => decision.AmountMinor, 1)));
            await Assert.ThrowsAnyAsync<Exception>(() => db.Decisions.ExecuteDeleteAsync());
            await Assert.ThrowsAnyAsync<Exception>(() => db.Recommendations.ExecuteDeleteAsync());
            await Assert.ThrowsAnyAsync<Exception>(() => db.CallVersions.ExecuteDeleteAsync());
        });
    }

    [Fact]
    public async Task Who_recorded_the_recommendation_does_not_decide_on_it()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        var both = world.Chair with { Roles = [.. world.Chair.Roles, new(Role.DecisionMaker, "*")] };
        var path = $"/decisions/{submitted.ApplicationId}";

        Assert.Contains("somebody else must decide", await world.PageAsync(both, path));
        await world.RefusedAsync(both, path, await FieldsAsync(world, submitted, "award"), HttpStatusCode.Conflict);
        Assert.Empty(await world.Service.Events<AwardDecided>());
    }

    [Fact]
    public async Task A_grant_that_was_not_recommended_cannot_be_awarded()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync(fund: false);
        var page = await world.RefusedAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", await FieldsAsync(world, submitted, "award"));

        Assert.Contains("The committee did not recommend funding", page);
    }

    [Fact]
    public async Task A_decision_is_about_the_recommendation_that_was_read()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        var read = await FieldsAsync(world, submitted, "award");
        await world.SeeOtherAsync(
            world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}", new { fund = "yes", amount = "2000", reason = "Less." });

        var page = await world.RefusedAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", read, HttpStatusCode.Conflict);
        Assert.Contains("another recommendation", page);
        await world.SeeOtherAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", await FieldsAsync(world, submitted, "award"));
        Assert.Equal(200_000, Assert.Single(await world.Service.Events<AwardDecided>()).AmountMinor);
    }

    [Theory]
    [InlineData("", "Convincing.", "Choose what you decide.")]
    [InlineData("postpone", "Convincing.", "Choose what you decide.")]
    [InlineData("award", " ", "Give the applicant a reason.")]
    public async Task What_is_wrong_with_a_decision_is_said(string outcome, string reason, string sentence)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        var fields = await FieldsAsync(world, submitted, outcome);
        fields["reason"] = reason;

        Assert.Contains(sentence, await world.RefusedAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", fields));
        Assert.Equal(0, await AwardedAsync(world));
    }

    [Fact]
    public async Task Only_a_decision_maker_in_scope_who_is_no_member_of_the_applicant_decides()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        var path = $"/decisions/{submitted.ApplicationId}";
        var fields = await FieldsAsync(world, submitted, "award");
        var elsewhere = new Caller(Guid.NewGuid(), "Elsewhere", "en", [new(Role.DecisionMaker, "programme:ALTER")]);
        foreach (var caller in new[] { elsewhere, world.Chair, world.Officer, world.CommitteeMember, world.Amra })
        {
            Assert.True((await world.GetAsync(caller, path)).IsHidden());
            Assert.True((await world.PostAsync(caller, path, fields)).IsHidden());
        }

        Assert.True((await world.PostAsync(world.Auditor, path, fields)).IsHidden());
        Assert.Contains("A decision-maker decides", await world.PageAsync(world.Auditor, path));
        await world.Service.DeliverAsync(new OrganisationChanged(submitted.OrganisationId, 1, submitted.At, "", "", "", "BA", [new(world.Decider.PersonId, true)]));
        Assert.True((await world.GetAsync(world.Decider, path)).IsHidden());
        Assert.True((await world.PostAsync(world.Decider, path, fields)).IsHidden());
        Assert.DoesNotContain(submitted.Reference, await world.PageAsync(world.Decider, "/decisions"));
    }

    [Fact]
    public async Task Leaving_the_applicant_does_not_make_a_decision_maker_independent_of_it()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        await world.Service.DeliverAsync(World.Of(submitted, 1, world.Decider.PersonId));
        await world.Service.DeliverAsync(World.Of(submitted, 2));

        Assert.True((await world.PostAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", await FieldsAsync(world, submitted, "award"))).IsHidden());
        Assert.Empty(await world.Service.Events<AwardDecided>());
    }

    [Fact]
    public async Task Nobody_decides_while_it_is_not_known_who_belongs_to_the_applicant()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        await world.Service.Db<ReviewsDb>(db => db.Organisations.Where(organisation => organisation.Id == submitted.OrganisationId).ExecuteDeleteAsync());

        Assert.True((await world.PostAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", await FieldsAsync(world, submitted, "award"))).IsHidden());
        Assert.Empty(await world.Service.Events<AwardDecided>());
    }

    [Fact]
    public async Task A_version_with_less_than_was_awarded_stops_further_awards_and_is_not_lost()
    {
        await using var world = await World.StartAsync(budget: 1_000_000, evaluators: 1);
        var first = await world.RecommendedAsync("Udruženje 1", 300_000);
        var second = await world.RecommendedAsync("Udruženje 2", 300_000);
        await world.SeeOtherAsync(world.Decider, $"/decisions/{first.ApplicationId}", await FieldsAsync(world, first, "award"));
        await world.Service.DeliverAsync(World.Published(world.Call.Budgeted(200_000), 2));

        var page = await world.RefusedAsync(world.Decider, $"/decisions/{second.ApplicationId}", await FieldsAsync(world, second, "award"));
        Assert.Contains("The call has 0.00 BAM left", page.Replace('\u00A0', ' '));
        Assert.Equal(300_000, await AwardedAsync(world));
    }

    [Fact]
    public async Task A_version_in_another_currency_becomes_a_dead_letter_and_changes_no_budget()
    {
        await using var world = await World.StartAsync();
        var outcome = Assert.Single(await world.Service.DeliverOnceAsync(World.Published(world.Call with { Currency = "EUR", TotalBudgetMinor = 9_000_000 }, 2)));
        Assert.Equal(Delivery.DeadLettered, outcome.Value);
        Assert.Equal(("BAM", 1_000_000), await world.Service.Db<ReviewsDb, (string, long)>(async db =>
        {
            var lot = await db.LotBudgets.SingleAsync();
            return (lot.Currency, lot.BudgetMinor);
        }));
    }

    [Fact]
    public async Task Somebody_elses_decision_is_not_made_again()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.RecommendedAsync();
        var fields = await FieldsAsync(world, submitted, "award");
        await world.SeeOtherAsync(world.Decider, $"/decisions/{submitted.ApplicationId}", fields);
        var other = World.Person("Petra Novak", Role.DecisionMaker);

        Assert.Contains("has decided", await world.RefusedAsync(other, $"/decisions/{submitted.ApplicationId}", fields, HttpStatusCode.Conflict));
        Assert.Single(await world.Service.Events<AwardDecided>());
    }

    static async Task<Dictionary<string, string>> FieldsAsync(World world, ApplicationSubmitted submitted, string outcome) => new()
    {
        ["outcome"] = outcome,
        ["reason"] = "Convincing.",
        ["recommendation"] = (await world.Service.Db<ReviewsDb, Guid>(db =>
            db.Recommendations.Where(one => one.ApplicationId == submitted.ApplicationId).OrderByDescending(one => one.Number).Select(one => one.Id).FirstAsync())).ToString(),
    };

    static Task<long> AwardedAsync(World world) => world.Service.Db<ReviewsDb, long>(db => db.LotBudgets.Select(lot => lot.AwardedMinor).SingleAsync());
}

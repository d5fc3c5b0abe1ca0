using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Intake;

[Trait("Database", "both")]
public sealed class IntakeTests
{
    static readonly DateTimeOffset At = new(2027, 1, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_version_of_a_call_is_kept_and_the_newest_gives_the_budget_in_whatever_order_they_come()
    {
        await using var service = await ServiceFixture.StartAsync(ReviewsService.Definition);
        var first = Sample.Definition(budget: 500);
        await service.DeliverAsync(World.Published(first.Budgeted(900), 2));
        await service.DeliverAsync(World.Published(first, 1));

        await service.Db<ReviewsDb>(async db =>
        {
            Assert.Equal([1, 2], await db.CallVersions.OrderBy(version => version.Version).Select(version => version.Version).ToListAsync());
            Assert.Equal(900, (await db.LotBudgets.SingleAsync()).BudgetMinor);
            Assert.Equal(2, (await db.Calls.SingleAsync()).NewestVersion);
        });
    }

    [Fact]
    public async Task A_definition_that_is_not_the_one_its_hash_names_is_refused()
    {
        await using var service = await ServiceFixture.StartAsync(ReviewsService.Definition);
        var published = World.Published(Sample.Definition(), 1);
        var results = await service.DeliverOnceAsync(published with { Definition = published.Definition.Replace("L4C", "L4D", StringComparison.Ordinal) });

        Assert.Equal([Delivery.DeadLettered], results.Values);
        Assert.False(await service.Db<ReviewsDb, bool>(db => db.CallVersions.AnyAsync()));
    }

    [Fact]
    public async Task The_same_version_with_another_text_is_refused_and_the_first_stays()
    {
        await using var service = await ServiceFixture.StartAsync(ReviewsService.Definition);
        var first = Sample.Definition();
        await service.DeliverAsync(World.Published(first, 1));
        var results = await service.DeliverOnceAsync(World.Published(first with { Funder = "Somebody else" }, 1));

        Assert.Equal([Delivery.DeadLettered], results.Values);
        Assert.Equal(World.Published(first, 1).DefinitionSha256, await service.Db<ReviewsDb, string>(db => db.CallVersions.Select(version => version.Sha256).SingleAsync()));
    }

    [Fact]
    public async Task A_submission_and_its_check_that_are_handled_at_the_same_moment_do_not_miss_each_other()
    {
        await using var world = await World.StartAsync();
        var submissions = new List<ApplicationSubmitted>();
        for (var number = 0; number < 30; number++) submissions.Add(await world.SubmissionAsync());

        // As two replicas do, each with one of the two events.
        await Parallel.ForEachAsync(submissions, async (submitted, _) =>
            await Task.WhenAll(Task.Run(() => world.Service.DeliverAsync(submitted)), Task.Run(() => world.Service.DeliverAsync(world.Decided(submitted, eligible: true)))));

        var ids = submissions.ConvertAll(submitted => submitted.ApplicationId);
        Assert.Equal(ids.Count, await world.Service.Db<ReviewsDb, int>(db => db.Cases.CountAsync(held => ids.Contains(held.ApplicationId) && held.State != CaseState.Received)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_may_be_heard_of_after_its_close_and_after_its_applications(bool closedFirst)
    {
        await using var world = await World.StartAsync();
        var other = Sample.Definition();
        var published = World.Published(other, 1);
        var submitted = (await world.SubmissionAsync()) with { CallId = other.Id, DefinitionSha256 = published.DefinitionSha256 };
        if (closedFirst) await world.Service.DeliverAsync(new CallClosed(other.Id, 5, At));
        await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: true));
        Assert.True((await world.GetAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}")).IsHidden());

        await world.Service.DeliverAsync(published);
        // Still nobody's: who belongs to the applicant is not known.
        Assert.True((await world.GetAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}")).IsHidden());
        await world.Service.DeliverAsync(World.Of(submitted, 1));
        if (!closedFirst) await world.Service.DeliverAsync(new CallClosed(other.Id, 5, At));

        Assert.Contains(submitted.Reference, await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}"));
        Assert.Equal(At, await world.Service.Db<ReviewsDb, DateTimeOffset?>(db => db.Calls.Where(call => call.Id == other.Id).Select(call => call.ClosedAt).SingleAsync()));
    }

    [Fact]
    public async Task A_withdrawn_application_ends_with_its_open_reviews_and_nobody_works_on_it()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var (open, sent) = (await world.AssignAsync(submitted, world.Amra), await world.AssignAsync(submitted, world.Ivan));
        await world.DeclareAsync(open, world.Amra);
        await world.ReviewAsync(sent, world.Ivan, 400);
        await world.Service.DeliverAsync(Withdrawn(submitted));
        await world.Service.DeliverAsync(Withdrawn(submitted) with { SubjectVersion = 10 });

        Assert.Equal(CaseState.Withdrawn, (await world.CaseAsync(submitted)).State);
        Assert.Equal((AssignmentState.Ended, AssignmentState.Submitted), ((await world.AssignmentAsync(open)).State, (await world.AssignmentAsync(sent)).State));
        var page = await world.PageAsync(world.Amra, $"/reviews/{open}");
        Assert.Contains("This review has ended", page);
        Assert.DoesNotContain("nema prostora", page);
        foreach (var action in new[] { "scores", "submission" }) Assert.Equal(System.Net.HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{open}/{action}", World.Scores("300"))).StatusCode);
        await world.SeeOtherAsync(world.Amra, $"/reviews/{open}/declaration", new { declaration = "none", reason = "" });
        Assert.Equal(AssignmentState.Ended, (await world.AssignmentAsync(open)).State);
        await world.RefusedAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}", new { evaluator = world.Zoran.PersonId }, System.Net.HttpStatusCode.Conflict);
        Assert.DoesNotContain(submitted.Reference, await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
        Assert.True((await world.GetAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}")).IsHidden());
    }

    [Fact]
    public async Task A_withdrawal_that_comes_before_the_submission_ends_it_when_it_comes()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.SubmissionAsync();
        await world.Service.DeliverAsync(Withdrawn(submitted));
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: true));
        await world.Service.DeliverAsync(submitted);
        Assert.Equal(CaseState.Withdrawn, (await world.CaseAsync(submitted)).State);
        await world.Service.DeliverAsync(submitted with { SubjectVersion = 4, DossierVersion = 2 });
        Assert.Equal(CaseState.Withdrawn, (await world.CaseAsync(submitted)).State);
        Assert.Empty(await world.Service.Events<ApplicationRejected>());
    }

    [Fact]
    public async Task What_was_decided_stays_decided_when_it_is_withdrawn()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.SubmissionAsync();
        await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: false));
        await world.Service.DeliverAsync(Withdrawn(submitted));
        Assert.Equal(CaseState.Rejected, (await world.CaseAsync(submitted)).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Questions_and_answers_stand_beside_the_dossier(bool early)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.SubmissionAsync();
        var answered = new ClarificationAnswered(
            submitted.ApplicationId, 4, At, world.Call.Id, submitted.Reference, submitted.OrganisationId, Guid.CreateVersion7(), "Is 12 a slip for 21?", "Yes, 21 young people.", world.Officer.PersonId, Guid.NewGuid());
        if (early) await world.Service.DeliverAsync(answered);
        await world.Service.DeliverAsync(World.Of(submitted, 0));
        await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: true));
        if (!early) await world.Service.DeliverAsync(answered);
        await world.Service.DeliverAsync(answered); // as another message
        await world.Service.DeliverAsync(answered with { ClarificationId = Guid.CreateVersion7(), At = At.AddDays(1), Question = "Who is the <b>trainer</b>?", Answer = "", AnsweredBy = null });

        var mine = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAboutAsync(world.Amra);
        Assert.DoesNotContain("Is 12 a slip", await world.PageAsync(world.Amra, $"/reviews/{mine}"));
        await world.DeclareAsync(mine, world.Amra);
        var page = await world.PageAsync(world.Amra, $"/reviews/{mine}");
        Assert.Equal(2, page.Split("Is 12 a slip for 21?").Length);
        Assert.Contains("Yes, 21 young people.", page);
        Assert.Contains("No answer came in time.", page);
        Assert.Equal(submitted.DossierSha256, (await world.CaseAsync(submitted)).DossierSha256);
    }

    static ApplicationWithdrawn Withdrawn(ApplicationSubmitted submitted) =>
        new(submitted.ApplicationId, 9, At, submitted.CallId, submitted.Reference, submitted.OrganisationId, "No time.", Guid.CreateVersion7());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_eligible_application_waits_for_evaluators_whichever_event_came_first(bool submissionFirst)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.SubmissionAsync();
        if (submissionFirst) await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: true));
        if (!submissionFirst) await world.Service.DeliverAsync(submitted);

        Assert.Equal(CaseState.ReadyForReview, (await world.CaseAsync(submitted)).State);
        Assert.Empty(await world.Service.Events<ApplicationRejected>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_application_that_is_not_eligible_is_rejected_once_with_the_officers_reason(bool submissionFirst)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.SubmissionAsync();
        if (submissionFirst) await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: false, "The statute is not signed."));
        if (!submissionFirst) await world.Service.DeliverAsync(submitted);

        var held = await world.CaseAsync(submitted);
        var rejected = Assert.Single(await world.Service.Events<ApplicationRejected>());
        var decision = await world.Service.Db<ReviewsDb, Decision>(db => db.Decisions.SingleAsync());
        Assert.Equal(CaseState.Rejected, held.State);
        Assert.Equal((held.Version, "The statute is not signed.", world.Officer.PersonId), (rejected.SubjectVersion, rejected.Reason, rejected.DecidedBy));
        Assert.Equal((submitted.Reference, submitted.OrganisationName, submitted.Title), (rejected.Reference, rejected.OrganisationName, rejected.Title));
        Assert.Equal(CanonicalJson.Sha256Hex(System.Text.Encoding.UTF8.GetBytes(decision.Sealed)), rejected.DecisionSha256);
        Assert.Contains("\"outcome\":\"not-eligible\"", decision.Sealed);
    }

    [Fact]
    public async Task Older_news_of_an_application_changes_nothing()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        await world.Service.DeliverAsync(submitted with { SubjectVersion = 2, Title = "Older" });
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: false) with { SubjectVersion = 3 });

        var held = await world.CaseAsync(submitted);
        Assert.Equal((CaseState.ReadyForReview, submitted.Title), (held.State, held.Title));
    }

    [Fact]
    public async Task Who_once_belonged_to_an_organisation_stays_tied_to_it_in_whatever_order_its_news_come()
    {
        await using var service = await ServiceFixture.StartAsync(ReviewsService.Definition);
        var (id, one, two, three, four) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await service.DeliverAsync(Organisation(id, 1, one, two));
        await service.DeliverAsync(Organisation(id, 3, two, three));
        await service.DeliverAsync(Organisation(id, 2, one, four));

        var members = await service.Db<ReviewsDb, List<Guid>>(db => db.Members.Where(member => member.OrganisationId == id).Select(member => member.PersonId).ToListAsync());
        Assert.Equal(new[] { one, two, three, four }.Order(), members.Order());
        Assert.Equal(3, await service.Db<ReviewsDb, long>(db => db.Organisations.Select(organisation => organisation.SubjectVersion).SingleAsync()));
    }

    [Fact]
    public async Task A_person_keeps_the_newest_name()
    {
        await using var service = await ServiceFixture.StartAsync(ReviewsService.Definition);
        var person = World.Person("Amra Begić");
        await service.DeliverAsync(World.Changed(person, 2, "Amra Begić-Kovač"));
        await service.DeliverAsync(World.Changed(person, 1));

        Assert.Equal("Amra Begić-Kovač", (await service.Db<ReviewsDb, Person>(db => db.People.SingleAsync())).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_role_that_was_taken_back_is_gone_whichever_event_came_first(bool grantedFirst)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var late = World.Person("Vesna Tomić", Role.Evaluator);
        var grant = Guid.NewGuid();
        if (grantedFirst) await world.Service.DeliverAsync(new RoleGranted(late.PersonId, 2, At, grant, Role.Evaluator, "*"));
        await world.Service.DeliverAsync(World.Changed(late));
        if (grantedFirst) Assert.Contains("Vesna Tomić", await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}"));
        await world.Service.DeliverAsync(new RoleRevoked(late.PersonId, 3, At, grant, Role.Evaluator, "*"));
        if (!grantedFirst) await world.Service.DeliverAsync(new RoleGranted(late.PersonId, 2, At, grant, Role.Evaluator, "*"));

        Assert.DoesNotContain("Vesna Tomić", await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}"));
    }

    [Fact]
    public async Task An_evaluator_who_turns_out_to_be_a_member_of_the_applicant_loses_the_assignment()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        await world.Service.DeliverAsync(Organisation(submitted.OrganisationId, 1, world.Amra.PersonId));

        Assert.Equal(AssignmentState.Conflicted, (await world.AssignmentAsync(assignment)).State);
        Assert.True(Assert.Single(await world.Service.Events<ReviewSubmitted>()).ConflictDeclared);
        Assert.True((await world.GetAsync(world.Amra, $"/reviews/{assignment}")).IsHidden());
    }

    static OrganisationChanged Organisation(Guid id, long version, params Guid[] members) =>
        new(id, version, At, "Udruženje", "", "Mostar", "BA", [.. members.Select(member => new OrganisationMember(member, true))]);
}

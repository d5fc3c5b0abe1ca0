using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Tests.Features.Conflicts;

public sealed class ConflictTests
{
    static readonly DateTimeOffset At = new(2027, 1, 2, 8, 0, 0, TimeSpan.Zero);

    static readonly ApplicationPartner Registered = new(Guid.CreateVersion7(), "Općina Jablanica", "BA"), Unregistered = new(null, "Omladinski klub Neum", "HR");

    [Fact]
    public async Task Nothing_but_names_and_countries_is_seen_before_the_declaration()
    {
        await using var world = await World.StartAsync();
        var submitted = await ReadyAsync(world);
        var assignment = await world.AssignAsync(submitted, world.Amra);

        var list = await world.PageAsync(world.Amra, world.ListPath);
        foreach (var seen in new[] { submitted.OrganisationName + " (BA)", "Općina Jablanica (BA)", "Omladinski klub Neum (HR)" }) Assert.Contains(seen, list);
        foreach (var hidden in new[] { submitted.Reference, submitted.Title, "nema prostora", "8,000" }) Assert.DoesNotContain(hidden, list);

        var first = await world.GetAsync(world.Amra, $"/reviews/{assignment}");
        Assert.Equal($"{world.ListPath}?return=%2Freviews%2F{assignment}", first.Headers.Location!.OriginalString);
        foreach (var path in new[] { $"/reviews/{assignment}/check", $"/reviews/{assignment}/documents/{new string('0', 64)}" }) Assert.True((await world.GetAsync(world.Amra, path)).IsHidden());
        foreach (var path in new[] { "declaration", "scores", "scores/field", "submission" })
            Assert.True((await world.PostAsync(world.Amra, $"/reviews/{assignment}/{path}", new { declaration = "none" })).IsHidden());
        Assert.Contains("First declare about the organisations", await world.PageAsync(world.Amra, "/reviews"));

        foreach (var caller in new[] { world.CommitteeMember, world.Chair })
        {
            Assert.Equal(HttpStatusCode.Found, (await world.GetAsync(caller, $"/ranking/{world.Call.Id}")).StatusCode);
            Assert.Equal(HttpStatusCode.Found, (await world.GetAsync(caller, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}")).StatusCode);
            Assert.True((await world.GetAsync(caller, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}/documents/{new string('0', 64)}")).IsHidden());
        }

        Assert.True((await world.PostAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}", new { fund = "no", reason = "Blind." })).IsHidden());
        // Those who neither score nor recommend are not asked.
        foreach (var caller in new[] { world.Officer, world.Auditor, world.Decider }) await world.PageAsync(caller, $"/ranking/{world.Call.Id}");
        Assert.True((await world.GetAsync(world.Officer, world.ListPath)).IsHidden());
    }

    [Fact]
    public async Task Afterwards_the_reader_goes_on_and_is_asked_again_for_newcomers_only()
    {
        await using var world = await World.StartAsync();
        var assignment = await world.AssignAsync(await ReadyAsync(world), world.Amra);
        await world.DeclareAboutAsync(world.Amra);
        Assert.Contains("Declaration of impartiality", await world.PageAsync(world.Amra, $"/reviews/{assignment}"));
        Assert.Contains("You have declared about every organisation", await world.PageAsync(world.Amra, world.ListPath));

        // The club takes part again under the same name, differently written; its applicant is new.
        var later = await ReadyAsync(world, "Društvo Lipa", new ApplicationPartner(null, " omladinski klub NEUM ", "HR"));
        var page = await world.PageAsync(world.Amra, world.ListPath);
        Assert.Contains("I have a conflict of interest: Društvo Lipa (BA)", page);
        Assert.DoesNotContain("I have a conflict of interest: Općina Jablanica", page);
        Assert.DoesNotContain("I have a conflict of interest:  omladinski", page);
        // What is declared already stays open meanwhile.
        Assert.Contains("Declaration of impartiality", await world.PageAsync(world.Amra, $"/reviews/{assignment}"));
        Assert.Equal(HttpStatusCode.Found, (await world.GetAsync(world.Amra, $"/reviews/{await world.AssignAsync(later, world.Amra)}")).StatusCode);
    }

    [Fact]
    public async Task A_declaration_that_says_half_of_it_is_refused_and_nothing_typed_is_lost()
    {
        await using var world = await World.StartAsync();
        var submitted = await ReadyAsync(world);
        var party = submitted.OrganisationId;
        object Fields(string conflict, string reason, string confirm) => new Dictionary<string, string>
        {
            [$"listed-{party}"] = "yes", [conflict.Length > 0 ? $"conflict-{party}" : "other"] = conflict, [$"reason-{party}"] = reason, [confirm.Length > 0 ? "confirm" : "nothing"] = confirm,
        };

        Assert.Contains("Say in a few words what the conflict is", await world.RefusedAsync(world.Amra, world.ListPath, Fields("yes", " ", "yes")));
        var page = await world.RefusedAsync(world.Amra, world.ListPath, Fields("", "My sister works there.", "yes"));
        Assert.Contains("You wrote of a conflict but did not tick it", page);
        Assert.Contains("My sister works there.", page);
        Assert.Contains("Confirm that you have read", await world.RefusedAsync(world.Amra, world.ListPath, Fields("", "", "")));
        Assert.Contains("Write at most 1000", await world.RefusedAsync(world.Amra, world.ListPath, Fields("yes", new string('x', 1001), "yes")));
        Assert.False(await world.Service.Db<ReviewsDb, bool>(db => db.ConflictDeclarations.AnyAsync()));

        // Only what stood on the page is declared, and once however often it is sent.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.SeeOtherAsync(world.Amra, world.ListPath, Fields("", "", "yes"))));
        Assert.Equal([party], await world.Service.Db<ReviewsDb, List<Guid>>(db => db.ConflictDeclarations.Select(one => one.PartyId).ToListAsync()));
    }

    [Fact]
    public async Task A_declared_conflict_hides_everything_until_the_chair_dismisses_it()
    {
        await using var world = await World.StartAsync();
        var submitted = await ReadyAsync(world);
        var assignment = await world.AssignAsync(submitted, world.Amra);
        var both = world.Amra with { Roles = [.. world.Amra.Roles, new(Role.CommitteeMember, "*")] };
        await world.DeclareAboutAsync(world.Amra, (Registered.OrganisationId!.Value, "I work there."));
        await HiddenAsync(world, both, submitted, assignment);
        Assert.Contains("Declared a conflict of interest. The chair has not dismissed it.", await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}"));

        var path = $"/ranking/{world.Call.Id}/conflicts";
        var declaration = await world.Service.Db<ReviewsDb, Guid>(db => db.ConflictDeclarations.Where(one => one.State == DeclarationState.Pending).Select(one => one.Id).SingleAsync());
        Assert.Contains("I work there.", await world.PageAsync(world.Chair, path));
        Assert.Contains("Say why you rule so", await world.RefusedAsync(world.Chair, $"{path}/{declaration}", Ruling(declaration, "dismiss", "")));
        Assert.Contains("Choose whether it is a conflict", await world.RefusedAsync(world.Chair, $"{path}/{declaration}", Ruling(declaration, "perhaps", "So.")));
        foreach (var caller in new[] { world.Officer, world.CommitteeMember, world.Decider, world.Amra })
            Assert.True((await world.PostAsync(caller, $"{path}/{declaration}", Ruling(declaration, "dismiss", "So."))).IsHidden());
        await world.SeeOtherAsync(world.Chair, $"{path}/{declaration}", Ruling(declaration, "dismiss", "That was years ago."));

        await world.SeeOtherAsync(world.Amra, $"/reviews/{assignment}/declaration", new { declaration = "none", reason = "" });
        Assert.Contains("nema prostora", await world.PageAsync(world.Amra, $"/reviews/{assignment}"));
        Assert.Contains("That was years ago.", await world.PageAsync(world.Amra, world.ListPath));

        // Another conflict, noticed later, hides it again.
        await world.SeeOtherAsync(world.Amra, world.ListPath + "/later", new Dictionary<string, string> { ["later"] = submitted.OrganisationId.ToString(), ["later-reason"] = "My cousin joined." });
        await HiddenAsync(world, both, submitted, assignment);
    }

    [Fact]
    public async Task An_upheld_conflict_ends_the_review_and_scores_already_given_count_no_longer()
    {
        await using var world = await World.StartAsync();
        var submitted = await ReadyAsync(world);
        await world.DeclareAboutAsync(world.Chair);
        var (hers, his) = (await world.AssignAsync(submitted, world.Amra), await world.AssignAsync(submitted, world.Ivan));
        await world.ReviewAsync(hers, world.Amra, 500);
        await world.ReviewAsync(his, world.Ivan, 300);
        var list = $"/ranking/{world.Call.Id}";
        Assert.Contains("16.00", await world.PageAsync(world.Chair, list));

        await world.SeeOtherAsync(world.Amra, world.ListPath + "/later", new Dictionary<string, string> { ["later"] = submitted.OrganisationId.ToString(), ["later-reason"] = "My cousin joined." });
        Assert.Contains("1 of 2 reviews", await world.PageAsync(world.Chair, list)); // from the declaration on
        var declaration = await world.Service.Db<ReviewsDb, Guid>(db => db.ConflictDeclarations.Where(one => one.State == DeclarationState.Pending).Select(one => one.Id).SingleAsync());
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.SeeOtherAsync(world.Chair, $"{list}/conflicts/{declaration}", Ruling(declaration, "uphold", "Family."))));

        Assert.Equal(AssignmentState.Conflicted, (await world.AssignmentAsync(hers)).State);
        Assert.Equal(AssignmentState.Submitted, (await world.AssignmentAsync(his)).State);
        var told = Assert.Single(await world.Service.Events<ReviewSubmitted>(), review => review.ConflictDeclared);
        Assert.Equal((hers, world.Amra.PersonId), (told.AssignmentId, told.EvaluatorId));
        await HiddenAsync(world, world.Amra, submitted, hers);
        // Another takes the place without a special reason, and the score is theirs.
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Zoran), world.Zoran, 400);
        Assert.Contains("14.00", await world.PageAsync(world.Chair, list));
        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(world.Chair, $"{list}/conflicts/{declaration}", Ruling(declaration, "dismiss", "Changed my mind."))).StatusCode);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(200, true)]
    public async Task A_score_that_counts_again_completes_the_reviews_that_came_in_meanwhile(int points, bool apart)
    {
        await using var world = await World.StartAsync(Sample.Definition().With(stage => stage.Evaluation is { } evaluation
            ? stage with { Evaluation = evaluation with { Third = new ThirdRule(800, null, false, ThirdResult.All) } }
            : stage));
        var submitted = await ReadyAsync(world);
        await world.DeclareAboutAsync(world.Chair);
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Amra), world.Amra, 400);
        var his = await world.AssignAsync(submitted, world.Ivan);
        await world.SeeOtherAsync(world.Amra, world.ListPath + "/later", new Dictionary<string, string> { ["later"] = submitted.OrganisationId.ToString(), ["later-reason"] = "We met once." });
        await world.ReviewAsync(his, world.Ivan, points);
        Assert.Equal(CaseState.InReview, (await world.CaseAsync(submitted)).State);

        var declaration = await world.Service.Db<ReviewsDb, Guid>(db => db.ConflictDeclarations.Where(one => one.State == DeclarationState.Pending).Select(one => one.Id).SingleAsync());
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.SeeOtherAsync(world.Chair, $"/ranking/{world.Call.Id}/conflicts/{declaration}", Ruling(declaration, "dismiss", "No tie."))));
        Assert.Equal(apart ? CaseState.InReview : CaseState.Reviewed, (await world.CaseAsync(submitted)).State);
        Assert.Equal(apart ? [false, false, true] : [false, false], (await world.Service.Events<ReviewSubmitted>()).Select(review => review.ThirdNeeded));
        Assert.Contains(apart ? "2 of 3 reviews" : "16.00", await world.PageAsync(world.Chair, $"/ranking/{world.Call.Id}"));
    }

    [Fact]
    public async Task Nobody_rules_on_their_own_conflict_or_when_tied_and_membership_cannot_be_dismissed()
    {
        await using var world = await World.StartAsync();
        var submitted = await ReadyAsync(world);
        await world.DeclareAboutAsync(world.Chair, (submitted.OrganisationId, "I was on their board."));
        await world.DeclareAboutAsync(world.Amra, (submitted.OrganisationId, "I am a member."));
        var path = $"/ranking/{world.Call.Id}/conflicts";
        var all = await world.Service.Db<ReviewsDb, List<ConflictDeclaration>>(db => db.ConflictDeclarations.Where(one => one.State == DeclarationState.Pending).ToListAsync());
        Assert.Contains("2 conflicts are left to another chair", await world.PageAsync(world.Chair, path));
        foreach (var one in all) Assert.True((await world.PostAsync(world.Chair, $"{path}/{one.Id}", Ruling(one.Id, "dismiss", "So."))).IsHidden());

        var other = World.Person("Mirjana Kos", Role.Chair);
        await world.Service.DeliverAsync(World.Of(submitted, 5, world.Amra.PersonId));
        var hers = all.Single(one => one.PersonId == world.Amra.PersonId).Id;
        Assert.Contains("That cannot be dismissed", await world.RefusedAsync(other, $"{path}/{hers}", Ruling(hers, "dismiss", "So.")));
        await world.SeeOtherAsync(other, $"{path}/{hers}", Ruling(hers, "uphold", "A member."));
        Assert.Contains("I was on their board.", await world.PageAsync(other, path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Members_of_a_partner_are_out_whenever_it_is_learnt(bool memberFirst)
    {
        await using var world = await World.StartAsync();
        var news = new OrganisationChanged(Registered.OrganisationId!.Value, 7, At, Registered.Name, "", "Jablanica", "BA", [new(world.Amra.PersonId, true), new(world.Chair.PersonId, false)]);
        if (memberFirst) await world.Service.DeliverAsync(news);
        var submitted = await ReadyAsync(world);
        var path = $"/reviews/assign/{submitted.ApplicationId}";
        if (memberFirst)
        {
            Assert.Contains("is a member", await world.RefusedAsync(world.Officer, path, new { evaluator = world.Amra.PersonId }));
        }
        else
        {
            var assignment = await world.AssignAsync(submitted, world.Amra);
            await world.DeclareAsync(assignment, world.Amra);
            await world.Service.DeliverAsync(news);
            Assert.Equal(AssignmentState.Conflicted, (await world.AssignmentAsync(assignment)).State);
            await HiddenAsync(world, world.Amra, submitted, assignment);
            Assert.True(Assert.Single(await world.Service.Events<ReviewSubmitted>()).ConflictDeclared);
        }

        Assert.True((await world.GetAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}")).IsHidden());
        // Leaving it does not help.
        await world.Service.DeliverAsync(news with { SubjectVersion = 8, Members = [] });
        Assert.True((await world.GetAsync(world.Chair, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}")).IsHidden());
    }

    [Fact]
    public async Task Nobody_acts_while_a_registered_partner_is_not_known()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.SubmissionAsync(partners: new ApplicationPartner(Guid.CreateVersion7(), "Not here yet", "BA"));
        await world.Service.DeliverAsync(World.Of(submitted, 0));
        await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: true));
        Assert.True((await world.GetAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}")).IsHidden());
    }

    /// <summary>An eligible application with partners about which nobody has declared.</summary>
    static async Task<ApplicationSubmitted> ReadyAsync(World world, string name = "Udruženje \"Nada\" Berkovići", params IReadOnlyList<ApplicationPartner> partners)
    {
        var submitted = await world.SubmissionAsync(name, partners: partners.Count > 0 ? partners : [Registered, Unregistered]);
        await world.Service.DeliverAsync(World.Of(submitted, 0));
        await world.Service.DeliverAsync(new OrganisationChanged(Registered.OrganisationId!.Value, 0, At, Registered.Name, "", "Jablanica", "BA", []));
        await world.Service.DeliverAsync(submitted);
        await world.Service.DeliverAsync(world.Decided(submitted, eligible: true));
        return submitted;
    }

    /// <summary>There is no such application for this person, whatever is asked for.</summary>
    static async Task HiddenAsync(World world, Caller person, ApplicationSubmitted submitted, Guid assignment)
    {
        foreach (var path in new[] { "", "/check", $"/documents/{submitted.DossierSha256}" }) Assert.True((await world.GetAsync(person, $"/reviews/{assignment}{path}")).IsHidden());
        foreach (var path in new[] { "/declaration", "/scores", "/scores/field", "/submission" })
            Assert.True((await world.PostAsync(person, $"/reviews/{assignment}{path}", World.Scores("300"))).IsHidden());
        Assert.DoesNotContain(submitted.Reference, await world.PageAsync(person, "/reviews"));
        Assert.True((await world.GetAsync(person, $"/ranking/{world.Call.Id}/applications/{submitted.ApplicationId}")).IsHidden());
    }

    static Dictionary<string, string> Ruling(Guid declaration, string ruling, string reason) => new() { [$"ruling-{declaration}"] = ruling, [$"reason-{declaration}"] = reason };
}

using System.Net;
using Grants.Contracts.Reviews;
using Grants.Platform.Files;
using Grants.Reviews.Domain;
using Grants.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Reviews.Tests.Features.Review;

public sealed class ReviewTests
{
    [Fact]
    public async Task Before_the_declaration_only_call_applicant_and_reference_are_seen()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);

        foreach (var page in new[] { await world.PageAsync(world.Amra, $"/reviews/{assignment}"), await world.PageAsync(world.Amra, "/reviews") })
        {
            Assert.Contains(submitted.Reference, page);
            Assert.Contains(submitted.OrganisationName, page);
            Assert.Contains("Small grants", page);
            Assert.DoesNotContain(submitted.Title, page);
            Assert.DoesNotContain("nema prostora", page);
        }

        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{assignment}/scores", World.Scores("300"))).StatusCode);
        Assert.True((await world.GetAsync(world.Amra, $"/reviews/{assignment}/documents/{new string('0', 64)}")).IsHidden());
    }

    [Fact]
    public async Task After_the_declaration_the_dossier_and_its_documents_can_be_read()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(assignment, world.Amra);

        var page = await world.PageAsync(world.Amra, $"/reviews/{assignment}");
        Assert.Contains("U našoj općini nema prostora za mlade.", page);
        Assert.DoesNotContain("Nada Kovač", page);
        var document = page.Split($"/reviews/{assignment}/documents/")[1][..64];
        var file = await world.GetAsync(world.Amra, $"/reviews/{assignment}/documents/{document}");
        Assert.StartsWith("%PDF", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True((await world.GetAsync(world.Amra, $"/reviews/{assignment}/documents/{submitted.DossierSha256}")).IsHidden());
    }

    [Fact]
    public async Task A_document_that_was_refused_after_the_submission_is_explained()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        var document = (await world.PageAsync(world.Amra, $"/reviews/{assignment}")).Split($"/reviews/{assignment}/documents/")[1][..64];
        await world.Service.Services.GetRequiredService<FileStore>().DeleteAsync(FileArea.Attachments, document, default);
        var answer = await world.GetAsync(world.Amra, $"/reviews/{assignment}/documents/{document}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("it was refused when it was checked for viruses", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", "", "Choose whether you have a conflict")]
    [InlineData("perhaps", "", "Choose whether you have a conflict")]
    [InlineData("conflict", "  ", "Say in a few words what the conflict is")]
    public async Task A_declaration_must_say_something(string declaration, string reason, string sentence)
    {
        await using var world = await World.StartAsync();
        var assignment = await world.AssignAsync(await world.ReadyAsync(), world.Amra);

        Assert.Contains(sentence, await world.RefusedAsync(world.Amra, $"/reviews/{assignment}/declaration", new { declaration, reason }));
        Assert.Equal(AssignmentState.Assigned, (await world.AssignmentAsync(assignment)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conflict_ends_the_review_and_the_officer_sees_why(bool later)
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);
        if (later)
        {
            await world.DeclareAsync(assignment, world.Amra);
            await world.SeeOtherAsync(world.Amra, $"/reviews/{assignment}/scores", World.Scores("500"));
        }

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            world.SeeOtherAsync(world.Amra, $"/reviews/{assignment}/declaration", new { declaration = "conflict", reason = "My sister works there." })));

        var told = Assert.Single(await world.Service.Events<ReviewSubmitted>());
        Assert.True(told.ConflictDeclared);
        Assert.Contains("My sister works there.", await world.PageAsync(world.Officer, $"/reviews/assign/{submitted.ApplicationId}"));
        var page = await world.PageAsync(world.Amra, $"/reviews/{assignment}");
        Assert.Contains("You left this review", page);
        Assert.DoesNotContain("nema prostora", page);
        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{assignment}/scores", World.Scores("300"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{assignment}/submission", new { })).StatusCode);
    }

    [Fact]
    public async Task A_field_is_saved_when_it_loses_focus_and_the_total_follows()
    {
        await using var world = await World.StartAsync();
        var assignment = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        var field = $"/reviews/{assignment}/scores/field";

        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(world.Amra, field, new Dictionary<string, string> { ["points-needs"] = "400" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(world.Amra, field, new Dictionary<string, string> { ["comment-design"] = "Sound." })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await world.PostAsync(world.Amra, field, new Dictionary<string, string> { ["points-budget"] = "600" })).StatusCode);

        var page = await world.PageAsync(world.Amra, $"/reviews/{assignment}");
        Assert.Contains("8.00", page);
        Assert.Contains("Sound.", page);
        Assert.Null((await world.AssignmentAsync(assignment)).Scores.Find(score => score.CriterionId == "budget"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("600")]
    [InlineData("350")]
    [InlineData("-100")]
    [InlineData("3,5")]
    [InlineData("٣٠٠")]
    [InlineData("99999999999999999999")]
    public async Task Points_that_are_not_on_the_scale_are_refused_and_what_was_typed_is_kept(string points)
    {
        await using var world = await World.StartAsync();
        var assignment = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        await world.DeclareAsync(assignment, world.Amra);

        var page = await world.RefusedAsync(world.Amra, $"/reviews/{assignment}/scores", World.Scores(points, "Written in one go."));
        Assert.Contains("Choose points from 1 to 5 for: Needs", page);
        Assert.Contains("Written in one go.", page);
        Assert.Empty((await world.AssignmentAsync(assignment)).Scores);
    }

    [Fact]
    public async Task What_is_missing_is_said_and_nothing_is_sent()
    {
        await using var world = await World.StartAsync();
        var assignment = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        var fields = World.Scores("400");
        fields.Remove("points-design");
        fields["comment-budget"] = "   ";
        await world.SeeOtherAsync(world.Amra, $"/reviews/{assignment}/scores", fields);

        Assert.Contains("Give points: Design", await world.PageAsync(world.Amra, $"/reviews/{assignment}/check"));
        var page = await world.RefusedAsync(world.Amra, $"/reviews/{assignment}/submission", new { });
        Assert.Contains("Give points: Design", page);
        Assert.Contains("Say why: Budget", page);
        Assert.Empty(await world.Service.Events<ReviewSubmitted>());
    }

    [Fact]
    public async Task A_review_is_submitted_once_and_never_changes_afterwards()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        await world.SeeOtherAsync(world.Amra, $"/reviews/{assignment}/scores", World.Scores("300"));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.SeeOtherAsync(world.Amra, $"/reviews/{assignment}/submission", new { })));

        Assert.False(Assert.Single(await world.Service.Events<ReviewSubmitted>()).ConflictDeclared);
        Assert.Equal(HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{assignment}/scores", World.Scores("500"))).StatusCode);
        Assert.Equal(
            HttpStatusCode.Conflict, (await world.PostAsync(world.Amra, $"/reviews/{assignment}/declaration", new { declaration = "conflict", reason = "Late." })).StatusCode);
        var kept = await world.AssignmentAsync(assignment);
        Assert.Equal((AssignmentState.Submitted, 1200), (kept.State, kept.TotalHundredths));
        Assert.Contains("12.00", await world.PageAsync(world.Amra, $"/reviews/{assignment}"));
    }

    [Fact]
    public async Task The_case_is_evaluated_when_the_last_needed_review_is_in()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Amra), world.Amra, 300);
        Assert.Equal(CaseState.InReview, (await world.CaseAsync(submitted)).State);
        await world.ReviewAsync(await world.AssignAsync(submitted, world.Ivan), world.Ivan, 400);

        var held = await world.CaseAsync(submitted);
        Assert.Equal(CaseState.Reviewed, held.State);
        Assert.Equal(held.Version, (await world.Service.Events<ReviewSubmitted>())[^1].SubjectVersion);
    }

    [Fact]
    public async Task Another_evaluators_review_does_not_exist_for_anybody_else()
    {
        await using var world = await World.StartAsync();
        var submitted = await world.ReadyAsync();
        var assignment = await world.AssignAsync(submitted, world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        foreach (var caller in new[] { world.Ivan, world.Officer, world.Chair, world.Decider, world.Auditor })
        {
            Assert.True((await world.GetAsync(caller, $"/reviews/{assignment}")).IsHidden());
            Assert.True((await world.GetAsync(caller, $"/reviews/{assignment}/check")).IsHidden());
            Assert.True((await world.PostAsync(caller, $"/reviews/{assignment}/scores", World.Scores("100"))).IsHidden());
            Assert.True((await world.PostAsync(caller, $"/reviews/{assignment}/scores/field", World.Scores("100"))).IsHidden());
            Assert.True((await world.PostAsync(caller, $"/reviews/{assignment}/declaration", new { declaration = "conflict", reason = "x" })).IsHidden());
            Assert.True((await world.PostAsync(caller, $"/reviews/{assignment}/submission", new { })).IsHidden());
        }

        Assert.DoesNotContain(submitted.Reference, await world.PageAsync(world.Ivan, "/reviews"));
    }

    [Fact]
    public async Task The_list_says_what_is_to_do_what_is_begun_and_what_was_sent()
    {
        await using var world = await World.StartAsync();
        Assert.Contains("Nothing is assigned to you", await world.PageAsync(world.Amra, "/reviews"));
        await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        await world.DeclareAsync(await world.AssignAsync(await world.ReadyAsync(), world.Amra), world.Amra);
        await world.ReviewAsync(await world.AssignAsync(await world.ReadyAsync(), world.Amra), world.Amra, 300);

        var page = await world.PageAsync(world.Amra, "/reviews");
        Assert.Contains("To do: 1", page);
        Assert.Contains("Draft: 1", page);
        Assert.Contains("Sent: 1", page);
    }

    [SharedFact]
    public async Task Strings_that_break_software_come_back_as_they_were_written()
    {
        await using var world = await World.StartAsync();
        var assignment = await world.AssignAsync(await world.ReadyAsync(), world.Amra);
        await world.DeclareAsync(assignment, world.Amra);
        foreach (var text in Naughty.Strings)
        {
            var answer = await world.PostAsync(world.Amra, $"/reviews/{assignment}/scores/field", new Dictionary<string, string> { ["comment-needs"] = text });
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            var kept = (await world.AssignmentAsync(assignment)).Scores.Single(score => score.CriterionId == "needs").Comment;
            Assert.Equal(Platform.Http.PostedForm.Clean(text).Trim(), kept);
            var page = await world.GetAsync(world.Amra, $"/reviews/{assignment}");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            if (text.Contains("<script", StringComparison.OrdinalIgnoreCase)) Assert.DoesNotContain(text, await page.Content.ReadAsStringAsync());
        }
    }
}

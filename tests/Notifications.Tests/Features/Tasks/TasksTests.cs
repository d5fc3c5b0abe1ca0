using Grants.Notifications.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Tests.Features.Tasks;

public sealed class TasksTests
{
    [Fact]
    public async Task A_submission_asks_officers_in_scope_and_gives_the_applicants_their_receipt()
    {
        await using var story = await Story.SubmittedAsync();
        var officer = await story.Inbox(story.Officer);
        Assert.Contains("Check this application", officer);
        Assert.Contains(Story.Reference, officer);
        Assert.Contains(Story.Association, officer);
        Assert.Contains($"/desk/applications/{story.ApplicationId}", officer);
        Assert.Contains("waiting for: programme officers", officer);
        foreach (var member in new[] { story.Applicant, story.Colleague })
        {
            var inbox = await story.Inbox(member);
            Assert.Contains($"We have received your application {Story.Reference}", inbox);
            Assert.Contains($"/applications/{story.ApplicationId}/receipt", inbox);
            Assert.DoesNotContain("Check this application", inbox);
        }

        foreach (var outsider in story.Outsiders) Assert.Equal(0, await story.Count(outsider));
    }

    [Fact]
    public async Task Another_message_with_the_same_content_does_not_double_an_item()
    {
        await using var story = await Story.SubmittedAsync();
        var submitted = story.Submitted();
        await story.Deliver(submitted);
        await story.Deliver(submitted);
        Assert.Single(await story.Items(ItemTemplate.Check));
        Assert.Single(await story.Items(ItemTemplate.Submitted));
    }

    [Fact]
    public async Task A_good_check_closes_the_task_tells_the_applicants_and_asks_for_an_evaluator()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        Assert.NotNull((await story.Item(ItemTemplate.Check)).DoneAt);
        Assert.Contains("passed the check", await story.Inbox(story.Applicant));
        var officer = await story.Inbox(story.Officer);
        Assert.Contains("Assign an evaluator", officer);
        Assert.DoesNotContain("Check this application", officer);
    }

    [Fact]
    public async Task A_bad_check_tells_the_applicants_nothing()
    {
        await using var story = await Story.SubmittedAsync();
        var before = await story.Count(story.Applicant);
        await story.Deliver(story.Eligible(false));
        await story.Deliver(story.Rejected());
        Assert.Equal(before, await story.Count(story.Applicant));
        Assert.Empty(await story.Items(ItemTemplate.Assign));
        Assert.NotNull((await story.Item(ItemTemplate.Check)).DoneAt);
    }

    [Fact]
    public async Task An_assignment_asks_the_evaluator_and_closes_the_officers_task()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        Assert.Contains($"/reviews/{story.AssignmentId}", await story.Inbox(story.Evaluator));
        Assert.NotNull((await story.Item(ItemTemplate.Assign)).DoneAt);
        await story.Deliver(story.Reviewed());
        Assert.Equal(0, await story.Count(story.Evaluator));
    }

    [Fact]
    public async Task With_two_evaluators_the_officer_is_asked_until_both_are_assigned()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.CallPublished(evaluators: 2));
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.Submitted());
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        Assert.Null((await story.Item(ItemTemplate.Assign)).DoneAt);
        await story.Deliver(story.Assigned(Guid.CreateVersion7(), Story.Person()));
        Assert.NotNull((await story.Item(ItemTemplate.Assign)).DoneAt);
    }

    [Fact]
    public async Task After_a_conflict_the_officer_assigns_somebody_else()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        await story.Deliver(story.Reviewed(conflict: true));
        Assert.Contains("Assign another evaluator", await story.Inbox(story.Officer));
        Assert.Equal(0, await story.Count(story.Evaluator));
        await story.Deliver(story.Assigned(Guid.CreateVersion7(), Story.Person()));
        Assert.DoesNotContain("Assign another evaluator", await story.Inbox(story.Officer));
    }

    [Fact]
    public async Task The_chair_has_one_task_a_closed_call_until_all_eligible_applications_are_recommended()
    {
        await using var story = await Story.SubmittedAsync();
        var second = Guid.CreateVersion7();
        await story.Deliver(story.Submitted(second));
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Eligible(applicationId: second));
        Assert.Equal(0, await story.Count(story.Chair));
        await story.Deliver(story.Closed());
        var inbox = await story.Inbox(story.Chair);
        Assert.Contains("record the committee’s recommendations", inbox);
        Assert.Contains("Small grants 2026", inbox);
        Assert.Contains($"/ranking/{story.CallId}", inbox);
        await story.Deliver(story.Recommended());
        Assert.Equal(1, await story.Count(story.Chair));
        await story.Deliver(story.Recommended(second));
        Assert.Equal(0, await story.Count(story.Chair));
    }

    [Fact]
    public async Task A_recommendation_asks_the_decision_maker_until_the_decision()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        var before = await story.Count(story.Applicant);
        await story.Deliver(story.Recommended());
        Assert.Contains($"/decisions/{story.ApplicationId}", await story.Inbox(story.DecisionMaker));
        await story.Deliver(story.Awarded());
        Assert.Equal(0, await story.Count(story.DecisionMaker));
        Assert.Equal(before, await story.Count(story.Applicant));
    }

    [Fact]
    public async Task From_the_offer_to_the_paid_instalment_everybody_is_asked_in_turn()
    {
        await using var story = await Story.AwardedAsync();
        var letter = Assert.Single(await story.Letters());
        await story.Release(story.Officer, letter.Id);
        Assert.Contains($"/grants/{story.ApplicationId}/account", await story.Inbox(story.Applicant));
        Assert.Contains($"/grants/{story.ApplicationId}/preparation", await story.Inbox(story.Officer));

        await story.Deliver(story.Offered());
        var applicant = await story.Inbox(story.Applicant);
        Assert.DoesNotContain($"/grants/{story.ApplicationId}/account", applicant);
        Assert.Contains("Read grant agreement L4C-2026-00042/1 over", applicant);
        Assert.Contains("6,400.00", applicant);
        Assert.DoesNotContain($"/grants/{story.ApplicationId}/preparation", await story.Inbox(story.Officer));

        await story.Deliver(story.Signed("grantee", false));
        Assert.DoesNotContain("Read grant agreement", await story.Inbox(story.Applicant));
        Assert.Contains("Accept the grant agreement for the funder", await story.Inbox(story.DecisionMaker));

        await story.Deliver(story.Signed("funder", true));
        Assert.Equal(0, await story.Count(story.DecisionMaker));
        Assert.Contains("Your grant agreement is in force", await story.Inbox(story.Applicant));

        await story.Deliver(story.Requested());
        Assert.Contains("Approve instalment 1", await story.Inbox(story.Finance));
        await story.Deliver(story.Approved(story.Finance, 1, false));
        Assert.Equal(0, await story.Count(story.Finance));
        Assert.Equal(1, await story.Count(story.OtherFinance));

        await story.Deliver(story.Approved(story.OtherFinance, 2, true));
        Assert.Contains("Pay the approved instalment", await story.Inbox(story.Finance));
        Assert.DoesNotContain("Approve instalment", await story.Inbox(story.OtherFinance));

        await story.Deliver(story.Settled());
        Assert.Equal(0, await story.Count(story.Finance));
        applicant = await story.Inbox(story.Applicant);
        Assert.Contains("5,120.00", applicant);
        Assert.Contains("9 March 2027", applicant);
    }

    [Fact]
    public async Task Whoever_acts_for_the_applicant_gets_no_staff_task_about_it()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.OrganisationChanged(null, story.Applicant, story.Officer));
        var inbox = await story.Inbox(story.Officer);
        Assert.DoesNotContain("Check this application", inbox);
        Assert.Contains("We have received your application", inbox);
    }

    [Fact]
    public async Task Each_item_is_unique_in_the_database()
    {
        await using var story = await Story.SubmittedAsync();
        var item = await story.Item(ItemTemplate.Check);
        await Assert.ThrowsAsync<DbUpdateException>(() => story.Service.Db<NotificationsDb>(async db =>
        {
            db.Items.Add(new InboxItem { Id = Guid.CreateVersion7(), Template = item.Template, SubjectKey = item.SubjectKey, Audience = item.Audience, CreatedAt = story.Now });
            await db.SaveChangesAsync();
        }));
    }
}

using Grants.Contracts;
using Grants.Notifications.Domain;

namespace Grants.Notifications.Tests.Features.Tasks;

/// <summary>Events of different subjects, and of different services, come in any order.</summary>
[Trait("Database", "both")]
public sealed class OrderTests
{
    [Fact]
    public async Task A_task_that_was_done_before_it_was_opened_is_not_asked_for()
    {
        await using var story = await Story.BeginAsync();
        var submitted = story.Submitted();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        await story.Deliver(submitted);
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.CallPublished());
        Assert.Equal(0, await story.Count(story.Officer));
        Assert.NotNull((await story.Item(ItemTemplate.Check)).DoneAt);
    }

    [Fact]
    public async Task A_check_that_came_before_its_submission_is_told_once_both_are_here()
    {
        await using var story = await Story.BeginAsync();
        var submitted = story.Submitted();
        await story.Deliver(story.Eligible());
        Assert.Empty(await story.Items(ItemTemplate.Eligible));
        await story.Deliver(submitted);
        await story.Deliver(story.OrganisationChanged());
        Assert.Contains("passed the check", await story.Inbox(story.Applicant));
        Assert.Single(await story.Items(ItemTemplate.Eligible));
    }

    [Fact]
    public async Task Items_are_found_when_call_and_organisation_come_last()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.Submitted());
        Assert.Equal(0, await story.Count(story.Officer)); // nobody knows yet that the call is of the officer's programme
        Assert.Equal(0, await story.Count(story.Applicant));
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        Assert.Equal(1, await story.Count(story.Officer));
        Assert.Equal(1, await story.Count(story.Applicant));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public async Task The_chairs_task_is_the_same_in_every_order_of_closing_check_and_recommendation(int first, int second, int third)
    {
        await using var story = await Story.SubmittedAsync();
        var other = Guid.CreateVersion7();
        await story.Deliver(story.Submitted(other));
        await story.Deliver(story.Eligible(applicationId: other));
        IEvent[] events = [story.Closed(), story.Eligible(), story.Recommended()];
        foreach (var index in new[] { first, second, third }) await DeliverAny(story, events[index]);
        Assert.Equal(1, await story.Count(story.Chair)); // the other application still waits
        await story.Deliver(story.Recommended(other));
        Assert.Equal(0, await story.Count(story.Chair));
    }

    [Fact]
    public async Task Nobody_is_asked_for_another_evaluator_when_one_was_assigned_before_the_conflict_was_heard_of()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        var first = story.Assigned();
        var conflict = story.Reviewed(conflict: true);
        var replacement = story.Assigned(Guid.CreateVersion7(), Story.Person());
        await story.Deliver(replacement);
        await story.Deliver(conflict);
        await story.Deliver(first);
        Assert.Equal(0, await story.Count(story.Officer));
        Assert.Equal(0, await story.Count(story.Evaluator)); // the review was left before it was heard of
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Officers_are_asked_for_evaluators_of_the_next_evaluation_until_they_are_assigned(bool reviewedFirst)
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        await story.Deliver(story.Assigned());
        Assert.Equal(0, await story.Count(story.Officer));
        var passed = story.Reviewed() with { NextEvaluation = 1 };
        var next = story.Assigned(Guid.CreateVersion7(), Story.Person()) with { Evaluation = 1 };
        if (reviewedFirst)
        {
            await story.Deliver(passed);
            Assert.Equal(1, await story.Count(story.Officer));
            Assert.Contains("Assign evaluators for the next evaluation", await story.Inbox(story.Officer));
        }

        await story.Deliver(next);
        if (!reviewedFirst) await story.Deliver(passed);
        Assert.Equal(0, await story.Count(story.Officer));
    }

    [Fact]
    public async Task A_conflict_heard_of_before_its_assignment_still_asks_for_somebody_else()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.Eligible());
        var assigned = story.Assigned();
        await story.Deliver(story.Reviewed(conflict: true));
        await story.Deliver(assigned);
        Assert.Null((await story.Item(ItemTemplate.AssignAnother)).DoneAt);
        Assert.Equal(0, await story.Count(story.Evaluator));
    }

    [Fact]
    public async Task Payments_end_settled_in_every_order()
    {
        var orders = Permutations([0, 1, 2, 3]);
        foreach (var order in orders)
        {
            await using var story = await Story.SubmittedAsync();
            IEvent[] events = [story.Requested(), story.Approved(story.Finance, 1, false), story.Approved(story.OtherFinance, 2, true), story.Settled()];
            foreach (var index in order) await DeliverAny(story, events[index]);
            Assert.Equal(0, await story.Count(story.Finance));
            Assert.Equal(0, await story.Count(story.OtherFinance));
            Assert.Single(await story.Items(ItemTemplate.Paid));
        }
    }

    [Fact]
    public async Task Agreements_end_in_force_in_every_order()
    {
        foreach (var order in Permutations([0, 1, 2]))
        {
            await using var story = await Story.SubmittedAsync();
            IEvent[] events = [story.Offered(), story.Signed("grantee", false), story.Signed("funder", true)];
            foreach (var index in order) await DeliverAny(story, events[index]);
            Assert.Equal(0, await story.Count(story.DecisionMaker));
            Assert.Equal(2, await story.Count(story.Applicant)); // the receipt, and that it is in force
        }
    }

    static Task DeliverAny(Story story, IEvent message) =>
        (Task)typeof(Story).GetMethod(nameof(Story.Deliver))!.MakeGenericMethod(message.GetType()).Invoke(story, [message])!;

    static IEnumerable<IReadOnlyList<int>> Permutations(IReadOnlyList<int> of) =>
        of.Count < 2 ? [of] : of.SelectMany(first => Permutations([.. of.Where(other => other != first)]).Select(rest => (IReadOnlyList<int>)[first, .. rest]));
}

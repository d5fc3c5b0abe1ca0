using System.Net;
using Grants.Contracts.Accounts;
using Grants.Notifications.Domain;
using Grants.Platform.Http;
using Grants.Testing;

namespace Grants.Notifications.Tests.Features.Inbox;

[Trait("Database", "both")]
public sealed class InboxTests
{
    [Fact]
    public async Task An_empty_inbox_says_so_and_counts_nothing()
    {
        await using var story = await Story.BeginAsync();
        var inbox = await story.Inbox(story.Stranger);
        Assert.Contains("Nothing waits for you", inbox);
        Assert.Contains("No news yet", inbox);
        Assert.Equal(0, await story.Count(story.Stranger));
    }

    [Fact]
    public async Task A_notice_is_read_for_the_reader_alone()
    {
        await using var story = await Story.SubmittedAsync();
        var notice = await story.Item(ItemTemplate.Submitted);
        for (var click = 0; click < 2; click++)
        {
            var answer = await ServiceFixture.PostAsync(story.As(story.Applicant), $"/inbox/{notice.Id}/read", new { });
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }

        Assert.Equal(0, await story.Count(story.Applicant));
        Assert.Equal(1, await story.Count(story.Colleague));
        Assert.Contains("We have received your application", await story.Inbox(story.Applicant)); // read, not gone
        Assert.DoesNotContain("Mark as read", await story.Inbox(story.Applicant));
        Assert.Contains("Mark as read", await story.Inbox(story.Colleague));
    }

    [Fact]
    public async Task Items_of_others_and_tasks_cannot_be_marked()
    {
        await using var story = await Story.SubmittedAsync();
        var notice = await story.Item(ItemTemplate.Submitted);
        var task = await story.Item(ItemTemplate.Check);
        foreach (var other in new[] { story.Stranger, story.Officer, story.Evaluator, story.Finance })
            Assert.True((await ServiceFixture.PostAsync(story.As(other), $"/inbox/{notice.Id}/read", new { })).IsHidden());
        foreach (var other in new[] { story.Officer, story.Applicant })
            Assert.True((await ServiceFixture.PostAsync(story.As(other), $"/inbox/{task.Id}/read", new { })).IsHidden());
        Assert.True((await ServiceFixture.PostAsync(story.As(story.Applicant), $"/inbox/{Guid.CreateVersion7()}/read", new { })).IsHidden());
    }

    [Fact]
    public async Task Nobody_reads_an_inbox_without_signing_in()
    {
        await using var story = await Story.BeginAsync();
        foreach (var path in new[] { "/inbox", "/inbox/count", $"/inbox/letters/{Guid.CreateVersion7()}", "/mails/letters" })
        {
            var answer = await story.Service.Client().GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.StartsWith("/account/sign-in", answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task A_role_reaches_its_programme_its_call_or_its_country_and_nothing_else()
    {
        await using var story = await Story.SubmittedAsync();
        foreach (var (scope, expected) in new[]
                 {
                     ("*", 1), ("programme:L4C", 1), ($"call:{story.CallId}", 1), ("country:BA", 1),
                     ("programme:ALTER", 0), ($"call:{Guid.CreateVersion7()}", 0), ("country:RS", 0),
                 })
        {
            Assert.Equal(expected, await story.Count(Story.Person(new HeldRole(Role.ProgrammeOfficer, scope))));
        }
    }

    [Fact]
    public async Task Former_members_find_nothing_any_more_and_new_ones_find_everything()
    {
        await using var story = await Story.SubmittedAsync();
        await story.Deliver(story.OrganisationChanged(null, story.Stranger));
        Assert.Equal(0, await story.Count(story.Applicant));
        Assert.Equal(1, await story.Count(story.Stranger));
    }

    [Fact]
    public async Task Each_reader_finds_the_same_item_in_their_own_language()
    {
        await using var story = await Story.SubmittedAsync();
        Assert.Contains("Primili smo vašu prijavu", await story.Inbox(story.Applicant with { Language = "bs" }));
        Assert.Contains("Ја примивме вашата пријава", await story.Inbox(story.Colleague with { Language = "mk" }));
    }

    [Fact]
    public async Task What_applicants_typed_is_text_and_never_markup()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.OrganisationChanged());
        await story.Deliver(story.Submitted(title: "<script>alert(1)</script> {0} & „navodnici“"));
        var inbox = await story.Inbox(story.Officer);
        Assert.DoesNotContain("<script>alert(1)", inbox);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; {0} &amp; „navodnici“", inbox);
    }

    [Fact]
    public async Task People_and_roles_are_kept_in_any_order()
    {
        await using var story = await Story.BeginAsync();
        var (person, grant, early) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await story.Deliver(new RoleRevoked(person, 3, story.Now, early, Role.Chair, "*"));
        await story.Deliver(new RoleGranted(person, 2, story.Now, early, Role.Chair, "*"));
        await story.Deliver(new RoleGranted(person, 4, story.Now, grant, Role.Evaluator, "programme:L4C"));
        await story.Deliver(new PersonChanged(person, 5, story.Now, "Mejra Đulić", "mejra@example.org", "bs", true));
        await story.Deliver(new PersonChanged(person, 1, story.Now, "Mejra", "old@example.org", "en", true));
        await story.Service.Db<NotificationsDb>(async db =>
        {
            Assert.NotNull((await db.Roles.FindAsync(early))!.RevokedAt);
            Assert.Null((await db.Roles.FindAsync(grant))!.RevokedAt);
            Assert.Equal("Mejra Đulić", (await db.People.FindAsync(person))!.Name);
        });
        await story.Deliver(new RoleRevoked(person, 6, story.Now, grant, Role.Evaluator, "programme:L4C"));
        await story.Service.Db<NotificationsDb>(async db => Assert.NotNull((await db.Roles.FindAsync(grant))!.RevokedAt));
    }
}

using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Tests.Features.Directory;

public sealed class DirectoryTests
{
    [Fact]
    public async Task A_definition_that_does_not_have_its_hash_is_refused()
    {
        await using var story = await Story.BeginAsync();
        var results = await story.Service.DeliverOnceAsync(story.CallPublished() with { DefinitionSha256 = new string('0', 64) });
        Assert.Equal(Delivery.DeadLettered, Assert.Single(results).Value);
    }

    [Fact]
    public async Task A_published_version_never_changes()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.CallPublished());
        await story.Deliver(story.CallPublished()); // the same again under another id
        var results = await story.Service.DeliverOnceAsync(story.CallPublished(evaluators: 3));
        Assert.Equal(Delivery.DeadLettered, Assert.Single(results).Value);
    }

    [Fact]
    public async Task An_older_version_of_an_organisation_changes_nothing()
    {
        await using var story = await Story.BeginAsync();
        await story.Deliver(story.OrganisationChanged(7, story.Applicant, story.Colleague));
        await story.Deliver(story.OrganisationChanged(6, story.Stranger));
        await story.Deliver(story.OrganisationChanged(8, story.Colleague, story.Stranger));
        var members = await story.Service.Db<NotificationsDb, List<Guid>>(db => db.Memberships.Select(member => member.PersonId).ToListAsync());
        Assert.Equal(new[] { story.Colleague.PersonId, story.Stranger.PersonId }.Order(), members.Order());
        Assert.True(await story.Service.Db<NotificationsDb, bool>(async db => (await db.Memberships.SingleAsync(member => member.PersonId == story.Colleague.PersonId)).MayCommit));
    }
}

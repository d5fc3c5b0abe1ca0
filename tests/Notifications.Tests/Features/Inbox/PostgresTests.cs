using Grants.Notifications.Features.Directory;
using Grants.Notifications.Features.Inbox;
using Grants.Notifications.Features.Letters;
using Grants.Notifications.Features.Tasks;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Tests.Features.Inbox;

/// <summary>The fixture runs on SQLite; what the inbox and the list of letters ask is asked of PostgreSQL here.</summary>
public sealed class PostgresTests
{
    [Fact]
    public async Task Inbox_and_letters_are_found_on_PostgreSQL_as_on_SQLite()
    {
        await using var story = await Story.BeginAsync();
        var connection = PostgresServer.NewDatabase();
        await using (var db = Open(connection)) await db.Database.EnsureCreatedAsync();
        await Handle(connection, db => new OnCallPublished(db).Handle(story.CallPublished(), default));
        await Handle(connection, db => new OnOrganisationChanged(db).Handle(story.OrganisationChanged(), default));
        await Handle(connection, db => new OnApplicationSubmitted(db).Handle(story.Submitted(), default));
        await Handle(connection, db => new OnEligibilityDecided(db).Handle(story.Eligible(), default));
        await Handle(connection, db => new OnAwardDecided(db).Handle(story.Awarded(), default));

        await using var read = Open(connection);
        Assert.Equal(["release-letter"], (await InboxOf.Async(read, story.Officer, default)).Select(line => line.Item.Template));
        Assert.Equal(["eligible", "submitted"], (await InboxOf.Async(read, story.Applicant, default)).Select(line => line.Item.Template).Order());
        Assert.Equal(0, await InboxOf.CountAsync(read, story.OfficerElsewhere, default));
        var letter = Assert.Single(await LetterDesk.LettersOfAsync(read, story.Officer, [Role.ProgrammeOfficer], null, default));
        Assert.Equal(3, (await LetterDesk.OpenAsync(read, letter, default)).Texts.Count);
        Assert.Empty(await LetterDesk.LettersOfAsync(read, story.OfficerElsewhere, [Role.ProgrammeOfficer], letter.Id, default));
    }

    static async Task Handle(string connection, Func<NotificationsDb, Task> handle)
    {
        await using var db = Open(connection);
        await handle(db);
        await db.SaveChangesAsync();
    }

    static PostgresNotificationsDb Open(string connection) => new(new DbContextOptionsBuilder<PostgresNotificationsDb>().UseNpgsql(connection).Options);
}

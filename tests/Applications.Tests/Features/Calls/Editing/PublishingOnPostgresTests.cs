namespace Grants.Applications.Tests.Features.Calls.Editing;

/// <summary>What depends on two truly writing at once.</summary>
[Trait("Database", "postgres")]
public sealed class PublishingOnPostgresTests
{
    [Fact]
    public async Task Of_two_officers_who_publish_at_once_one_does()
    {
        await using var world = await World.StartOnPostgresAsync();
        await PublishingTests.OnceAsync(world);
    }
}

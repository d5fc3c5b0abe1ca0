using Grants.Testing;

namespace Grants.Applications.Tests;

[Trait("Database", "both")]
public sealed class ServiceTests
{
    [Fact]
    public async Task Every_route_names_who_may_use_it()
    {
        await using var world = await World.StartAsync();
        world.Service.AssertEveryRouteHasAccessRule();
    }

    [Fact]
    public Task Every_entity_comes_back_from_both_databases_as_it_was_stored() => new RoundTrip(ApplicationsService.Definition).CheckAsync();

    [Fact]
    public void Texts_are_complete_in_every_language() => Assert.Empty(TextsCheck.Problems(typeof(ApplicationsService).Assembly));
}

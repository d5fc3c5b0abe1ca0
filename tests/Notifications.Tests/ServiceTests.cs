using Grants.Notifications.Domain;
using Grants.Platform.Localisation;
using Grants.Testing;

namespace Grants.Notifications.Tests;

[Trait("Database", "both")]
public sealed class ServiceTests
{
    [Fact]
    public async Task Every_route_names_its_access_rule()
    {
        await using var service = await ServiceFixture.StartAsync(NotificationsService.Definition);
        service.AssertEveryRouteHasAccessRule();
    }

    [Fact]
    public void Texts_are_complete() => Assert.Empty(TextsCheck.Problems(typeof(NotificationsService).Assembly));

    [Fact]
    public Task Every_entity_is_the_same_after_it_was_stored_on_both_databases() => new RoundTrip(NotificationsService.Definition).CheckAsync();

    [Fact]
    public void Every_item_has_a_sentence_in_the_languages_of_its_readers()
    {
        var marker = typeof(Notifications.Features.Inbox.ShowInbox);
        var wanted = (from template in ItemTemplate.ForApplicants from language in new[] { "en", "bs", "mk" } select (template, language))
            .Concat(from template in ItemTemplate.ForStaff from language in new[] { "en", "bs" } select (template, language));
        foreach (var (template, language) in wanted) Assert.Equal(language, Texts.Find(marker, $"item.{template}", language, strict: true).Language);
    }

    [Fact]
    public void Every_role_can_be_waited_for_by_name()
    {
        foreach (var role in Platform.Http.Role.All) Texts.Find(typeof(Notifications.Features.Inbox.ShowInbox), $"role.{role}", "en", strict: true);
    }
}

using Grants.Contracts;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.EndToEnd.Tests;

/// <summary>What must hold between the services, found by looking at all of them together.</summary>
public sealed class ContractTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("grants-contracts-").FullName;
    WebApplication app = null!;

    public Task InitializeAsync()
    {
        app = AllInOne.Host.Build([$"--Data:Folder={folder}", "--environment=Development", "--urls=http://localhost:0"]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Every_event_has_a_subscriber()
    {
        var events = typeof(IEvent).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IEvent)));
        var heard = AllInOne.Host.Services.SelectMany(service => service.Subscriptions).Select(subscription => subscription.MessageType).ToHashSet();
        Assert.Subset(heard, events.ToHashSet());
    }

    [Fact]
    public void No_two_handlers_share_a_queue()
    {
        var queues = AllInOne.Host.Services.SelectMany(service => service.Subscriptions).Select(subscription => subscription.Queue).ToList();
        Assert.Equal(queues.Order(), queues.Distinct().Order());
    }

    [Fact]
    public void Queue_names_are_inbox_keys_and_change_only_on_purpose() =>
        Snapshot.Matches("tests/EndToEnd.Tests/queues.snapshot.txt", string.Concat(AllInOne.Host.Services.SelectMany(service => service.Subscriptions)
            .Select(subscription => $"{subscription.Queue} {subscription.MessageType.FullName}\n").Order(StringComparer.Ordinal)));

    [Fact]
    public void Every_route_names_who_may_use_it() => RouteAccess.AssertRules(app.Services.GetRequiredService<EndpointDataSource>());

    [Fact]
    public void Every_path_lies_under_a_prefix_of_the_service_that_owns_it()
    {
        var strangers = AllInOne.Host.Services.SelectMany(service => PathsOf(service.Name)
            .Where(path => Routes.ServiceFor("/" + path) != service.Name).Select(path => $"{service.Name} has /{path}")).ToList();
        Assert.Empty(strangers);
    }

    [Fact]
    public void Every_prefix_in_the_list_is_answered_by_its_service()
    {
        var answered = AllInOne.Host.Services.SelectMany(service => PathsOf(service.Name)).Select(path => path.Split('/')[0]).ToHashSet();
        Assert.Subset(answered, Routes.Prefixes.Keys.ToHashSet());
    }

    // What a service answers when it runs alone, without what every process answers.
    HashSet<string> PathsOf(string service)
    {
        var paths = PathsOf([AllInOne.Host.Services.Single(definition => definition.Name == service)]);
        paths.ExceptWith(PathsOf([]));
        return paths;
    }

    HashSet<string> PathsOf(IReadOnlyList<ServiceDefinition> definitions)
    {
        using var alone = GrantsHost.Build([$"--Data:Folder={folder}", "--environment=Development"], definitions);
        return [.. ((IEndpointRouteBuilder)alone).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/')).Where(path => !path.StartsWith("api/", StringComparison.Ordinal))];
    }
}

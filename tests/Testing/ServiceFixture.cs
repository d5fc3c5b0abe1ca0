using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Grants.Contracts;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Testing;

/// <summary>
/// One service, running alone in this process on a database of its own, with a fake clock. The relay is off: what the service published stays in its
/// outbox, where tests read it with <see cref="Events{T}"/>.
/// </summary>
public sealed class ServiceFixture : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ECDsaSecurityKey key;

    ServiceFixture(WebApplication app, ECDsaSecurityKey key, FakeTime time, string folder)
    {
        this.app = app;
        this.key = key;
        Clock = time;
        Folder = folder;
    }

    /// <summary>The time the service sees; set it or move it.</summary>
    public FakeTime Clock { get; }

    /// <summary>The service's data folder.</summary>
    public string Folder { get; }

    /// <summary>The service's container.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Starts a service with a fresh database. <paramref name="settings"/> are configuration values.</summary>
    public static Task<ServiceFixture> StartAsync(ServiceDefinition definition, params (string Key, string Value)[] settings) => StartAsync(definition, _ => { }, settings);

    /// <summary>The same with something of the test's own in the container, such as an interceptor of the database that fails.</summary>
    public static async Task<ServiceFixture> StartAsync(ServiceDefinition definition, Action<IServiceCollection> register, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("grants-test-").FullName;
        var time = new FakeTime(new DateTimeOffset(2027, 1, 4, 9, 0, 0, TimeSpan.Zero));
        var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };
        string[] args =
        [
            "--environment=Development", "--Database:Synchronous=NORMAL", "--Messaging:Relay=off", "--Messaging:RetryMilliseconds=1", "--Messaging:HoldMilliseconds=1",
            // Stories tell of days to come while the clock stands still.
            "--Messaging:FutureMinutes=10000000",
            .. await TestDatabase.ArgumentsAsync(definition, folder, settings),
        ];
        var app = GrantsHost.Build(args, [definition], builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.AddSingleton(new AppTime(time));
            builder.Services.AddSingleton<TokenKeys>(new FixedKeys(key));
            register(builder.Services);
        });
        await GrantsHost.PrepareAsync(app);
        await app.StartAsync();
        return new ServiceFixture(app, key, time, folder);
    }

    /// <summary>A browser-like client of this person, which does not follow redirects.</summary>
    public HttpClient Client(Caller caller) => new(new TokenOf(this, caller, app.GetTestServer().CreateHandler())) { BaseAddress = new Uri("http://localhost") };

    /// <summary>A client of nobody.</summary>
    public HttpClient Client() => Client(Caller.Anonymous);

    /// <summary>Posts form fields given as an anonymous object or a dictionary.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string url, object fields)
    {
        var pairs = fields as IEnumerable<KeyValuePair<string, string>>
            ?? fields.GetType().GetProperties().Select(property => KeyValuePair.Create(property.Name, property.GetValue(fields)?.ToString() ?? ""));
        return client.PostAsync(new Uri(url, UriKind.RelativeOrAbsolute), new FormUrlEncodedContent(pairs));
    }

    /// <summary>Runs an action on a fresh context.</summary>
    public async Task<TResult> Db<TDb, TResult>(Func<TDb, Task<TResult>> action) where TDb : DbContext
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<TDb>());
    }

    /// <summary>Runs an action on a fresh context.</summary>
    public Task Db<TDb>(Func<TDb, Task> action) where TDb : DbContext => Db<TDb, int>(async db =>
    {
        await action(db);
        return 0;
    });

    /// <summary>Delivers an event through the real inbox to every handler of the service, twice with the same id, and checks that the second changes nothing.</summary>
    public async Task DeliverAsync<TMessage>(TMessage message) where TMessage : class, IEvent
    {
        var id = Guid.CreateVersion7();
        await ExpectAsync(message, id, Delivery.Handled);
        await ExpectAsync(message, id, Delivery.Duplicate);
    }

    /// <summary>Delivers once and tells what each handler made of it, by its queue.</summary>
    public Task<IReadOnlyDictionary<string, Delivery>> DeliverOnceAsync<TMessage>(TMessage message) where TMessage : class, IEvent =>
        InboxDelivery.DeliverAsync(app.Services, message, Guid.CreateVersion7());

    async Task ExpectAsync<TMessage>(TMessage message, Guid id, Delivery expected) where TMessage : class, IEvent
    {
        var results = await InboxDelivery.DeliverAsync(app.Services, message, id);
        if (results.Count == 0) throw new InvalidOperationException($"Nobody listens to {typeof(TMessage).Name}.");
        var others = results.Where(result => result.Value != expected).Select(result => $"{result.Key} {result.Value}").ToList();
        if (others.Count > 0) throw new InvalidOperationException($"{typeof(TMessage).Name} should be {expected}, but: {string.Join(", ", others)}. {await LastErrorAsync()}");
    }

    async Task<string> LastErrorAsync()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var definition = app.Services.GetRequiredService<IReadOnlyList<ServiceDefinition>>().Single();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType);
        return await db.Set<DeadLetter>().AsNoTracking().OrderByDescending(letter => letter.FailedAt).Select(letter => letter.Error).FirstOrDefaultAsync() ?? "";
    }

    /// <summary>The events of a type that the service published, in order.</summary>
    public async Task<IReadOnlyList<TMessage>> Events<TMessage>() where TMessage : class, IEvent
    {
        await using var scope = app.Services.CreateAsyncScope();
        var definition = app.Services.GetRequiredService<IReadOnlyList<ServiceDefinition>>().Single();
        var db = (DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType);
        var rows = await db.Set<OutboxMessage>().AsNoTracking().Where(row => row.Type == typeof(TMessage).FullName).OrderBy(row => row.Seq).ToListAsync();
        return [.. rows.Select(row => JsonSerializer.Deserialize<TMessage>(row.Body, MessageJson.Options)!)];
    }

    /// <summary>Fails when a route of the service has no explicit access rule.</summary>
    public void AssertEveryRouteHasAccessRule() => RouteAccess.AssertRules(app.Services.GetRequiredService<EndpointDataSource>());

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        TestDatabase.Delete(Folder);
    }

    sealed class FixedKeys(ECDsaSecurityKey key) : TokenKeys
    {
        public override ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<SecurityKey>>([key]);
    }

    sealed class TokenOf(ServiceFixture service, Caller caller, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (caller.IsSignedIn) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token.Mint(service.key, caller, service.Clock.GetUtcNow()));
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
public sealed class FakeTime(DateTimeOffset now) : TimeProvider
{
    DateTimeOffset now = now;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => now;

    /// <summary>Moves the clock to an instant.</summary>
    public void Set(DateTimeOffset instant) => now = instant;

    /// <summary>Moves the clock on.</summary>
    public void Advance(TimeSpan by) => now += by;
}

/// <summary>Checks of routes.</summary>
public static class RouteAccess
{
    /// <summary>Every endpoint names who may use it: <see cref="AccessRule"/>. A new route without one fails here and so fails the build.</summary>
    public static void AssertRules(EndpointDataSource endpoints)
    {
        var without = endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText).ToList();
        if (without.Count > 0) throw new InvalidOperationException("Routes without an access rule: " + string.Join(", ", without));
    }

    /// <summary>True for an answer that hides whether the thing exists.</summary>
    public static bool IsHidden(this HttpResponseMessage answer) => answer.StatusCode == HttpStatusCode.NotFound;
}

using System.Net.Http.Headers;
using System.Security.Cryptography;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Operations;
using Grants.Platform.Persistence;
using Grants.Platform.Tests.Messaging;
using Grants.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Platform.Tests.Operations;

/// <summary>The two services of a <see cref="World"/> with all that a process has around them: their operators' pages answer.</summary>
sealed class OperationsApp : IAsyncDisposable
{
    public static readonly Caller Administrator = Person("*", Role.Administrator);

    readonly WebApplication app;
    readonly string folder;
    readonly FakeTime time;
    readonly ECDsaSecurityKey key;

    OperationsApp(WebApplication app, string folder, FakeTime time, ECDsaSecurityKey key, Script script)
    {
        this.app = app;
        this.folder = folder;
        this.time = time;
        this.key = key;
        Script = script;
    }

    public Script Script { get; }

    public IServiceProvider Services => app.Services;

    public static Caller Person(string scope, params string[] roles) => new(Guid.CreateVersion7(), "Adnan", "en", [.. roles.Select(role => new HeldRole(role, scope))]);

    public static async Task<OperationsApp> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("grants-operations-").FullName;
        var (time, script) = (new FakeTime(World.Now), new Script());
        var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };
        IReadOnlyList<ServiceDefinition> definitions = [World.Alpha.Map(OperationsPages.MapIndex), World.Beta];
        string[] args =
        [
            "--environment=Development", $"--Data:Folder={folder}", "--Database:Synchronous=NORMAL", "--Messaging:PollMilliseconds=0", "--Messaging:RetryMilliseconds=1",
            "--Messaging:HoldMilliseconds=20",
        ];
        var app = GrantsHost.Build(args, definitions, builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.AddSingleton(new AppTime(time)).AddSingleton(script).AddSingleton<TokenKeys>(new Keys(key));
        });
        foreach (var definition in definitions)
        {
            await using var scope = app.Services.CreateAsyncScope();
            await Migrator.CreateAsync((DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType));
        }

        await app.StartAsync();
        return new OperationsApp(app, folder, time, key, script);
    }

    public async Task<HttpResponseMessage> SendAsync(Caller caller, HttpMethod method, string path, params (string Field, string Value)[] fields)
    {
        using var client = app.GetTestClient();
        var request = new HttpRequestMessage(method, path);
        if (caller.IsSignedIn) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token.Mint(key, caller, time.GetUtcNow()));
        if (method == HttpMethod.Post) request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Field, field.Value)));
        return await client.SendAsync(request);
    }

    /// <summary>A page as the administrator reads it.</summary>
    public async Task<string> ReadAsync(string path)
    {
        var answer = await SendAsync(Administrator, HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}:\n{text}");
        return text;
    }

    /// <summary>Posts as the administrator and says where that leads.</summary>
    public async Task<string> PostAsync(string path, params (string Field, string Value)[] fields)
    {
        var answer = await SendAsync(Administrator, HttpMethod.Post, path, fields);
        return answer.Headers.Location?.ToString() ?? $"{(int)answer.StatusCode}";
    }

    public async Task<TResult> In<TDb, TResult>(Func<TDb, Task<TResult>> action) where TDb : DbContext
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<TDb>());
    }

    /// <summary>Delivers these texts; those the script refuses become dead letters of beta. The open letters, oldest first.</summary>
    public async Task<IReadOnlyList<DeadLetter>> LettersOfAsync(params string[] texts)
    {
        foreach (var text in texts) await InboxDelivery.DeliverAsync(app.Services, new Said(Guid.CreateVersion7(), 1, World.Now, text), Guid.CreateVersion7());
        return await In<BetaDb, IReadOnlyList<DeadLetter>>(db => DeadLetters.ListAsync(db));
    }

    public IEnumerable<RouteEndpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/operations", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    sealed class Keys(ECDsaSecurityKey key) : TokenKeys
    {
        public override ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<SecurityKey>>([key]);
    }
}

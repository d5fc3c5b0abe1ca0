using System.Security.Cryptography;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using TokenHandler = Grants.Platform.Http.TokenHandler;

namespace Grants.Platform.Tests.Edge;

/// <summary>The edge with token check and access rules behind it, and a few routes to knock at.</summary>
sealed class EdgeApp : IAsyncDisposable
{
    public const string Secret = "secret-of-ana";
    public static readonly Caller Ana = new(Guid.Parse("01900000-0000-7000-8000-000000000001"), "Ana Kovačević", "bs", [new HeldRole(Role.Auditor, "*")]);

    readonly WebApplication app;

    EdgeApp(WebApplication app, ManualTime time, OneSession sessions)
    {
        this.app = app;
        Time = time;
        Sessions = sessions;
        Client = app.GetTestClient();
    }

    public ManualTime Time { get; }

    public OneSession Sessions { get; }

    public HttpClient Client { get; }

    public static async Task<EdgeApp> StartAsync(string origin = "http://localhost:8080", string environment = "Production", params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Configuration[PublicOrigin.Setting] = origin;
        builder.WebHost.UseTestServer();
        var time = new ManualTime();
        var clock = new AppTime(time);
        var sessions = new OneSession(clock);
        builder.Services.AddSingleton(clock).AddSingleton<ISessionExchange>(sessions).AddSingleton<TokenKeys>(sessions);
        builder.Services.AddAuthentication(TokenHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        builder.Services.AddEdge();
        builder.Services.AddPages();
        var app = builder.Build();
        app.UseEdge();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAccessRules();
        app.MapGet("/", () => "home").Public();
        app.MapPost("/", () => "posted").Public();
        app.MapGet("/inbox", (Caller caller) => caller.Name).SignedIn("own");
        app.MapPost("/inbox", () => "saved").SignedIn("own");
        app.MapGet("/api/inbox", () => "[]").SignedIn("own");
        app.MapGet("/people", () => "people").ForRoles("", Role.Administrator);
        app.MapGet("/ledger", () => "ledger").ForRoles("", Role.Auditor, Role.FinanceOfficer);
        app.MapGet("/forgotten", () => "no rule");
        app.MapPost("/apply/file", () => "taken").Public().TakesUpload(1024 * 1024);
        app.MapGet("/calls/headers", (HttpRequest request) => string.Join("\n", request.Headers.Select(h => $"{h.Key}: {h.Value}"))).Public();
        app.MapGet("/account/headers", (HttpRequest request) => request.Headers.Cookie.ToString()).Public();
        app.MapGet("/calls/trace", () => System.Diagnostics.Activity.Current?.ParentId ?? "none").Public();
        await app.StartAsync();
        return new EdgeApp(app, time, sessions);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, bool signedIn = false, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (signedIn) request.Headers.Add("Cookie", $"lang=bs; {SessionCookie.LocalName}={Secret}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>Accounts in miniature: one person, one session.</summary>
    public sealed class OneSession(AppTime clock) : TokenKeys, ISessionExchange
    {
        readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "k1" };

        public bool Revoked { get; set; }

        public int Asked { get; private set; }

        /// <summary>A token that the test made itself.</summary>
        public string? Forged { get; set; }

        public ValueTask<string?> TokenForAsync(string sessionSecret, CancellationToken ct)
        {
            Asked++;
            return ValueTask.FromResult(Forged ?? (Revoked || sessionSecret != Secret ? null : Token.Mint(key, Ana, clock.Now)));
        }

        public override ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct) => ValueTask.FromResult<IReadOnlyList<SecurityKey>>([key]);
    }
}

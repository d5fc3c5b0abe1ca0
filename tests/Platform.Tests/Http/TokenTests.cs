using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Tests.Edge;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TokenHandler = Grants.Platform.Http.TokenHandler;

namespace Grants.Platform.Tests.Http;

/// <summary>A service trusts a valid token and nothing else, whoever sends it: here it is asked directly, without a gateway in front.</summary>
public sealed class TokenTests : IAsyncLifetime, IDisposable
{
    static readonly Caller Ana = new(Guid.Parse("01900000-0000-7000-8000-000000000001"), "Ana Kovačević", "bs", [new HeldRole(Role.Auditor, "*")]);

    readonly ECDsaSecurityKey key = NewKey("k1");
    readonly ManualTime time = new();
    readonly Accounts accounts = new();
    readonly AppTime clock;
    WebApplication app = null!;

    public TokenTests() => clock = new AppTime(time);

    public async Task InitializeAsync()
    {
        accounts.Keys.Add(key);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<TokenKeys>(new HttpTokenKeys(new HttpClient(accounts) { BaseAddress = new Uri("http://accounts") }, accounts.Time));
        builder.Services.AddAuthentication(TokenHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        builder.Services.AddPages();
        app = builder.Build();
        app.UseErrorPages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAccessRules();
        app.MapGet("/api/who", (Caller caller) => caller.Name).SignedIn("own");
        await app.StartAsync();
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    public void Dispose() => accounts.Dispose();

    [Fact]
    public async Task A_good_token_is_believed() => Assert.Equal("Ana Kovačević", await (await AskAsync(Token.Mint(key, Ana, clock.Now))).Content.ReadAsStringAsync());

    [Theory]
    [InlineData("another key of the same id")]
    [InlineData("an unknown key")]
    [InlineData("no key id")]
    [InlineData("no algorithm")]
    [InlineData("no algorithm, and the key's id")]
    [InlineData("the public key as a shared secret")]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("no end")]
    [InlineData("ended")]
    [InlineData("begins later")]
    [InlineData("claims changed afterwards")]
    [InlineData("no signature")]
    [InlineData("no person")]
    public async Task A_token_that_is_not_good_is_nobody(string kind)
    {
        var now = clock.Now;
        using var strange = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = Token.Mint(key, Ana, now);
        var token = kind switch
        {
            "another key of the same id" => Token.Mint(new ECDsaSecurityKey(strange) { KeyId = "k1" }, Ana, now),
            "an unknown key" => Token.Mint(new ECDsaSecurityKey(strange) { KeyId = "k9" }, Ana, now),
            "no key id" => Token.Mint(new ECDsaSecurityKey(key.ECDsa), Ana, now),
            "no algorithm" => Unsigned("""{"alg":"none","typ":"JWT"}"""),
            "no algorithm, and the key's id" => Unsigned("""{"alg":"none","typ":"JWT","kid":"k1"}"""),
            "the public key as a shared secret" => Made(new SigningCredentials(new SymmetricSecurityKey(key.ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = "k1" }, SecurityAlgorithms.HmacSha256)),
            "another issuer" => Made(issuer: "somebody"),
            "another audience" => Made(audience: "somebody"),
            "no end" => Made(ends: false),
            "ended" => Token.Mint(key, Ana, now - Token.Life - Token.ClockSkew - TimeSpan.FromSeconds(1)),
            "begins later" => Token.Mint(key, Ana, now + Token.ClockSkew + TimeSpan.FromSeconds(1)),
            "claims changed afterwards" => $"{good.Split('.')[0]}.{Base64UrlEncoder.Encode(Payload("accounts-administrator"))}.{good.Split('.')[2]}",
            "no signature" => good[..(good.LastIndexOf('.') + 1)],
            "no person" => Made(person: false),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(good)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.e30")]
    [InlineData("a.b.c.d.e")]
    [InlineData("////.////.////")]
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6NX0.e30.AAAA")] // the key's id is a number
    [InlineData("W10.W10.W10")] // lists instead of objects
    public async Task What_is_no_token_at_all_is_nobody(string token) => Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(token)).StatusCode);

    [Fact]
    public async Task A_huge_token_is_nobody() => Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(new string('a', 20_000) + "." + new string('b', 5_000) + ".c")).StatusCode);

    [Theory]
    [InlineData(64, true)]
    [InlineData(66, false)]
    public async Task Whoever_keeps_the_token_of_an_ended_session_has_it_for_65_seconds_at_most(int seconds, bool good)
    {
        var token = Token.Mint(key, Ana, clock.Now);
        time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(good ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await AskAsync(token)).StatusCode);
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it_and_made_up_ones_do_not_flood_Accounts()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Token.Mint(key, Ana, clock.Now))).StatusCode);
        Assert.Equal(1, accounts.Asked);
        for (var i = 0; i < 50; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Token.Mint(NewKey($"made-up-{i}"), Ana, clock.Now))).StatusCode);
        Assert.Equal(1, accounts.Asked);

        var next = NewKey("k2");
        accounts.Keys.Add(next);
        accounts.Time.Advance(TokenKeys.AtMostEvery);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Token.Mint(next, Ana, clock.Now))).StatusCode);
        Assert.Equal(2, accounts.Asked);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(Token.Mint(NewKey($"other-{i}"), Ana, clock.Now))));
        Assert.Equal(2, accounts.Asked);
    }

    [Fact]
    public async Task A_key_that_Accounts_has_retired_is_not_believed_after_five_minutes()
    {
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Token.Mint(key, Ana, clock.Now))).StatusCode);
        accounts.Keys.Clear();
        accounts.Keys.Add(NewKey("k2"));
        accounts.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Token.Mint(key, Ana, clock.Now))).StatusCode);
    }

    [Fact]
    public async Task While_Accounts_is_away_known_keys_go_on_and_without_any_the_answer_is_back_soon()
    {
        accounts.IsAway = true;
        var token = Token.Mint(key, Ana, clock.Now);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(token)).StatusCode);
        var asked = accounts.Asked;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(token)).StatusCode);
        Assert.Equal(asked, accounts.Asked); // not once for each request
        accounts.IsAway = false;
        accounts.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(token)).StatusCode);
        accounts.IsAway = true;
        accounts.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(token)).StatusCode);
    }

    async Task<HttpResponseMessage> AskAsync(string token)
    {
        using var client = app.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/who");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        // What a gateway never lets through says nothing to a service either.
        request.Headers.Add("X-Forwarded-For", "10.0.0.1");
        request.Headers.Add(HttpSessionExchange.SessionHeader, "somebody");
        return await client.SendAsync(request);
    }

    static ECDsaSecurityKey NewKey(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };

    string Payload(string role) =>
        $$"""{"sub":"{{Ana.PersonId}}","name":"Ana","role":"{{role}}@*","iss":"{{Token.Issuer}}","aud":"{{Token.Audience}}","nbf":{{clock.Now.ToUnixTimeSeconds()}},"exp":{{clock.Now.AddSeconds(50).ToUnixTimeSeconds()}}}""";

    string Unsigned(string header) => $"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(Payload("administrator"))}.";

    string Made(SigningCredentials? credentials = null, string issuer = Token.Issuer, string audience = Token.Audience, bool ends = true, bool person = true)
    {
        var now = clock.Now.UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Subject = new ClaimsIdentity(person ? [new Claim(Caller.SubjectClaim, Ana.PersonId.ToString())] : []),
            NotBefore = now,
            Expires = ends ? now.AddSeconds(60) : null,
            SigningCredentials = credentials ?? new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>Accounts as far as keys go, with a clock of the test's own.</summary>
    sealed class Accounts : HttpMessageHandler
    {
        int asked;

        public List<ECDsaSecurityKey> Keys { get; } = [];

        public bool IsAway { get; set; }

        public int Asked => asked;

        public Stopped Time { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            if (IsAway) throw new HttpRequestException("away");
            var keys = Keys.Select(key => (key.KeyId, Point: key.ECDsa.ExportParameters(false).Q))
                .Select(key => $$"""{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"{{key.KeyId}}","x":"{{Base64UrlEncoder.Encode(key.Point.X)}}","y":"{{Base64UrlEncoder.Encode(key.Point.Y)}}"}""");
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent($$"""{"keys":[{{string.Join(',', keys)}}]}""", Encoding.UTF8, "application/json") });
        }
    }

    sealed class Stopped : TimeProvider
    {
        long ticks = TimeSpan.FromDays(1).Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}

using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Grants.Gateway;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Tests.Gateway;

/// <summary>What people see while a part is away, and who may go on working.</summary>
public sealed class MaintenanceTests
{
    static readonly Caller Ana = new(Guid.Parse("01900000-0000-7000-8000-000000000001"), "Ana", "bs", []);

    [Fact]
    public async Task A_part_that_is_away_is_named_in_the_readers_language_and_the_others_go_on()
    {
        await using var calls = await Replica.StartAsync(app => app.MapGet("/calls", () => "calls"));
        await using var gateway = await GatewayApp.StartAsync([("applications", calls.Address)]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ledger?page=2&x=%3Cb%3E");
        request.Headers.Add("Accept-Language", "bs");
        var answer = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(60), answer.Headers.RetryAfter!.Delta);
        Assert.True(answer.Headers.Contains("Content-Security-Policy"));
        var page = await PageAsync(answer);
        Assert.Equal("bs", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Grantovi i isplate: trenutno nije dostupno", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("/ledger?page=2&x=%3Cb%3E", page.QuerySelector("main a")!.GetAttribute("href"));
        Assert.Equal("calls", await gateway.Client.GetStringAsync("/calls"));
    }

    [Fact]
    public async Task A_service_that_ends_is_away_and_back_when_it_is_started_again()
    {
        await using var calls = await Replica.StartAsync(app => app.MapGet("/calls", () => "calls"));
        await using var gateway = await GatewayApp.StartAsync([("applications", calls.Address)]);
        Assert.Equal("calls", await gateway.Client.GetStringAsync("/calls"));
        await calls.StopAsync();
        Assert.Equal("Calls and applications: away for a moment", (await PageAsync(await gateway.Client.GetAsync("/calls"))).QuerySelector("h1")!.TextContent);
        await calls.StartAgainAsync();
        Assert.Equal("calls", await gateway.Client.GetStringAsync("/calls"));
    }

    [Fact]
    public async Task A_form_for_a_part_that_is_away_was_not_saved_and_the_page_says_so()
    {
        await using var gateway = await GatewayApp.StartAsync([]);
        var answer = await gateway.Client.PostAsync("/apply/1", new FormUrlEncodedContent([new("text", "x")]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("was not saved. Go back: what you typed is still there", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_program_reads_of_it_as_problem_json()
    {
        await using var gateway = await GatewayApp.StartAsync([]);
        var answer = await gateway.Client.GetAsync("/api/reviews");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(503, problem.RootElement.GetProperty("status").GetInt32());
        Assert.StartsWith("Reviews and decisions", problem.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public async Task One_replica_of_Accounts_is_enough()
    {
        await using var accounts = await Replica.StartAsync(Accounts());
        await using var inbox = await Replica.StartAsync(WhoAmI);
        await using var gateway = await GatewayApp.StartAsync([("accounts", $"{Ports.Nowhere()};{accounts.Address};{Ports.Nowhere()}"), ("notifications", inbox.Address)]);
        foreach (var session in (string[])["one", "two", "three"]) Assert.Equal("Bearer token", await (await AskAsync(gateway, "/inbox", session)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task While_Accounts_is_away_those_who_are_at_work_go_on_and_nobody_is_signed_out()
    {
        var clock = Path.Combine(Directory.CreateTempSubdirectory("grants-gateway-").FullName, "clock");
        await using var accounts = await Replica.StartAsync(Accounts());
        await using var inbox = await Replica.StartAsync(WhoAmI);
        await using var gateway = await GatewayApp.StartAsync([("accounts", accounts.Address), ("notifications", inbox.Address)], "--environment=Development", $"--Clock:OffsetFile={clock}");
        Assert.Equal("Bearer token", await (await AskAsync(gateway, "/inbox", "ana")).Content.ReadAsStringAsync());
        await accounts.StopAsync();

        await File.WriteAllTextAsync(clock, "20"); // longer than the edge remembers, shorter than the token lives
        Assert.Equal("Bearer token", await (await AskAsync(gateway, "/inbox", "ana")).Content.ReadAsStringAsync());
        Assert.Equal("nobody", await gateway.Client.GetStringAsync("/inbox"));
        var other = await AskAsync(gateway, "/inbox", "emir");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, other.StatusCode);
        Assert.False(other.Headers.Contains("Set-Cookie"));
        Assert.Equal("Sign-in and accounts: away for a moment", (await PageAsync(other)).QuerySelector("h1")!.TextContent);

        await File.WriteAllTextAsync(clock, "100");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(gateway, "/inbox", "ana")).StatusCode);
        await accounts.StartAgainAsync();
        Assert.Equal("Bearer token", await (await AskAsync(gateway, "/inbox", "ana")).Content.ReadAsStringAsync());
        Directory.Delete(Path.GetDirectoryName(clock)!, recursive: true);
    }

    [Fact]
    public async Task Made_up_sessions_do_not_reach_Accounts_in_any_number()
    {
        var asked = 0;
        await using var accounts = await Replica.StartAsync(app => app.MapPost(HttpSessionExchange.Path, () =>
        {
            Interlocked.Increment(ref asked);
            return Results.NoContent();
        }));
        await using var calls = await Replica.StartAsync(app => app.MapGet("/calls", () => "calls"));
        await using var gateway = await GatewayApp.StartAsync([("accounts", accounts.Address), ("applications", calls.Address)], "--Edge:RequestsPerMinute=20");
        var since = Stopwatch.StartNew();
        var refused = 0;
        for (var i = 0; i < 200; i++)
            if ((await AskAsync(gateway, "/calls", $"made-up-{i}")).StatusCode == HttpStatusCode.TooManyRequests) refused++;
        Assert.True(refused > 0 || since.Elapsed > TimeSpan.FromMinutes(3));
        Assert.True(asked <= 21 + since.Elapsed.TotalSeconds, $"{asked} in {since.Elapsed}"); // one is refilled each second
    }

    [Theory]
    [InlineData(null, "10.1.1.1", "10.1.1.2", true)] // nobody is believed: both come from this machine
    [InlineData("192.0.2.0/24", "10.1.1.1", "10.1.1.2", true)] // somebody else is believed
    [InlineData("127.0.0.0/8;::1", "10.1.1.1", "10.1.1.2", false)]
    [InlineData("127.0.0.0/8;::1", "6.6.6.6, 10.1.1.1", "7.7.7.7, 10.1.1.1", true)] // what the client wrote itself stands on the left
    [InlineData("127.0.0.1,10.0.0.0/8", "6.6.6.6, 10.1.1.1", "7.7.7.7, 10.1.1.1", false)] // two believed hops
    public async Task Whose_address_counts_is_said_by_web_servers_that_are_believed_only(string? trusted, string one, string other, bool same)
    {
        await using var calls = await Replica.StartAsync(app => app.MapGet("/calls", (HttpRequest request) => request.Headers["X-Forwarded-For"].ToString()));
        await using var gateway = await GatewayApp.StartAsync([("applications", calls.Address)], "--Edge:RequestsPerMinute=60", $"--Edge:TrustedProxies={trusted}");
        HttpStatusCode last;
        var sent = 0;
        do
        {
            last = await FromAsync(one);
        }
        while (last == HttpStatusCode.OK && ++sent < 1000);
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        // One is refilled each second: a stranger finds a full bucket, the same address an empty one.
        var taken = 0;
        for (var i = 0; i < 50; i++)
            if (await FromAsync(other) == HttpStatusCode.OK) taken++;
        Assert.True(same ? taken < 50 : taken == 50, $"{taken} taken");

        async Task<HttpStatusCode> FromAsync(string forwarded)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/calls");
            request.Headers.Add("X-Forwarded-For", forwarded);
            using var answer = await gateway.Client.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.OK) Assert.Equal("", await answer.Content.ReadAsStringAsync());
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("--PublicOrigin=", "PublicOrigin")]
    [InlineData("--PublicOrigin=http://grants.example.org", "https://")]
    [InlineData("--Edge:ServiceCredential=", "Edge:ServiceCredential")]
    [InlineData("--Edge:ServiceCredential=short", "Edge:ServiceCredential")]
    [InlineData("--Services:reviews=", "Services:reviews")]
    [InlineData("--Services:reviews=reviews", "Services:reviews")]
    [InlineData("--Services:reviews=http://a;ftp://b", "ftp://b")]
    [InlineData("--Edge:TrustedProxies=everybody", "everybody")]
    [InlineData("--Clock:OffsetFile=clock", "Clock:OffsetFile")]
    public void A_setting_that_is_missing_or_wrong_is_told_in_a_sentence_at_start(string setting, string named)
    {
        var refused = Assert.Throws<SettingsRefused>(() => GatewayHost.Build([.. GatewayApp.Settings(), setting]));
        Assert.Contains(named, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void All_settings_that_are_missing_are_told_at_once() =>
        Assert.Equal(7, Assert.Throws<SettingsRefused>(() => GatewayHost.Build(["--environment=Production"])).Message.Split('\n').Length);

    [Fact]
    public async Task A_gateway_that_is_about_to_stop_says_so_and_answers_until_it_does()
    {
        await using var calls = await Replica.StartAsync(app => app.MapGet("/calls", () => "calls"));
        await using var gateway = await GatewayApp.StartAsync([("applications", calls.Address)]);
        using var now = new CancellationTokenSource();
        var stopped = gateway.StopAsync(now.Token);
        await Eventually.TrueAsync(async () => (await gateway.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal("calls", await gateway.Client.GetStringAsync("/calls"));
        await now.CancelAsync();
        await stopped;
    }

    // Accounts in miniature: everybody is Ana, and the token says so.
    static Action<WebApplication> Accounts()
    {
        var key = new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "k1" };
        return app => app.MapPost(HttpSessionExchange.Path, (HttpRequest request) =>
            request.Headers[HttpSessionExchange.CredentialHeader] == GatewayApp.Credential ? Results.Text(Token.Mint(key, Ana, new AppTime().Now)) : Results.NotFound());
    }

    static void WhoAmI(WebApplication app) => app.MapGet("/inbox", (HttpRequest request) =>
        request.Headers.Authorization.ToString() is { Length: > 0 } header ? header[.."Bearer ".Length] + "token" : "nobody");

    static Task<HttpResponseMessage> AskAsync(GatewayApp gateway, string path, string session)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", $"{SessionCookie.LocalName}={session}");
        return gateway.Client.SendAsync(request);
    }

    static async Task<IHtmlDocument> PageAsync(HttpResponseMessage answer) => new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
}

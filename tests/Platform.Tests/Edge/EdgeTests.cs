using System.Net;
using System.Security.Cryptography;
using Grants.Platform.Http;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Platform.Tests.Edge;

public sealed class EdgeTests
{
    const string Own = "http://localhost:8080";

    [Theory]
    [InlineData("same-origin", null, true, true)]
    [InlineData("none", null, true, true)]
    [InlineData("same-site", null, true, false)]
    [InlineData("cross-site", null, true, false)]
    [InlineData("cross-site", Own, true, false)]
    [InlineData("cross-site", null, false, false)]
    [InlineData("same-site", null, false, false)]
    [InlineData("same-origin", null, false, true)]
    [InlineData(null, Own, true, true)]
    [InlineData(null, "http://localhost:8081", true, false)]
    [InlineData(null, "https://evil.example", true, false)]
    [InlineData(null, "https://evil.example", false, false)]
    [InlineData(null, "null", true, false)]
    [InlineData(null, null, true, false)]
    [InlineData(null, null, false, true)]
    [InlineData("nonsense", Own, true, false)]
    public async Task A_form_is_taken_only_from_our_own_pages(string? site, string? origin, bool signedIn, bool taken)
    {
        await using var edge = await EdgeApp.StartAsync();
        var headers = new List<(string, string)>();
        if (site is not null) headers.Add(("Sec-Fetch-Site", site));
        if (origin is not null) headers.Add(("Origin", origin));
        var answer = await edge.SendAsync(HttpMethod.Post, "/", signedIn, new FormUrlEncodedContent([]), [.. headers]);
        Assert.Equal(taken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_link_from_another_site_may_be_followed()
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true, null, ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal("Ana Kovačević", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Authorization", "Bearer stolen")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("x-forwarded-prefix", "/x")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    [InlineData("X-Grants-Service", "accounts")]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("tracestate", "a=b")]
    [InlineData("baggage", "person=1")]
    public async Task What_only_we_may_say_is_not_taken_from_a_client(string name, string value)
    {
        await using var edge = await EdgeApp.StartAsync();
        var seen = await (await edge.SendAsync(HttpMethod.Get, "/calls/headers", false, null, (name, value))).Content.ReadAsStringAsync();
        Assert.DoesNotContain(name, seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_strangers_trace_is_not_continued()
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(HttpMethod.Get, "/calls/trace", false, null, ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        Assert.Equal("none", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/no-such-page", 404)]
    [InlineData("GET", "/inbox", 302)]
    [InlineData("GET", "/people", 302)]
    [InlineData("GET", "/api/inbox", 401)]
    [InlineData("POST", "/inbox", 401)]
    public async Task Every_answer_has_the_security_headers(string method, string path, int status)
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(new HttpMethod(method), path);
        Assert.Equal(status, (int)answer.StatusCode);
        AssertSecured(answer);
    }

    [Fact]
    public async Task A_refusal_has_the_security_headers_and_speaks_the_readers_language()
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(HttpMethod.Post, "/", false, null, ("Sec-Fetch-Site", "cross-site"), ("Accept-Language", "bs-BA,bs;q=0.9,en;q=0.5"));
        AssertSecured(answer);
        Assert.Contains("<html lang=\"bs\"", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Transport_security_is_asked_for_on_https_only()
    {
        await using var plain = await EdgeApp.StartAsync();
        Assert.False((await plain.SendAsync(HttpMethod.Get, "/")).Headers.Contains("Strict-Transport-Security"));
        await using var secure = await EdgeApp.StartAsync("https://grants.example.org");
        Assert.True((await secure.SendAsync(HttpMethod.Get, "/")).Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Pages_of_a_signed_in_person_are_not_stored()
    {
        await using var edge = await EdgeApp.StartAsync();
        Assert.Equal("no-store", (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).Headers.CacheControl!.ToString());
        Assert.DoesNotContain("no-store", (await edge.SendAsync(HttpMethod.Get, "/")).Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("http://grants.example.org")]
    [InlineData("ftp://localhost")]
    [InlineData("grants.example.org")]
    [InlineData("https://grants.example.org/path")]
    [InlineData("https://grants.example.org?x=1")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("")]
    public async Task An_origin_that_would_lose_the_session_cookie_is_refused_at_start(string origin) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => EdgeApp.StartAsync(origin));

    [Fact]
    public async Task Only_accounts_sees_the_secret_of_the_session()
    {
        await using var edge = await EdgeApp.StartAsync();
        var others = await (await edge.SendAsync(HttpMethod.Get, "/calls/headers", signedIn: true)).Content.ReadAsStringAsync();
        Assert.DoesNotContain(EdgeApp.Secret, others);
        Assert.Contains("lang=bs", others);
        Assert.Contains(EdgeApp.Secret, await (await edge.SendAsync(HttpMethod.Get, "/account/headers", signedIn: true)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_revoked_session_ends_within_five_seconds()
    {
        await using var edge = await EdgeApp.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
        edge.Sessions.Revoked = true;
        edge.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(HttpStatusCode.OK, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
        edge.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(HttpStatusCode.Found, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
    }

    [Fact]
    public async Task Accounts_is_asked_once_in_five_seconds()
    {
        await using var edge = await EdgeApp.StartAsync();
        for (var i = 0; i < 10; i++) await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true);
        Assert.Equal(1, edge.Sessions.Asked);
        edge.Time.Advance(TimeSpan.FromDays(60)); // the demo's clock was moved
        Assert.Equal(HttpStatusCode.OK, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
        Assert.Equal(2, edge.Sessions.Asked);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(64, true)]
    [InlineData(66, false)]
    [InlineData(-6, false)]
    public async Task A_token_is_good_for_a_minute_and_five_seconds_of_skew(int ageInSeconds, bool good)
    {
        await using var edge = await EdgeApp.StartAsync();
        using var dsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = (ECDsaSecurityKey)(await edge.Sessions.PublicKeysAsync(default))[0];
        edge.Sessions.Forged = Token.Mint(key, EdgeApp.Ana, edge.Time.GetUtcNow().AddSeconds(-ageInSeconds));
        Assert.Equal(good ? HttpStatusCode.OK : HttpStatusCode.Found, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
    }

    [Fact]
    public async Task A_token_signed_by_another_key_is_nobody()
    {
        await using var edge = await EdgeApp.StartAsync();
        using var dsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        edge.Sessions.Forged = Token.Mint(new ECDsaSecurityKey(dsa) { KeyId = "k1" }, EdgeApp.Ana, edge.Time.GetUtcNow());
        Assert.Equal(HttpStatusCode.Found, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
    }

    [Fact]
    public async Task A_token_without_signature_is_nobody()
    {
        await using var edge = await EdgeApp.StartAsync();
        static string Part(string json) => Base64UrlEncoder.Encode(json);
        edge.Sessions.Forged = $"{Part("""{"alg":"none","typ":"JWT"}""")}.{Part($$"""{"sub":"{{EdgeApp.Ana.PersonId}}","iss":"{{Token.Issuer}}","aud":"{{Token.Audience}}","exp":4102444800,"nbf":1}""")}.";
        Assert.Equal(HttpStatusCode.Found, (await edge.SendAsync(HttpMethod.Get, "/inbox", signedIn: true)).StatusCode);
    }

    [Fact]
    public async Task A_large_form_is_refused_before_it_is_read_and_an_upload_has_its_own_limit()
    {
        await using var edge = await EdgeApp.StartAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await edge.SendAsync(HttpMethod.Post, "/", content: Form((int)RequestLimits.Form + 1))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await edge.SendAsync(HttpMethod.Post, "/", content: Form(100_000))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await edge.SendAsync(HttpMethod.Post, "/", content: Upload(900_000))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await edge.SendAsync(HttpMethod.Post, "/apply/file", content: Upload(900_000))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await edge.SendAsync(HttpMethod.Post, "/apply/file", content: Upload(1_100_000))).StatusCode);
    }

    [Theory]
    [InlineData("/apply/file", 900_000, HttpStatusCode.OK)]
    [InlineData("/apply/file", 2_000_000, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/", 900_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_document_of_json_may_be_larger_than_a_form_where_the_route_says_so(string path, int size, HttpStatusCode status)
    {
        await using var edge = await EdgeApp.StartAsync();
        using var json = new StringContent(new string('1', size), System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(status, (await edge.SendAsync(HttpMethod.Post, path, content: json)).StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_get_a_page_that_says_when_to_try_again()
    {
        await using var edge = await EdgeApp.StartAsync(settings: ("Edge:RequestsPerMinute", "5"));
        var last = HttpStatusCode.OK;
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 12 && refused is null; i++)
        {
            var answer = await edge.SendAsync(HttpMethod.Get, "/");
            last = answer.StatusCode;
            if (last == HttpStatusCode.TooManyRequests) refused = answer;
        }

        Assert.NotNull(refused);
        Assert.NotNull(refused.Headers.RetryAfter);
        AssertSecured(refused);
    }

    static FormUrlEncodedContent Form(int bytes) => new([new("a", new string('x', bytes - 2))]);

    static MultipartFormDataContent Upload(int bytes) => new() { { new ByteArrayContent(new byte[bytes]), "file", "a.pdf" } };

    static void AssertSecured(HttpResponseMessage answer)
    {
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
    }
}

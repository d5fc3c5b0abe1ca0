using System.Net;
using System.Net.Sockets;
using Grants.Accounts.Domain;
using Grants.Gateway;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Tests.Exchange;

public sealed class ExchangeTests
{
    const string Credential = "a-credential-that-only-gateways-and-accounts-know";

    [Fact]
    public async Task Every_row_is_the_same_after_it_was_stored() => await new RoundTrip(AccountsService.Definition)
        .With<SecretLink>(nameof(SecretLink.Registration), new Registration { Name = "Ђорђе 🌱", Email = "djordje@nada.example", Language = "bs", PasswordHash = "x+/=", ReturnTo = "/apply?x=1&y=š" })
        .With<IdentityUserPasskey<Guid>>(nameof(IdentityUserPasskey<Guid>.Data), new IdentityPasskeyData { PublicKey = [1, 2], AttestationObject = [3], ClientDataJson = [4], Name = "Телефон" })
        .CheckAsync();

    [Fact]
    public void Every_text_exists_in_every_language() => Assert.Empty(TextsCheck.Problems(typeof(AccountsDb).Assembly));

    [Fact]
    public async Task The_public_keys_hold_nothing_private()
    {
        await using var service = await ServiceFixture.StartAsync(AccountsService.Definition);
        var json = await service.Client().GetStringAsync(new Uri(HttpTokenKeys.Path, UriKind.Relative));
        var key = Assert.Single(new JsonWebKeySet(json).Keys);
        Assert.Equal(("EC", "P-256", true), (key.Kty, key.Crv, key.D is null));
    }

    [Theory]
    [InlineData(null, Credential)]
    [InlineData(Credential, "guessed")]
    [InlineData(Credential, null)]
    [InlineData("", "")]
    public async Task Without_the_credential_the_exchange_does_not_exist(string? configured, string? given)
    {
        await using var service = await ServiceFixture.StartAsync(AccountsService.Definition, (HttpSessionExchange.CredentialSetting, configured ?? ""));
        var request = new HttpRequestMessage(HttpMethod.Post, HttpSessionExchange.Path);
        if (given is not null) request.Headers.Add(HttpSessionExchange.CredentialHeader, given);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Client().SendAsync(request)).StatusCode);
    }

    [Fact]
    public void The_gateway_has_a_route_for_every_prefix()
    {
        var routes = GatewayHost.ProxyRoutes();
        foreach (var (prefix, service) in Routes.Prefixes)
            Assert.Contains(routes, route => route.ClusterId == service && route.Match.Path == (prefix == "" ? "/" : $"/{prefix}/{{**rest}}"));
    }

    [Fact]
    public async Task One_signs_in_through_the_gateway_and_reads_of_maintenance_while_a_service_is_away()
    {
        var folder = Directory.CreateTempSubdirectory("grants-gateway-").FullName;
        var (accountsAt, gatewayAt, nowhere) = (FreeAddress(), FreeAddress(), FreeAddress());
        string[] shared = ["--environment=Development", $"--PublicOrigin={gatewayAt}", $"--{HttpSessionExchange.CredentialSetting}={Credential}"];
        await using (var accounts = GrantsHost.Build([.. shared, $"--urls={accountsAt}", $"--Data:Folder={folder}", "--Messaging:Relay=off"], [AccountsService.Definition]))
        await using (var gateway = GatewayHost.Build(
            [.. shared, $"--urls={gatewayAt}", .. Routes.Prefixes.Values.Distinct().Select(service => $"--Services:{service}={(service == "accounts" ? accountsAt : nowhere)}")]))
        {
            await GrantsHost.PrepareAsync(accounts);
            await accounts.StartAsync();
            await gateway.StartAsync();
            var id = Guid.CreateVersion7();
            await using (var scope = Scope(accounts))
            {
                var db = Service<AccountsDb>(scope);
                await AccountsSeed.AddPersonAsync(db, Service<AppTime>(scope), id, "Amra Hadžić", "amra@funder.example", "bs", [(Role.Auditor, "*")]);
            }

            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(gatewayAt) };
            http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
            http.DefaultRequestHeaders.Add("Authorization", "Bearer forged");
            Assert.Equal(HttpStatusCode.Found, (await http.GetAsync(new Uri("/account", UriKind.Relative))).StatusCode);
            var signedIn = await http.PostAsync(new Uri("/account/demo/sign-in", UriKind.Relative), new FormUrlEncodedContent([new("person", id.ToString())]));
            Assert.Equal("/inbox", signedIn.Headers.Location!.OriginalString);
            var page = await http.GetAsync(new Uri("/account", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains("Amra Hadžić", await page.Content.ReadAsStringAsync());
            Assert.True(page.Headers.Contains("Content-Security-Policy"));

            // The way in for gateways is closed to everybody who comes through one.
            var request = new HttpRequestMessage(HttpMethod.Post, HttpSessionExchange.Path);
            request.Headers.Add(HttpSessionExchange.CredentialHeader, Credential);
            Assert.Equal(HttpStatusCode.NotFound, (await http.SendAsync(request)).StatusCode);

            var away = await http.GetAsync(new Uri("/calls", UriKind.Relative));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
            Assert.NotNull(away.Headers.RetryAfter);
            Assert.Contains("<h1", await away.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/no-such-page", UriKind.Relative))).StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }

    static Microsoft.Extensions.DependencyInjection.AsyncServiceScope Scope(WebApplication app) =>
        Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateAsyncScope(app.Services);

    static T Service<T>(Microsoft.Extensions.DependencyInjection.AsyncServiceScope scope) where T : notnull =>
        Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<T>(scope.ServiceProvider);

    static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}

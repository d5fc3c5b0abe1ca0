using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grants.Gateway;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Accounts.Tests.Gateway;

/// <summary>The gateway on a port of its own, in front of services that a test made up; those it does not name are away.</summary>
sealed class GatewayApp : IAsyncDisposable
{
    /// <summary>Random, as in an installation.</summary>
    public static readonly string Credential = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    readonly WebApplication app;

    GatewayApp(WebApplication app)
    {
        this.app = app;
        Address = new Uri(app.Urls.Single());
        Client = NewClient();
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Starts it. <paramref name="services"/> are names with addresses; <paramref name="settings"/> as on the command line.</summary>
    public static async Task<GatewayApp> StartAsync((string Name, string Addresses)[] services, params string[] settings)
    {
        var app = GatewayHost.Build([.. Settings(services), .. settings], builder =>
        {
            builder.Logging.ClearProviders();
            // As long as the host lets it: a test that looks at a gateway that is about to stop must not be overtaken by the end.
            builder.Services.AddSingleton(new Draining(TimeSpan.FromMinutes(1)));
        });
        await app.StartAsync();
        var gateway = new GatewayApp(app);
        await Eventually.TrueAsync(async () => (await gateway.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        return gateway;
    }

    /// <summary>What a gateway needs to start, on a free port.</summary>
    public static string[] Settings(params (string Name, string Addresses)[] services)
    {
        var nowhere = Ports.Nowhere();
        return
        [
            "--environment=Production", "--urls=http://127.0.0.1:0", "--PublicOrigin=http://localhost:8080", $"--{HttpSessionExchange.CredentialSetting}={Credential}",
            .. Routes.Prefixes.Values.Distinct().Select(name => $"--Services:{name}={services.FirstOrDefault(service => service.Name == name).Addresses ?? nowhere}"),
        ];
    }

    /// <summary>A browser that follows nothing, unpacks nothing and has no cookies.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }

    /// <summary>Asks it to stop; <paramref name="now"/> ends its patience.</summary>
    public Task StopAsync(CancellationToken now) => app.StopAsync(now);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}

/// <summary>A service in miniature on a port of its own: it is ready until it drains, and answers what the test maps.</summary>
sealed class Replica : IAsyncDisposable
{
    readonly Action<WebApplication> map;
    readonly TimeSpan drains;
    WebApplication app = null!;

    Replica(Action<WebApplication> map, TimeSpan drains) => (this.map, this.drains) = (map, drains);

    public string Address { get; private set; } = "http://127.0.0.1:0";

    public static async Task<Replica> StartAsync(Action<WebApplication> map, TimeSpan drains = default)
    {
        var replica = new Replica(map, drains);
        await replica.StartAgainAsync();
        return replica;
    }

    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateBuilder([$"--urls={Address}"]);
        builder.Logging.ClearProviders();
        builder.Services.AddDraining(drains);
        app = builder.Build();
        app.UseDraining();
        app.MapHealthChecks("/health/ready");
        map(app);
        await app.StartAsync();
        Address = app.Urls.Single();
    }

    /// <summary>Stops as a process does that was asked to; <paramref name="now"/> ends its patience.</summary>
    public async Task StopAsync(CancellationToken now = default)
    {
        await app.StopAsync(now);
        await app.DisposeAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>A service that says it is ready, takes a request and hangs up without a word, as one does that was killed in the middle of it.</summary>
sealed class HangsUp : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    int requests;

    public HangsUp()
    {
        listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"http://{listener.LocalEndpoint}";

    public int Requests => Volatile.Read(ref requests);

    public void Dispose() => listener.Dispose();

    async Task ServeAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // stopped
        }
    }

    async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync() is { } first)
            {
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // the headers
                }

                if (first.Contains("/health/ready", StringComparison.Ordinal))
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                    continue;
                }

                // The first of a connection is answered, so that the next comes over one that was used before: HttpClient repeats some of those by itself.
                if (first.Contains("/warm", StringComparison.Ordinal))
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nwarm"u8.ToArray());
                    continue;
                }

                Interlocked.Increment(ref requests);
                return;
            }
        }
    }
}

static class Ports
{
    /// <summary>An address at which nobody listens.</summary>
    public static string Nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}

static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), "It did not happen in a minute.");
            await pause.WaitForNextTickAsync();
        }
    }

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));
}

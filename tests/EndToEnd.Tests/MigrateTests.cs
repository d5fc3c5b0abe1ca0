using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Grants.Testing;
using Npgsql;

namespace Grants.EndToEnd.Tests;

/// <summary>The release step and a replica as processes of their own, on PostgreSQL: the replica that comes first waits for the step.</summary>
public sealed class MigrateTests
{
    [Fact]
    public async Task A_replica_is_alive_and_not_ready_until_the_release_step_has_run()
    {
        var owner = PostgresServer.NewDatabase();
        var role = $"r_{Guid.NewGuid():N}";
        PostgresServer.Execute(owner, $"create role {role} login");
        var runs = new NpgsqlConnectionStringBuilder(owner) { Username = role }.ToString();
        var address = $"http://127.0.0.1:{FreePort()}";
        await using var replica = new Service("Notifications", $"--urls={address}", $"--ConnectionStrings:notifications={runs}");
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        await UntilAsync(replica, client, "/health/live", HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready")).StatusCode);
        var page = await client.GetAsync("/inbox");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (page.StatusCode, page.Headers.RetryAfter?.Delta));
        Assert.Contains("Try again in a few minutes", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var step = new Service("Notifications", "--migrate", $"--ConnectionStrings:notifications={owner}", $"--Database:Roles:notifications={role}");
        Assert.Equal(0, await step.EndAsync());
        Assert.DoesNotContain("fail:", step.Output(), StringComparison.Ordinal);
        await UntilAsync(replica, client, "/health/ready", HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Found, (await new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = client.BaseAddress }.GetAsync("/inbox")).StatusCode);
        Assert.Single(replica.Output().Split('\n'), line => line.Contains("lacks migration", StringComparison.Ordinal));
        Assert.DoesNotContain("fail:", replica.Output(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_that_waits_ends_when_it_is_told_to()
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        await using var replica = new Service("Notifications", $"--urls={address}", $"--ConnectionStrings:notifications={PostgresServer.NewDatabase()}");
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await UntilAsync(replica, client, "/health/live", HttpStatusCode.OK);
        replica.Terminate();
        Assert.Equal(0, await replica.EndAsync());
    }

    [Fact]
    public async Task A_release_step_without_a_database_ends_with_1_and_one_sentence()
    {
        await using var step = new Service("Notifications", "--migrate", "--ConnectionStrings:notifications=Host=/nowhere;Username=nobody;Database=nothing");
        Assert.Equal(1, await step.EndAsync());
        Assert.Contains("The databases were not migrated: notifications: Failed to connect", step.Output(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", step.Output(), StringComparison.Ordinal);
    }

    static async Task UntilAsync(Service service, HttpClient client, string path, HttpStatusCode status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(path, patience.Token);
                if (answer.StatusCode == status) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            Assert.False(service.HasEnded, service.Output());
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    sealed class Service : IAsyncDisposable
    {
        readonly StringBuilder output = new();
        readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("grants-service-");
        readonly Process process;

        public Service(string name, params string[] arguments)
        {
            var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, new DirectoryInfo(AppContext.BaseDirectory).Name, name + ".dll"));
            // Nothing of messaging is asked here, only when it may begin.
            string[] all = [program, "--environment=Development", "--Database:Provider=postgres", "--Messaging:Relay=off", "--Services:accounts=http://localhost:1", $"--Data:Folder={folder.FullName}", .. arguments];
            process = Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += Write;
            process.ErrorDataReceived += Write;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public bool HasEnded => process.HasExited;

        public string Output()
        {
            lock (output) return output.ToString();
        }

        public void Terminate() => Process.Start("kill", [$"{process.Id}"]).WaitForExit();

        public async Task<int> EndAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            folder.Delete(recursive: true);
        }

        void Write(object sender, DataReceivedEventArgs line)
        {
            lock (output) output.AppendLine(line.Data);
        }
    }
}

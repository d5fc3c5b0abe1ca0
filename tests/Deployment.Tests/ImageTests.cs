using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grants.Testing;

namespace Grants.Deployment.Tests;

/// <summary>The images are built with the Dockerfile and run as the chart runs them: another user than root, a root file system that nobody can write to, no right at all.</summary>
public sealed class ImageTests
{
    [SharedFact]
    public async Task Images_are_built_and_run_without_root_on_a_read_only_file_system()
    {
        var tools = Shared.At("tools/k8s");
        var storage = Directory.CreateTempSubdirectory("grants-images-").FullName;
        try
        {
            await RunAsync(tools, storage);
        }
        finally
        {
            // Layers stay mounted when a build was cut off.
            Tools.Run("bash", ["-c", "findmnt -rno TARGET | grep \"^$1/\" | tac | xargs -r umount -l; rm -rf \"$1\"", "bash", storage]);
        }
    }

    static async Task RunAsync(string tools, string storage)
    {
        var built = Tools.Run("bash", [Path.Combine(Shared.Repository, "tests", "Deployment.Tests", "images.sh"), storage, "Accounts", "Gateway", "AllInOne"], environment: ("TOOLS", tools));
        Assert.True(built.Code == 0, built.Output[Math.Max(0, built.Output.Length - 4000)..]);

        var port = FreePort();
        var name = $"grants-test-{port}";
        // What a volume of the cluster is: a folder of the user the container runs as.
        var data = Directory.CreateTempSubdirectory("grants-image-").FullName;
        Assert.Equal(0, Tools.Run("chown", ["1654:1654", data]).Code);
        string[] podman = ["--root", Path.Combine(storage, "root"), "--runroot", Path.Combine(storage, "run"), "--tmpdir", Path.Combine(storage, "podman")];
        string[] run =
        [
            .. podman, "run", "-d", "--name", name, "--pull=never", "--network=host", "--read-only", "--read-only-tmpfs=false", "--cap-drop=all",
            "--security-opt=no-new-privileges", "--tmpfs=/tmp", "-v", $"{data}:/data", "-e", "ASPNETCORE_HTTP_PORTS=", "-e", $"ASPNETCORE_URLS=http://127.0.0.1:{port}",
            "-e", "ASPNETCORE_ENVIRONMENT=Development", "localhost/grants/allinone",
        ];
        var started = Tools.Run("podman", run, environment: ("CONTAINERS_CONF", Path.Combine(tools, "containers.conf")));
        try
        {
            Assert.True(started.Code == 0, started.Output);
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await UntilReadyAsync(client, () => Tools.Run("podman", [.. podman, "logs", name]).Output);
            Assert.Contains("Link", await client.GetStringAsync(new Uri("/calls", UriKind.Relative)), StringComparison.Ordinal);
            var user = Tools.Run("podman", [.. podman, "inspect", "--format", "{{.Config.User}}", name]).Output;
            Assert.Contains("1654", user, StringComparison.Ordinal);
        }
        finally
        {
            Tools.Run("podman", [.. podman, "rm", "-f", "-t", "5", name]);
            Directory.Delete(data, recursive: true);
        }
    }

    static async Task UntilReadyAsync(HttpClient client, Func<string> log)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (patience.Elapsed < TimeSpan.FromMinutes(2))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException("The container was not ready in two minutes:\n" + log());
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

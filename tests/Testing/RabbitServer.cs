using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Grants.Testing;

/// <summary>A RabbitMQ of the test process's own, made at first use in a folder under the temporary one, stopped when the process ends.</summary>
public sealed class RabbitServer
{
    static readonly Lazy<RabbitServer> Instance = new(() => new RabbitServer(), LazyThreadSafetyMode.ExecutionAndPublication);

    readonly string folder = Directory.CreateTempSubdirectory("grants-mq-").FullName;
    readonly int port, management;

    RabbitServer()
    {
        // Output is not piped: the server would inherit the pipe and the read would never end.
        Run($"'{Script}' start '{folder}' >'{folder}.out' 2>&1");
        // A watcher beside us, because a test host is often killed before it can tidy up.
        Run($"setsid sh -c 'tail --pid={Environment.ProcessId} -f /dev/null; \"{Script}\" kill {folder}; rm -rf {folder}' </dev/null >/dev/null 2>&1 &");
        var ports = File.ReadAllText($"{folder}/ports").Split(' ');
        (port, management) = (int.Parse(ports[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(ports[1], System.Globalization.CultureInfo.InvariantCulture));
        File.Delete($"{folder}.out");
    }

    static string Script => Path.Combine(Shared.Repository, "k8s", "local", "rabbitmq.sh");

    /// <summary>Address of a fresh, empty virtual host.</summary>
    public static string NewHost()
    {
        var server = Instance.Value;
        var name = $"t_{Guid.NewGuid():N}";
        using var client = server.Management();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/vhosts/{name}");
        using var answer = client.Send(request);
        answer.EnsureSuccessStatusCode();
        return $"amqp://guest:guest@127.0.0.1:{server.port}/{name}";
    }

    /// <summary>Ends all connections to a virtual host, as the end of their processes does.</summary>
    public static async Task CutAsync(string address)
    {
        using var client = Instance.Value.Management();
        var host = new Uri(address).AbsolutePath.TrimStart('/');
        // The list of connections follows events and may be a moment late.
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var quiet = 0; quiet < 3; await pause.WaitForNextTickAsync())
        {
            using var list = JsonDocument.Parse(await client.GetStringAsync(new Uri($"/api/vhosts/{host}/connections", UriKind.Relative)));
            var names = list.RootElement.EnumerateArray().Select(connection => connection.GetProperty("name").GetString()!).ToList();
            quiet = names.Count == 0 ? quiet + 1 : 0;
            foreach (var name in names) (await client.DeleteAsync(new Uri($"/api/connections/{Uri.EscapeDataString(name)}", UriKind.Relative))).Dispose();
        }
    }

    HttpClient Management()
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{management}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("guest:guest")));
        return client;
    }

    void Run(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"RabbitMQ did not start: {File.ReadAllText(folder + ".out")}");
    }
}

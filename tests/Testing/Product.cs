using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Grants.Testing;

/// <summary>
/// The product as a newcomer starts it: the built all-in-one program in a process of its own, in demo mode, with its data in a folder. It can be killed
/// without warning and started again on the same data.
/// </summary>
public sealed class Product : Running
{
    readonly string[] settings;
    Process? process;

    Product(string folder, int port, string[] settings)
    {
        Folder = folder;
        Address = new Uri($"http://localhost:{port}");
        Auditor = new Auditor(folder);
        this.settings = settings;
    }

    /// <inheritdoc />
    public override string Folder { get; }

    /// <inheritdoc />
    public override Uri Address { get; }

    /// <inheritdoc />
    public override Auditor Auditor { get; }

    /// <inheritdoc />
    protected override string ClockFile => Path.Combine(Folder, "clock-offset");

    /// <summary>Starts it with fresh data and waits until it is ready.</summary>
    public static async Task<Product> StartAsync(params string[] settings)
    {
        var product = Fresh(settings);
        await product.StartAgainAsync();
        return product;
    }

    /// <summary>A product with fresh data that has not been started.</summary>
    public static Product Fresh(params string[] settings) => new(Directory.CreateTempSubdirectory("grants-product-").FullName, FreePort(), settings);

    /// <summary>Starts it on the data it has and waits until <paramref name="until"/> answers.</summary>
    public async Task StartAgainAsync(string until = "/health/ready")
    {
        // From its own output folder, where its static assets and demo files are.
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "AllInOne", new DirectoryInfo(AppContext.BaseDirectory).Name, "AllInOne.dll"));
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[program, $"--urls={Address}", $"--Data:Folder={Folder}", "--environment=Development", .. settings])
            start.ArgumentList.Add(argument);
        process = Process.Start(start)!;
        var output = File.AppendText(Path.Combine(Folder, "output.log"));
        process.OutputDataReceived += (_, line) => Write(output, line.Data);
        process.ErrorDataReceived += (_, line) => Write(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilAnsweredAsync(until, mustRun: true);
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Resident memory in bytes, as the system counts it.</summary>
    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{process!.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public override string Output()
    {
        using var file = new FileStream(Path.Combine(Folder, "output.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await KillAsync();
        process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <inheritdoc />
    public override Task UntilReadyAsync() => UntilAnsweredAsync("/health/ready", mustRun: false);

    async Task UntilAnsweredAsync(string path, bool mustRun)
    {
        using var client = new HttpClient { BaseAddress = Address };
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (mustRun && process!.HasExited) throw new InvalidOperationException("The product ended by itself:\n" + Output());
            try
            {
                using var answer = await client.GetAsync(path);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException("The product was not ready in a minute:\n" + Output());
    }

    static void Write(StreamWriter output, string? line)
    {
        if (line is null) return;
        lock (output)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

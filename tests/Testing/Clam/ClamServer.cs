using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Grants.Testing.Clam;

/// <summary>
/// A virus scanner of the test process's own: Debian's clamd with its own settings, on a socket in its own folder, that knows one signature, which is invented.
/// Started at first use.
/// </summary>
public sealed class ClamServer
{
    /// <summary>What it takes for harmful, wherever it stands in a file.</summary>
    public const string Harmful = "grants-platform: invented words that the scanner of the tests takes for harmful";

    /// <summary>How it calls that.</summary>
    public const string Signature = "Grants.Test.Invented.UNOFFICIAL";

    /// <summary>Most bytes it takes.</summary>
    public const int StreamMaxLength = 2 * 1024 * 1024;

    static readonly Lazy<Task<ClamServer>> Instance = new(StartAsync);

    readonly Companion program;

    ClamServer(Companion program) => this.program = program;

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint => new UnixDomainSocketEndPoint(SocketIn(program.Folder));

    /// <summary>The same as in <c>Files:Clamd</c>.</summary>
    public string Address => "unix:" + SocketIn(program.Folder);

    /// <summary>The scanner, started if it is not running yet.</summary>
    public static Task<ClamServer> RunningAsync() => Instance.Value;

    static async Task<ClamServer> StartAsync()
    {
        var folder = Companion.NewFolder("clam");
        var signatures = Directory.CreateDirectory(Path.Combine(folder, "signatures")).FullName;
        // Name, any kind of file, any place in it, the bytes (ClamAV's .ndb format).
        await File.WriteAllTextAsync(Path.Combine(signatures, "test.ndb"), $"Grants.Test.Invented:0:*:{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Harmful))}\n");
        var settings = Path.Combine(folder, "clamd.conf");
        await File.WriteAllTextAsync(settings, $"""
            Foreground yes
            DatabaseDirectory {signatures}
            TemporaryDirectory {folder}
            LocalSocket {SocketIn(folder)}
            StreamMaxLength {StreamMaxLength}
            MaxThreads 4

            """);
        var clamd = (string[])["/usr/sbin/clamd", "/usr/local/sbin/clamd"];
        var program = Companion.Start(
            folder, clamd.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("These tests need ClamAV: there is no /usr/sbin/clamd."), "--config-file", settings);
        await program.UntilAsync(() => File.Exists(SocketIn(folder)));
        return new ClamServer(program);
    }

    static string SocketIn(string folder) => Path.Combine(folder, "clamd.socket");
}

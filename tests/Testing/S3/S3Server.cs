using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Grants.Testing.S3;

/// <summary>
/// An S3 server of the test process's own on a free port of this machine: npm's s3rver, started at first use. It keeps a bucket in a folder, where tests can
/// make bytes old or bad.
/// </summary>
public sealed partial class S3Server
{
    /// <summary>Both halves of the only credentials it knows.</summary>
    public const string Key = "S3RVER";

    static readonly Lazy<Task<S3Server>> Instance = new(StartAsync);

    readonly Companion program;

    S3Server(Companion program, int port)
    {
        this.program = program;
        Port = port;
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server, started if it is not running yet.</summary>
    public static Task<S3Server> RunningAsync() => Instance.Value;

    /// <summary>Makes an empty bucket.</summary>
    public string NewBucket()
    {
        var name = $"b{Guid.NewGuid():N}";
        Directory.CreateDirectory(FolderOf(name));
        return name;
    }

    /// <summary>Where it keeps a bucket.</summary>
    public string FolderOf(string bucket) => Path.Combine(program.Folder, "data", bucket);

    /// <summary>Where it keeps the bytes of a key.</summary>
    public string PathOf(string bucket, string key) => Path.Combine(FolderOf(bucket), key) + "._S3rver_object";

    static async Task<S3Server> StartAsync()
    {
        var packages = typeof(S3Server).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "S3Packages").Value!;
        var folder = Companion.NewFolder("s3");
        var program = Companion.Start(
            // Its lists of more than a thousand files go on with a cipher that OpenSSL has put away.
            folder, "node", "--openssl-legacy-provider", Path.Combine(packages, "node_modules", "s3rver", "bin", "s3rver.js"), "--directory", Path.Combine(folder, "data"), "--address", IPAddress.Loopback.ToString(),
            "--port", "0", "--no-vhost-buckets", "--silent");
        await program.UntilAsync(() => Listening().IsMatch(program.Output));
        return new S3Server(program, int.Parse(Listening().Match(program.Output).Groups[1].Value));
    }

    [GeneratedRegex(@"listening on [\d.]+:(\d+)")]
    private static partial Regex Listening();
}

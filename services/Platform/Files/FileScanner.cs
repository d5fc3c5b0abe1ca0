using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Files;

/// <summary>What the virus scanner says of a file.</summary>
public enum ScanVerdict
{
    /// <summary>Nothing was found, or nobody scans here.</summary>
    Clean,

    /// <summary>Something harmful was found.</summary>
    Infected,

    /// <summary>The scanner's settings do not let it look at so many bytes; asking again does not help.</summary>
    TooLarge,
}

/// <summary>What the virus scanner says of a file.</summary>
/// <param name="Verdict">In short.</param>
/// <param name="Found">The scanner's name of what it found; empty when it found nothing.</param>
public sealed record ScanResult(ScanVerdict Verdict, string Found = "");

/// <summary>The scanner does not answer, or answers nothing we understand. Nothing is known about the file; ask again later.</summary>
public sealed class ScannerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Asks ClamAV's clamd about files, over its INSTREAM command (clamd(8)); one connection a file. Without an address every file is clean.</summary>
public sealed partial class FileScanner
{
    const int ChunkSize = 64 * 1024, LongestAnswer = 1000;

    readonly EndPoint? clamd;

    /// <summary>Makes a scanner.</summary>
    /// <param name="address"><c>host:port</c> or <c>unix:/path/of/the/socket</c>; null or empty to scan nothing.</param>
    /// <exception cref="ArgumentException">The address is neither.</exception>
    public FileScanner(string? address) => clamd = string.IsNullOrEmpty(address) ? null
        : address.StartsWith("unix:", StringComparison.Ordinal) ? new UnixDomainSocketEndPoint(address["unix:".Length..])
        : Uri.TryCreate("tcp://" + address, UriKind.Absolute, out var uri) && uri is { Port: > 0, PathAndQuery: "/" or "" } ? new DnsEndPoint(uri.IdnHost, uri.Port)
        : throw new ArgumentException($"Files:Clamd is '{address}'; it must be host:port or unix:/path.", nameof(address));

    /// <summary>The scanner that the settings name, <c>Files:Clamd</c>. An installation that scans nothing says so in its log.</summary>
    public static FileScanner From(IConfiguration configuration, IHostEnvironment environment, ILogger<FileScanner> logger)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var scanner = new FileScanner(configuration["Files:Clamd"]);
        if (scanner.clamd is null && environment.IsProduction()) Log.NotScanning(logger);
        return scanner;
    }

    /// <summary>Has a file looked at.</summary>
    /// <param name="content">Read to its end, unless the scanner has seen enough.</param>
    /// <param name="patience">How long all of it may take.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="ScannerUnavailableException">No answer in time, or none we understand.</exception>
    public async Task<ScanResult> ScanAsync(Stream content, TimeSpan patience, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (clamd is null) return new ScanResult(ScanVerdict.Clean);
        var answer = await AskAsync("zINSTREAM\0"u8.ToArray(), content, patience, ct);
        const string Found = " FOUND", Stream = "stream: ";
        return answer == "stream: OK" ? new ScanResult(ScanVerdict.Clean)
            : answer.StartsWith(Stream, StringComparison.Ordinal) && answer.EndsWith(Found, StringComparison.Ordinal) ? new ScanResult(ScanVerdict.Infected, answer[Stream.Length..^Found.Length])
            : answer.StartsWith("INSTREAM size limit exceeded", StringComparison.Ordinal) ? new ScanResult(ScanVerdict.TooLarge)
            : throw new ScannerUnavailableException($"clamd answered: {answer}");
    }

    /// <summary>Asks whether the scanner is there at all.</summary>
    /// <exception cref="ScannerUnavailableException">It is not.</exception>
    public async Task PingAsync(TimeSpan patience, CancellationToken ct)
    {
        if (clamd is not null && await AskAsync("zPING\0"u8.ToArray(), null, patience, ct) is var answer && answer != "PONG") throw new ScannerUnavailableException($"clamd answered: {answer}");
    }

    async Task<string> AskAsync(byte[] command, Stream? content, TimeSpan patience, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        enough.CancelAfter(patience);
        try
        {
            using var socket = clamd is UnixDomainSocketEndPoint ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(clamd!, enough.Token);
            await using var line = new NetworkStream(socket);
            // From the start: when there are too many bytes clamd says so and hangs up while they are still on their way.
            var answer = ReadAnswerAsync(line, enough.Token);
            var sending = SendAsync(line, command, content, enough.Token);
            try
            {
                if (await Task.WhenAny(answer, sending) == sending) await sending;
                return await answer;
            }
            finally
            {
                // Whoever asked closes the content next: nobody may still be reading it.
                await enough.CancelAsync();
                await Task.WhenAll(answer, sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is SocketException or OperationCanceledException or (IOException and not FileStoreUnavailableException))
        {
            throw new ScannerUnavailableException("clamd does not answer.", e);
        }
    }

    static async Task SendAsync(NetworkStream line, byte[] command, Stream? content, CancellationToken ct)
    {
        if (!await TrySendAsync(line, command, ct) || content is null) return;
        var chunk = new byte[sizeof(int) + ChunkSize];
        int read;
        do
        {
            read = await content.ReadAsync(chunk.AsMemory(sizeof(int)), ct);
            // Each chunk after its length; the last has none.
            BinaryPrimitives.WriteInt32BigEndian(chunk, read);
        }
        while (await TrySendAsync(line, chunk.AsMemory(0, sizeof(int) + read), ct) && read > 0);
    }

    // That the line broke is told by the answer, or by there being none.
    static async Task<bool> TrySendAsync(NetworkStream line, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await line.WriteAsync(bytes, ct);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    static async Task<string> ReadAnswerAsync(NetworkStream line, CancellationToken ct)
    {
        var buffer = new byte[LongestAnswer];
        for (var length = 0; length < buffer.Length;)
        {
            var read = await line.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0) break;
            length += read;
            // An answer without its end may be the beginning of another one.
            if (buffer.AsSpan(0, length).IndexOf((byte)0) is >= 0 and var end) return Encoding.ASCII.GetString(buffer, 0, end);
        }

        throw new ScannerUnavailableException("clamd hung up, or sent what is no answer.");
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Files:Clamd is not set: uploaded files are not scanned for viruses")]
        public static partial void NotScanning(ILogger logger);
    }
}

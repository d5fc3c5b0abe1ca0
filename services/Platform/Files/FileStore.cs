using System.Security.Cryptography;
using Grants.Platform.Hosting;
using Microsoft.Extensions.Configuration;

namespace Grants.Platform.Files;

/// <summary>Parts of the file store. Who may write which is said in the architecture.</summary>
public static class FileArea
{
    /// <summary>Areas: sealed applications and attached files (Applications writes), agreements and reports (Disbursements writes).</summary>
    public const string Dossiers = "dossiers", Attachments = "attachments", Agreements = "agreements", Reports = "reports";

    /// <summary>All areas.</summary>
    public static readonly IReadOnlyList<string> All = [Dossiers, Attachments, Agreements, Reports];
}

/// <summary>What became of bytes handed to the store: <see cref="StoredFile"/> or <see cref="FileTooLarge"/>.</summary>
public abstract record PutResult;

/// <summary>The bytes are on disk under their hash.</summary>
/// <param name="Area">Where.</param>
/// <param name="Sha256">Lower-case hex; the name of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record StoredFile(string Area, string Sha256, long Length) : PutResult;

/// <summary>There were more bytes than allowed; nothing was kept.</summary>
/// <param name="Limit">What was allowed.</param>
public sealed record FileTooLarge(long Limit) : PutResult;

/// <summary>
/// Files by the hash of their content, in a folder. Writing is idempotent: the same bytes are one file, whoever sends them how often. Bytes are stored before
/// the transaction that refers to them, so a crash leaves at most a file that nobody knows, which is swept after a day.
/// </summary>
public sealed class FileStore
{
    const int BufferSize = 81920;

    readonly string folder;
    readonly string incoming;
    readonly AppTime clock;

    /// <summary>Opens the store in a folder, which is made if need be.</summary>
    public FileStore(string folder, AppTime clock)
    {
        this.folder = Path.GetFullPath(folder);
        this.clock = clock;
        // Inside the store's folder: a rename is atomic only within one file system.
        incoming = Path.Combine(this.folder, ".incoming");
        foreach (var area in FileArea.All) Directory.CreateDirectory(Path.Combine(this.folder, area));
        Directory.CreateDirectory(incoming);
    }

    /// <summary>Opens the store that the settings name: <c>Files:Folder</c>, or <c>files</c> in <c>Data:Folder</c>.</summary>
    public static FileStore From(IConfiguration configuration, AppTime clock)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new FileStore(configuration["Files:Folder"] ?? Path.Combine(configuration["Data:Folder"] ?? "data", "files"), clock);
    }

    /// <summary>Stores what the stream holds. When it returns a <see cref="StoredFile"/>, the bytes are on disk, whole, under their hash.</summary>
    /// <param name="area">One of <see cref="FileArea"/>.</param>
    /// <param name="content">Read to the end, or until one byte more than the limit was seen.</param>
    /// <param name="limit">Most bytes allowed.</param>
    /// <param name="ct">Stops reading; nothing is kept.</param>
    public async Task<PutResult> PutAsync(string area, Stream content, long limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!FileArea.All.Contains(area)) throw new ArgumentException("Not an area of the file store.", nameof(area));
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        try
        {
            var (sha256, length) = await ReceiveAsync(content, temporary, limit, ct);
            if (length > limit) return new FileTooLarge(limit);
            // Also when the file is there already: the rename makes it young again, so that no sweep takes it before the transaction that refers to it,
            // and heals it should its bytes have gone bad.
            File.Move(temporary, PathOf(area, sha256), overwrite: true);
            return new StoredFile(area, sha256, length);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Stores bytes that are in memory, such as a dossier.</summary>
    public async Task<StoredFile> PutAsync(string area, byte[] content, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var stream = new MemoryStream(content, writable: false);
        return (StoredFile)await PutAsync(area, stream, content.Length, ct);
    }

    /// <summary>Opens a file for reading, or returns null when there is none of that hash. The stream can seek.</summary>
    /// <param name="area">One of <see cref="FileArea"/>.</param>
    /// <param name="sha256">Lower-case hex.</param>
    /// <param name="verify">Read it once before and compare the hash.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <exception cref="InvalidDataException">The bytes are not those that were stored.</exception>
    public async Task<Stream?> OpenAsync(string area, string sha256, bool verify = false, CancellationToken ct = default)
    {
        if (!FileArea.All.Contains(area) || !IsHash(sha256)) return null;
        FileStream stream;
        try
        {
            stream = new FileStream(PathOf(area, sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        if (!verify) return stream;

        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
        if (!string.Equals(found, sha256, StringComparison.Ordinal))
        {
            await stream.DisposeAsync();
            throw new InvalidDataException($"The file {area}/{sha256} has other bytes than were stored.");
        }
        stream.Position = 0;
        return stream;
    }

    /// <summary>All bytes of a small file, their hash checked, or null when there is none of that hash.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were stored.</exception>
    public async Task<byte[]?> ReadAsync(string area, string sha256, CancellationToken ct = default)
    {
        await using var stream = await OpenAsync(area, sha256, verify: true, ct);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>Whether a file of that hash is there.</summary>
    public bool Has(string area, string sha256) => FileArea.All.Contains(area) && IsHash(sha256) && File.Exists(PathOf(area, sha256));

    /// <summary>Deletes what uploads that never ended left behind, when older than the age.</summary>
    /// <returns>How many were deleted.</returns>
    public int SweepIncoming(TimeSpan age) => new DirectoryInfo(incoming).EnumerateFiles().Count(file => DeleteIfOlder(file, age));

    /// <summary>Deletes files of an area that nothing refers to, when older than the age.</summary>
    /// <param name="area">An area the caller writes.</param>
    /// <param name="age">At least as long as a request can take; a day.</param>
    /// <param name="isReferenced">Whether a row refers to the hash.</param>
    /// <param name="ct">Stops between files.</param>
    /// <returns>How many were deleted.</returns>
    public async Task<int> SweepAsync(string area, TimeSpan age, Func<string, Task<bool>> isReferenced, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(isReferenced);
        if (!FileArea.All.Contains(area)) throw new ArgumentException("Not an area of the file store.", nameof(area));
        var deleted = 0;
        foreach (var file in new DirectoryInfo(Path.Combine(folder, area)).EnumerateFiles())
        {
            ct.ThrowIfCancellationRequested();
            if (IsHash(file.Name) && IsOlder(file, age) && !await isReferenced(file.Name) && DeleteIfOlder(file, age)) deleted++;
        }
        return deleted;
    }

    static async Task<(string Sha256, long Length)> ReceiveAsync(Stream content, string path, long limit, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, FileOptions.Asynchronous);
        var buffer = new byte[BufferSize];
        var length = 0L;
        for (var read = await content.ReadAsync(buffer, ct); read > 0; read = await content.ReadAsync(buffer, ct))
        {
            length += read;
            if (length > limit) return ("", length);
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        file.Flush(flushToDisk: true);
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    string PathOf(string area, string sha256) => Path.Combine(folder, area, sha256);

    bool DeleteIfOlder(FileInfo file, TimeSpan age)
    {
        file.Refresh();
        if (!file.Exists || !IsOlder(file, age)) return false;
        file.Delete();
        return true;
    }

    // Files carry the machine's time, which a moved clock is ahead of.
    bool IsOlder(FileInfo file, TimeSpan age) => file.LastWriteTimeUtc < (clock.Now - clock.Offset - age).UtcDateTime;

    static bool IsHash(string? sha256) => sha256 is { Length: 64 } && sha256.All(char.IsAsciiHexDigitLower);
}

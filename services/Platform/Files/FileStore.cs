using System.Security.Cryptography;
using Grants.Platform.Hosting;
using Microsoft.Extensions.Configuration;

namespace Grants.Platform.Files;

/// <summary>Parts of the file store. Who may write which is said in the architecture.</summary>
public static class FileArea
{
    /// <summary>
    /// Areas: uploads that have not been checked yet, sealed applications and attached files (Applications writes); agreements and what grantees give with them, their own
    /// uploads that have not been checked yet, and reports (Disbursements writes). Nothing is ever served from a quarantine. Each service has one of its own: what one sweeps
    /// the other may still wait for.
    /// </summary>
    public const string Quarantine = "quarantine", Dossiers = "dossiers", Attachments = "attachments", Agreements = "agreements", GranteeQuarantine = "grantee-quarantine", Reports = "reports";

    /// <summary>All areas.</summary>
    public static readonly IReadOnlyList<string> All = [Quarantine, Dossiers, Attachments, Agreements, GranteeQuarantine, Reports];
}

/// <summary>What became of bytes handed to the store: <see cref="StoredFile"/> or <see cref="FileTooLarge"/>.</summary>
public abstract record PutResult;

/// <summary>The bytes are kept under their hash.</summary>
/// <param name="Area">Where.</param>
/// <param name="Sha256">Lower-case hex; the name of the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record StoredFile(string Area, string Sha256, long Length) : PutResult;

/// <summary>There were more bytes than allowed; nothing was kept.</summary>
/// <param name="Limit">What was allowed.</param>
public sealed record FileTooLarge(long Limit) : PutResult;

/// <summary>The store does not answer, or answers with an error of its own. Nothing was changed; the same request may be made again. Shown as 503.</summary>
public sealed class FileStoreUnavailableException(string message, Exception inner) : IOException(message, inner);

/// <summary>
/// Files by the hash of their content, in a folder or in a bucket. Writing is idempotent: the same bytes are one file, whoever sends them how often. Bytes are
/// stored before the transaction that refers to them, so a crash leaves at most a file that nobody knows, which is swept after a day.
/// </summary>
public abstract class FileStore(AppTime clock)
{
    // Where the sweep puts what nobody seems to need, before it deletes it: a request may be about to refer to it.
    const string Swept = "swept/";

    /// <summary>Bytes read and written at a time.</summary>
    protected const int BufferSize = 81920;

    /// <summary>
    /// Opens the store that the settings name: the bucket <c>Files:Bucket</c>, or the folder <c>Files:Folder</c>, or <c>files</c> in <c>Data:Folder</c>.
    /// </summary>
    public static FileStore From(IConfiguration configuration, AppTime clock)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration["Files:Bucket"] is { Length: > 0 } bucket
            ? new BucketFileStore(bucket, configuration["Files:Endpoint"], configuration["Files:AccessKey"], configuration["Files:SecretKey"], clock)
            : new FolderFileStore(configuration["Files:Folder"] ?? Path.Combine(configuration["Data:Folder"] ?? "data", "files"), clock);
    }

    /// <summary>Stores what the stream holds. When it returns a <see cref="StoredFile"/>, the bytes are kept, whole, under their hash.</summary>
    /// <param name="area">One of <see cref="FileArea"/>.</param>
    /// <param name="content">Read to the end, or until one byte more than the limit was seen.</param>
    /// <param name="limit">Most bytes allowed.</param>
    /// <param name="ct">Stops reading; nothing is kept.</param>
    /// <exception cref="FileStoreUnavailableException">The store is away; nothing is kept.</exception>
    public async Task<PutResult> PutAsync(string area, Stream content, long limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (!FileArea.All.Contains(area)) throw new ArgumentException("Not an area of the file store.", nameof(area));
        await using var incoming = NewIncoming();
        try
        {
            var (sha256, length) = await ReceiveAsync(content, incoming, limit, ct);
            if (length > limit) return new FileTooLarge(limit);
            // Also when the file is there already: it becomes young again, so that no sweep takes it before the transaction that refers to it, and is healed
            // should its bytes have gone bad.
            await KeepAsync(incoming, $"{area}/{sha256}", ct);
            return new StoredFile(area, sha256, length);
        }
        finally
        {
            File.Delete(incoming.Name);
        }
    }

    /// <summary>Stores bytes that are in memory, such as a dossier.</summary>
    /// <exception cref="FileStoreUnavailableException">The store is away; nothing is kept.</exception>
    public async Task<StoredFile> PutAsync(string area, byte[] content, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var stream = new MemoryStream(content, writable: false);
        return (StoredFile)await PutAsync(area, stream, content.Length, ct);
    }

    /// <summary>
    /// Opens a file for reading, or returns null when there is none of that hash. The stream knows its length, cannot seek, and compares the hash while it is
    /// read: bytes that are not those that were stored never come through to the end, but as <see cref="InvalidDataException"/>.
    /// </summary>
    /// <param name="area">One of <see cref="FileArea"/>.</param>
    /// <param name="sha256">Lower-case hex.</param>
    /// <param name="ct">Cancels the opening.</param>
    /// <exception cref="FileStoreUnavailableException">The store is away; also while the stream is read.</exception>
    public async Task<Stream?> OpenAsync(string area, string sha256, CancellationToken ct = default)
    {
        if (!FileArea.All.Contains(area) || !IsHash(sha256)) return null;
        var stream = await OpenKeyAsync($"{area}/{sha256}", ct) ?? await OpenKeyAsync($"{Swept}{area}/{sha256}", ct);
        return stream is null ? null : new VerifiedStream(stream, $"{area}/{sha256}", sha256);
    }

    /// <summary>All bytes of a small file, their hash checked, or null when there is none of that hash.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those that were stored.</exception>
    /// <exception cref="FileStoreUnavailableException">The store is away.</exception>
    public async Task<byte[]?> ReadAsync(string area, string sha256, CancellationToken ct = default)
    {
        await using var stream = await OpenAsync(area, sha256, ct);
        if (stream is null) return null;
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    /// <summary>Moves a file to another area, such as from quarantine to the attachments. Nothing happens when it is gone, because it was moved before.</summary>
    /// <exception cref="FileStoreUnavailableException">The store is away; the file is in the first area, or in both.</exception>
    public Task MoveAsync(string fromArea, string toArea, string sha256, CancellationToken ct) =>
        FileArea.All.Contains(fromArea) && FileArea.All.Contains(toArea) && IsHash(sha256)
            ? MoveKeyAsync($"{fromArea}/{sha256}", $"{toArea}/{sha256}", ct)
            : throw new ArgumentException("Not an area or not a hash of the file store.", nameof(sha256));

    /// <summary>Deletes a file at once. Only for what must not be kept: everything else is swept when nothing refers to it.</summary>
    /// <exception cref="FileStoreUnavailableException">The store is away; the file may still be there.</exception>
    public async Task DeleteAsync(string area, string sha256, CancellationToken ct)
    {
        if (!FileArea.All.Contains(area) || !IsHash(sha256)) throw new ArgumentException("Not an area or not a hash of the file store.", nameof(sha256));
        await DeleteKeyAsync($"{area}/{sha256}", ct);
        await DeleteKeyAsync($"{Swept}{area}/{sha256}", ct);
    }

    /// <summary>Deletes what uploads that never ended left behind, when older than the age.</summary>
    /// <returns>How many were deleted.</returns>
    public virtual int SweepIncoming(TimeSpan age) => 0;

    /// <summary>
    /// Puts files of an area that nothing refers to aside when older than the age, and deletes them for good when they were aside as long and still nothing
    /// refers to them. A file put aside can be read all the same, and comes back once something refers to it: so none is lost that was old when it was looked
    /// at and was sent again, and attached, before it was put aside.
    /// </summary>
    /// <param name="area">An area the caller writes.</param>
    /// <param name="age">Longer than any request can take; a day.</param>
    /// <param name="isReferenced">Whether a row refers to the hash.</param>
    /// <param name="ct">Stops between files.</param>
    /// <returns>How many were deleted for good.</returns>
    /// <exception cref="FileStoreUnavailableException">The store is away.</exception>
    public async Task<int> SweepAsync(string area, TimeSpan age, Func<string, Task<bool>> isReferenced, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(isReferenced);
        if (!FileArea.All.Contains(area)) throw new ArgumentException("Not an area of the file store.", nameof(area));
        // Files carry the time of the machine that keeps them, which a moved clock is ahead of.
        var before = (clock.Now - clock.Offset - age).UtcDateTime;
        var deleted = 0;
        await foreach (var (sha256, changed) in ListAsync($"{Swept}{area}/", ct))
        {
            if (!IsHash(sha256)) continue;
            if (await isReferenced(sha256))
            {
                await MoveKeyAsync($"{Swept}{area}/{sha256}", $"{area}/{sha256}", ct);
            }
            else if (changed < before)
            {
                await DeleteKeyAsync($"{Swept}{area}/{sha256}", ct);
                deleted++;
            }
        }

        await foreach (var (sha256, changed) in ListAsync($"{area}/", ct))
            if (IsHash(sha256) && changed < before && !await isReferenced(sha256)) await MoveKeyAsync($"{area}/{sha256}", $"{Swept}{area}/{sha256}", ct);
        return deleted;
    }

    /// <summary>An empty file of this machine for bytes on their way in.</summary>
    protected abstract FileStream NewIncoming();

    /// <summary>Keeps received bytes under a key (area and hash), whatever is there. All or nothing.</summary>
    protected abstract Task KeepAsync(FileStream incoming, string key, CancellationToken ct);

    /// <summary>Opens what is under a key, or null. The stream knows its length.</summary>
    protected abstract Task<Stream?> OpenKeyAsync(string key, CancellationToken ct);

    /// <summary>Moves what is under a key, if anything is, over whatever is under the other, and makes it young.</summary>
    protected abstract Task MoveKeyAsync(string from, string to, CancellationToken ct);

    /// <summary>Deletes what is under a key, if anything is.</summary>
    protected abstract Task DeleteKeyAsync(string key, CancellationToken ct);

    /// <summary>Names below a prefix and when each was stored, UTC.</summary>
    protected abstract IAsyncEnumerable<(string Name, DateTime Changed)> ListAsync(string prefix, CancellationToken ct);

    static async Task<(string Sha256, long Length)> ReceiveAsync(Stream content, FileStream incoming, long limit, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var length = 0L;
        for (var read = await content.ReadAsync(buffer, ct); read > 0; read = await content.ReadAsync(buffer, ct))
        {
            length += read;
            if (length > limit) return ("", length);
            hash.AppendData(buffer, 0, read);
            await incoming.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        await incoming.FlushAsync(ct);
        incoming.Position = 0;
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    static bool IsHash(string? sha256) => sha256 is { Length: 64 } && sha256.All(char.IsAsciiHexDigitLower);
}

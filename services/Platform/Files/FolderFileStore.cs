using System.Runtime.CompilerServices;
using Grants.Platform.Hosting;

namespace Grants.Platform.Files;

/// <summary>Files in a folder of this machine.</summary>
public sealed class FolderFileStore : FileStore
{
    readonly string folder;
    readonly string incoming;
    readonly AppTime clock;

    /// <summary>Opens the store in a folder, which is made if need be.</summary>
    public FolderFileStore(string folder, AppTime clock) : base(clock)
    {
        this.folder = Path.GetFullPath(folder);
        this.clock = clock;
        // Inside the store's folder: a rename is atomic only within one file system.
        incoming = Path.Combine(this.folder, ".incoming");
        Directory.CreateDirectory(incoming);
    }

    /// <inheritdoc />
    public override int SweepIncoming(TimeSpan age)
    {
        var before = (clock.Now - clock.Offset - age).UtcDateTime;
        var old = new DirectoryInfo(incoming).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before).ToList();
        old.ForEach(file => file.Delete());
        return old.Count;
    }

    /// <inheritdoc />
    protected override FileStream NewIncoming() => new(
        Path.Combine(incoming, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);

    /// <inheritdoc />
    protected override Task KeepAsync(FileStream incoming, string key, CancellationToken ct)
    {
        incoming.Flush(flushToDisk: true);
        Rename(incoming.Name, PathOf(key));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    protected override Task<Stream?> OpenKeyAsync(string key, CancellationToken ct)
    {
        try
        {
            return Task.FromResult<Stream?>(
                new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    protected override Task MoveKeyAsync(string from, string to, CancellationToken ct)
    {
        try
        {
            // Before the rename, which keeps the time.
            File.SetLastWriteTimeUtc(PathOf(from), (clock.Now - clock.Offset).UtcDateTime);
            Rename(PathOf(from), PathOf(to));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Moved by another process a moment ago.
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    protected override Task DeleteKeyAsync(string key, CancellationToken ct)
    {
        // Of a folder that is not there nothing can be deleted.
        if (File.Exists(PathOf(key))) File.Delete(PathOf(key));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    protected override async IAsyncEnumerable<(string Name, DateTime Changed)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        var directory = new DirectoryInfo(PathOf(prefix));
        if (!directory.Exists) yield break;
        foreach (var file in directory.EnumerateFiles())
        {
            ct.ThrowIfCancellationRequested();
            yield return (file.Name, file.LastWriteTimeUtc);
        }
    }

    static void Rename(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Move(from, to, overwrite: true);
    }

    string PathOf(string key) => Path.Combine(folder, key);
}

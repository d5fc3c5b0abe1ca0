using System.Text;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Tests.Files;

/// <summary>What every store promises, whatever keeps its bytes.</summary>
public abstract class FileStoreTests
{
    protected static readonly byte[] Abc = "abc"u8.ToArray();
    protected const string HashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    protected static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected abstract FileStore Store { get; }

    /// <summary>Where the bytes of a key lie, to make them old or bad.</summary>
    protected abstract string PathOf(string key);

    /// <summary>A second store on the same files with a clock of its own.</summary>
    protected abstract FileStore Open(AppTime clock);

    protected Task<PutResult> Put(byte[] bytes, long limit = 1000) => Store.PutAsync(FileArea.Attachments, new MemoryStream(bytes), limit, default);

    protected static string Attachment(string sha256) => $"{FileArea.Attachments}/{sha256}";

    protected async Task<bool> HasAsync(string sha256)
    {
        await using var found = await Store.OpenAsync(FileArea.Attachments, sha256);
        return found is not null;
    }

    protected void MakeOld(string key) => File.SetLastWriteTimeUtc(PathOf(key), new AppTime().Now.UtcDateTime - Day - Day);

    protected async Task<int> CountAsync(string area)
    {
        var count = 0;
        await Store.SweepAsync(area, -Day, _ =>
        {
            count++;
            return Task.FromResult(true);
        }, default);
        return count;
    }

    [Fact]
    public async Task Bytes_are_found_under_their_hash()
    {
        Assert.Equal(new StoredFile(FileArea.Attachments, HashOfAbc, 3), await Put(Abc));
        Assert.Equal(Abc, await Store.ReadAsync(FileArea.Attachments, HashOfAbc));
        Assert.Equal(Abc, await File.ReadAllBytesAsync(PathOf(Attachment(HashOfAbc))));
        Assert.Null(await Store.ReadAsync(FileArea.Dossiers, HashOfAbc));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task Bytes_come_back_as_they_were_sent_with_their_length_known(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        var stored = (StoredFile)await Put(bytes, length);
        await using var stream = (await Store.OpenAsync(FileArea.Attachments, stored.Sha256))!;
        Assert.Equal(length, stream.Length);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        Assert.Equal(bytes, received.ToArray());
    }

    [Fact]
    public async Task The_same_bytes_sent_fifty_times_at_once_are_one_file()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Put(Abc))));
        Assert.Single(results.Distinct());
        Assert.Equal(1, await CountAsync(FileArea.Attachments));
    }

    [Fact]
    public async Task Exactly_the_limit_is_taken_and_one_byte_more_leaves_nothing()
    {
        Assert.IsType<StoredFile>(await Put(new byte[200_000], 200_000));
        Assert.Equal(new FileTooLarge(199_999), await Put(new byte[200_000], 199_999));
        Assert.Equal(1, await CountAsync(FileArea.Attachments));
    }

    [Fact]
    public async Task A_sender_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(FileArea.Attachments, new BrokenStream(), 1_000_000, default));
        Assert.Equal(0, await CountAsync(FileArea.Attachments));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../dossiers/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_hash_of_ours_is_not_there(string sha256)
    {
        await Put(Abc);
        Assert.Null(await Store.OpenAsync(FileArea.Attachments, sha256));
        Assert.Null(await Store.ReadAsync(FileArea.Attachments, sha256));
    }

    [Fact]
    public async Task Areas_are_those_of_the_list()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutAsync("../etc", new MemoryStream(Abc), 10, default));
        Assert.Null(await Store.OpenAsync("../" + FileArea.Attachments, HashOfAbc));
    }

    [Fact]
    public async Task Bytes_that_went_bad_never_come_through_and_are_healed_by_sending_them_again()
    {
        var bytes = new byte[300_000];
        var stored = (StoredFile)await Put(bytes, bytes.Length);
        var bad = bytes.ToArray();
        bad[5] = 1;
        await File.WriteAllBytesAsync(PathOf(Attachment(stored.Sha256)), bad);
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.ReadAsync(FileArea.Attachments, stored.Sha256));
        using var received = new MemoryStream();
        await using (var stream = (await Store.OpenAsync(FileArea.Attachments, stored.Sha256))!) await Assert.ThrowsAsync<InvalidDataException>(() => stream.CopyToAsync(received));
        Assert.True(received.Length < bytes.Length);
        await File.WriteAllBytesAsync(PathOf(Attachment(stored.Sha256)), bytes[..^1]);
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.ReadAsync(FileArea.Attachments, stored.Sha256));
        await Put(bytes, bytes.Length);
        Assert.Equal(bytes, await Store.ReadAsync(FileArea.Attachments, stored.Sha256));
    }

    [Fact]
    public async Task A_file_moves_to_another_area_once_and_is_deleted_once()
    {
        await Store.PutAsync(FileArea.Quarantine, Abc, default);
        await Store.MoveAsync(FileArea.Quarantine, FileArea.Attachments, HashOfAbc, default);
        await Store.MoveAsync(FileArea.Quarantine, FileArea.Attachments, HashOfAbc, default);
        Assert.Null(await Store.OpenAsync(FileArea.Quarantine, HashOfAbc));
        Assert.Equal(Abc, await Store.ReadAsync(FileArea.Attachments, HashOfAbc));
        await Store.DeleteAsync(FileArea.Attachments, HashOfAbc, default);
        await Store.DeleteAsync(FileArea.Attachments, HashOfAbc, default);
        Assert.Null(await Store.OpenAsync(FileArea.Attachments, HashOfAbc));
    }

    [Fact]
    public async Task Old_files_that_nothing_refers_to_are_swept_after_a_second_day_and_no_others()
    {
        var known = (StoredFile)await Put(Encoding.UTF8.GetBytes("known"));
        var young = (StoredFile)await Put(Encoding.UTF8.GetBytes("young"));
        var orphan = (StoredFile)await Put(Encoding.UTF8.GetBytes("orphan"));
        var again = (StoredFile)await Put(Encoding.UTF8.GetBytes("sent again"));
        foreach (var old in new[] { known, orphan, again }) MakeOld(Attachment(old.Sha256));
        await Put(Encoding.UTF8.GetBytes("sent again"));

        Task<int> SweepAsync() => Store.SweepAsync(FileArea.Attachments, Day, sha256 => Task.FromResult(sha256 == known.Sha256), default);
        Assert.Equal(0, await SweepAsync());
        Assert.Equal(0, await SweepAsync());
        Assert.True(await HasAsync(orphan.Sha256));
        MakeOld("swept/" + Attachment(orphan.Sha256));
        Assert.Equal(1, await SweepAsync());
        Assert.False(await HasAsync(orphan.Sha256));
        foreach (var kept in new[] { known, young, again }) Assert.True(await HasAsync(kept.Sha256));
    }

    [Fact]
    public async Task A_file_that_is_sent_again_and_attached_while_it_is_swept_is_there_all_the_time()
    {
        await Put(Abc);
        MakeOld(Attachment(HashOfAbc));
        var attached = false;
        // The row is written after the sweep has asked for it, and before it has put the file aside.
        await Store.SweepAsync(FileArea.Attachments, Day, async _ =>
        {
            await Put(Abc);
            attached = true;
            return false;
        }, default);
        Assert.Equal(Abc, await Store.ReadAsync(FileArea.Attachments, HashOfAbc));
        MakeOld("swept/" + Attachment(HashOfAbc));
        Assert.Equal(0, await Store.SweepAsync(FileArea.Attachments, Day, _ => Task.FromResult(attached), default));
        Assert.Equal(Abc, await File.ReadAllBytesAsync(PathOf(Attachment(HashOfAbc))));
    }

    sealed record Known(string Sha256);

    [Fact]
    public async Task The_sweeper_asks_the_service_that_writes_the_area()
    {
        var known = (StoredFile)await Put(Encoding.UTF8.GetBytes("known"));
        var orphan = (StoredFile)await Put(Encoding.UTF8.GetBytes("orphan"));
        foreach (var file in new[] { known, orphan }) MakeOld(Attachment(file.Sha256));
        await using var services = new ServiceCollection().AddLogging().AddSingleton(Store).AddSingleton<FileSweeper>().AddScoped(_ => new Known(known.Sha256))
            .AddFileSweep<Known>(FileArea.Attachments, (row, sha256) => Task.FromResult(row.Sha256 == sha256)).BuildServiceProvider(validateScopes: true);

        var sweeper = services.GetRequiredService<FileSweeper>();
        Assert.Equal(0, await sweeper.RunOnceAsync());
        MakeOld("swept/" + Attachment(orphan.Sha256));
        Assert.Equal(1, await sweeper.RunOnceAsync());
        Assert.True(await HasAsync(known.Sha256));
        Assert.False(await HasAsync(orphan.Sha256));
    }

    [Fact]
    public async Task A_clock_moved_ahead_makes_no_file_old()
    {
        await Put(Abc);
        var offset = Path.GetTempFileName();
        await File.WriteAllTextAsync(offset, "31536000");
        await Open(new AppTime(null, offset)).SweepAsync(FileArea.Attachments, Day, _ => Task.FromResult(false), default);
        Assert.True(File.Exists(PathOf(Attachment(HashOfAbc))));
        File.Delete(offset);
    }

    sealed class BrokenStream : MemoryStream
    {
        int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            reads++ < 3 ? ValueTask.FromResult(buffer.Length) : throw new IOException("The browser went away.");
    }
}

public sealed class FolderFileStoreTests : FileStoreTests, IDisposable
{
    readonly string folder = Path.Combine(Path.GetTempPath(), "files-" + Guid.NewGuid().ToString("N"));
    readonly AppTime clock = new();

    public FolderFileStoreTests() => Store = new FolderFileStore(folder, clock);

    protected override FileStore Store { get; }

    IEnumerable<string> Incoming => Directory.EnumerateFiles(Path.Combine(folder, ".incoming"));

    protected override string PathOf(string key) => Path.Combine(folder, key);

    protected override FileStore Open(AppTime clock) => new FolderFileStore(folder, clock);

    public void Dispose()
    {
        Assert.Empty(Incoming);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Uploads_that_never_ended_are_swept_by_age()
    {
        var old = Path.Combine(folder, ".incoming", "old");
        var young = Path.Combine(folder, ".incoming", "young");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, clock.Now.UtcDateTime - Day - Day);
        Assert.Equal(1, Store.SweepIncoming(Day));
        Assert.Equal([young], Incoming);
        File.Delete(young);
    }

    [Fact]
    public void It_is_the_store_of_an_installation_without_a_bucket()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Files:Folder", folder)]).Build();
        Assert.IsType<FolderFileStore>(FileStore.From(configuration, clock));
    }
}

using System.Text;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Tests.Files;

public sealed class FileStoreTests : IDisposable
{
    static readonly byte[] Abc = "abc"u8.ToArray();
    const string HashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    readonly string folder = Path.Combine(Path.GetTempPath(), "files-" + Guid.NewGuid().ToString("N"));
    readonly AppTime clock = new();
    readonly FileStore store;

    public FileStoreTests() => store = new FileStore(folder, clock);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    Task<PutResult> Put(byte[] bytes, long limit = 1000) => store.PutAsync(FileArea.Attachments, new MemoryStream(bytes), limit, default);

    string PathOf(string sha256) => Path.Combine(folder, FileArea.Attachments, sha256);

    IEnumerable<string> Incoming => Directory.EnumerateFiles(Path.Combine(folder, ".incoming"));

    [Fact]
    public async Task Bytes_are_found_under_their_hash()
    {
        Assert.Equal(new StoredFile(FileArea.Attachments, HashOfAbc, 3), await Put(Abc));
        Assert.Equal(Abc, await store.ReadAsync(FileArea.Attachments, HashOfAbc));
        Assert.True(store.Has(FileArea.Attachments, HashOfAbc));
        Assert.False(store.Has(FileArea.Dossiers, HashOfAbc));
        Assert.Empty(Incoming);
    }

    [Fact]
    public async Task The_same_bytes_sent_fifty_times_at_once_are_one_file()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Put(Abc))));
        Assert.Single(results.Distinct());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, FileArea.Attachments)));
        Assert.Empty(Incoming);
    }

    [Fact]
    public async Task Exactly_the_limit_is_taken_and_one_byte_more_leaves_nothing()
    {
        Assert.IsType<StoredFile>(await Put(new byte[200_000], 200_000));
        Assert.Equal(new FileTooLarge(199_999), await Put(new byte[200_000], 199_999));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(folder, FileArea.Attachments)));
        Assert.Empty(Incoming);
    }

    [Fact]
    public async Task A_sender_that_breaks_off_leaves_nothing()
    {
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(FileArea.Attachments, new BrokenStream(), 1_000_000, default));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder, FileArea.Attachments)));
        Assert.Empty(Incoming);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../dossiers/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task What_is_no_hash_of_ours_is_not_there(string sha256)
    {
        await Put(Abc);
        Assert.Null(await store.OpenAsync(FileArea.Attachments, sha256));
        Assert.Null(await store.ReadAsync(FileArea.Attachments, sha256));
        Assert.False(store.Has(FileArea.Attachments, sha256));
    }

    [Fact]
    public async Task Areas_are_those_of_the_list()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutAsync("../etc", new MemoryStream(Abc), 10, default));
        Assert.Null(await store.OpenAsync("../" + FileArea.Attachments, HashOfAbc));
    }

    [Fact]
    public async Task Bytes_that_went_bad_are_noticed_and_healed_by_sending_them_again()
    {
        await Put(Abc);
        await File.WriteAllBytesAsync(PathOf(HashOfAbc), "abd"u8.ToArray());
        await Assert.ThrowsAsync<InvalidDataException>(() => store.OpenAsync(FileArea.Attachments, HashOfAbc, verify: true));
        await Put(Abc);
        Assert.Equal(Abc, await store.ReadAsync(FileArea.Attachments, HashOfAbc));
    }

    [Fact]
    public async Task Old_files_that_nothing_refers_to_are_swept_and_no_others()
    {
        var day = TimeSpan.FromDays(1);
        var known = (StoredFile)await Put(Encoding.UTF8.GetBytes("known"));
        var young = (StoredFile)await Put(Encoding.UTF8.GetBytes("young"));
        var orphan = (StoredFile)await Put(Encoding.UTF8.GetBytes("orphan"));
        var again = (StoredFile)await Put(Encoding.UTF8.GetBytes("sent again"));
        foreach (var old in new[] { known, orphan, again }) File.SetLastWriteTimeUtc(PathOf(old.Sha256), clock.Now.UtcDateTime - day - day);
        await Put(Encoding.UTF8.GetBytes("sent again"));

        Assert.Equal(1, await store.SweepAsync(FileArea.Attachments, day, sha256 => Task.FromResult(sha256 == known.Sha256), default));
        Assert.False(store.Has(FileArea.Attachments, orphan.Sha256));
        Assert.All([known, young, again], kept => Assert.True(store.Has(FileArea.Attachments, kept.Sha256)));
    }

    [Fact]
    public void Uploads_that_never_ended_are_swept_by_age()
    {
        var old = Path.Combine(folder, ".incoming", "old");
        var young = Path.Combine(folder, ".incoming", "young");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, clock.Now.UtcDateTime - TimeSpan.FromDays(2));
        Assert.Equal(1, store.SweepIncoming(TimeSpan.FromDays(1)));
        Assert.Equal([young], Incoming);
    }

    sealed record Known(string Sha256);

    [Fact]
    public async Task The_sweeper_asks_the_service_that_writes_the_area()
    {
        var known = (StoredFile)await Put(Encoding.UTF8.GetBytes("known"));
        var orphan = (StoredFile)await Put(Encoding.UTF8.GetBytes("orphan"));
        foreach (var file in new[] { known, orphan }) File.SetLastWriteTimeUtc(PathOf(file.Sha256), clock.Now.UtcDateTime - TimeSpan.FromDays(2));
        await using var services = new ServiceCollection().AddLogging().AddSingleton(store).AddSingleton<FileSweeper>().AddScoped(_ => new Known(known.Sha256))
            .AddFileSweep<Known>(FileArea.Attachments, (row, sha256) => Task.FromResult(row.Sha256 == sha256)).BuildServiceProvider(validateScopes: true);

        Assert.Equal(1, await services.GetRequiredService<FileSweeper>().RunOnceAsync());
        Assert.True(store.Has(FileArea.Attachments, known.Sha256));
        Assert.False(store.Has(FileArea.Attachments, orphan.Sha256));
    }

    [Fact]
    public async Task A_clock_moved_ahead_makes_no_file_old()
    {
        await Put(Abc);
        var offset = Path.Combine(folder, "clock");
        await File.WriteAllTextAsync(offset, "31536000");
        var later = new FileStore(folder, new AppTime(null, offset));
        Assert.Equal(0, await later.SweepAsync(FileArea.Attachments, TimeSpan.FromDays(1), _ => Task.FromResult(false), default));
    }

    sealed class BrokenStream : MemoryStream
    {
        int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            reads++ < 3 ? ValueTask.FromResult(buffer.Length) : throw new IOException("The browser went away.");
    }
}

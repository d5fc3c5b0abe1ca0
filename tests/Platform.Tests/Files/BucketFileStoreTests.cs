using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Testing;
using Grants.Testing.S3;
using Microsoft.Extensions.Configuration;

namespace Grants.Platform.Tests.Files;

/// <summary>The same promises over a real S3 server, and what becomes of them when the line to it fails.</summary>
public sealed class BucketFileStoreTests : FileStoreTests, IAsyncLifetime, IDisposable
{
    S3Server server = null!;
    FaultyLine line = null!;
    FileStore store = null!;
    string bucket = "";

    protected override FileStore Store => store;

    public async Task InitializeAsync()
    {
        server = await S3Server.RunningAsync();
        bucket = server.NewBucket();
        line = new FaultyLine(server.Port);
        store = Open(new AppTime());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        (store as IDisposable)?.Dispose();
        line.Dispose();
    }

    protected override string PathOf(string key) => server.PathOf(bucket, key);

    protected override FileStore Open(AppTime clock) => FileStore.From(
        new ConfigurationBuilder().AddInMemoryCollection(
            [new("Files:Bucket", bucket), new("Files:Endpoint", $"http://127.0.0.1:{line.Port}"), new("Files:AccessKey", S3Server.Key), new("Files:SecretKey", S3Server.Key)]).Build(),
        clock);

    static byte[] Large()
    {
        var bytes = new byte[3_000_000];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    [Fact]
    public async Task A_bucket_that_is_away_loses_nothing_and_takes_the_file_when_it_is_back()
    {
        await Put(Abc);
        line.GoAway();
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => Put(Large(), 3_000_000));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => Store.OpenAsync(FileArea.Attachments, HashOfAbc));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => Store.SweepAsync(FileArea.Attachments, Day, _ => Task.FromResult(false), default));
        line.ComeBack();
        Assert.Equal(Abc, await Store.ReadAsync(FileArea.Attachments, HashOfAbc));
        Assert.IsType<StoredFile>(await Put(Large(), 3_000_000));
        Assert.Equal(2, await CountAsync(FileArea.Attachments));
    }

    [Fact]
    public async Task One_error_of_the_server_is_not_seen_by_anybody()
    {
        line.AnswerOnce("500 Internal Server Error");
        var stored = (StoredFile)await Put(Large(), 3_000_000);
        line.AnswerOnce("503 Slow Down");
        Assert.Equal(Large(), await Store.ReadAsync(FileArea.Attachments, stored.Sha256));
        line.AnswerOnce("500 Internal Server Error");
        Assert.Equal(1, await CountAsync(FileArea.Attachments));
        line.AnswerOnce("500 Internal Server Error");
        await Store.DeleteAsync(FileArea.Attachments, stored.Sha256, default);
        Assert.Equal(4, line.Faults);
    }

    [Fact]
    public async Task An_upload_cut_in_the_middle_is_sent_again_from_its_start()
    {
        line.CutUpAfter(1_000_000);
        var stored = (StoredFile)await Put(Large(), 3_000_000);
        Assert.Equal(1, line.Faults);
        Assert.Equal(Large(), await File.ReadAllBytesAsync(PathOf(Attachment(stored.Sha256))));
    }

    [Fact]
    public async Task A_download_cut_in_the_middle_goes_on_where_it_was_cut()
    {
        var stored = (StoredFile)await Put(Large(), 3_000_000);
        // Before it is opened: the buffers between may take all of it at once.
        line.CutDownAfter(1_000_000);
        await using var stream = (await Store.OpenAsync(FileArea.Attachments, stored.Sha256))!;
        using var received = new MemoryStream();
        await stream.CopyToAsync(received);
        Assert.Equal(1, line.Faults);
        Assert.Equal(Large(), received.ToArray());
    }

    [Fact]
    public async Task A_download_whose_bucket_stays_away_ends_with_an_error_and_never_short()
    {
        var stored = (StoredFile)await Put(Large(), 3_000_000);
        await using var stream = (await Store.OpenAsync(FileArea.Attachments, stored.Sha256))!;
        await stream.ReadExactlyAsync(new byte[1000]);
        line.GoAway();
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_sweep_sees_more_files_than_one_answer_of_the_server_lists()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(Attachment("x")))!);
        for (var number = 0; number < 1001; number++) await File.WriteAllTextAsync(PathOf(Attachment(number.ToString("x64"))), "");
        Assert.Equal(1001, await CountAsync(FileArea.Attachments));
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_an_error_and_not_an_empty_one()
    {
        bucket = "elsewhere";
        var other = Open(new AppTime());
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => other.OpenAsync(FileArea.Attachments, HashOfAbc));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => other.PutAsync(FileArea.Attachments, Abc, default));
    }
}

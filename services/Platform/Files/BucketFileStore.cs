using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Grants.Platform.Hosting;

namespace Grants.Platform.Files;

/// <summary>
/// Files in an S3-compatible bucket. What the network breaks is tried again: requests by the SDK, a download that was cut from where it was cut. Versioning and
/// encryption are the bucket's business.
/// </summary>
public sealed class BucketFileStore : FileStore, IDisposable
{
    const string CopySource = "x-amz-copy-source";

    readonly string bucket;
    readonly AmazonS3Client client;

    /// <summary>Opens the store in a bucket, which must be there. Nothing is sent yet.</summary>
    /// <param name="bucket">Its name.</param>
    /// <param name="endpoint">Address of the server; null for Amazon's own, in the region of the SDK's settings.</param>
    /// <param name="accessKey">With <paramref name="secretKey"/> the credentials; null for those the SDK finds in its environment.</param>
    /// <param name="secretKey">See <paramref name="accessKey"/>.</param>
    /// <param name="clock">The clock.</param>
    public BucketFileStore(string bucket, string? endpoint, string? accessKey, string? secretKey, AppTime clock) : base(clock)
    {
        this.bucket = bucket;
        var config = new AmazonS3Config
        {
            ForcePathStyle = true,
            // The newer checksums travel in trailers, which simple servers store with the bytes. Our own hash is compared whenever a file is read.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 2,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            Timeout = TimeSpan.FromSeconds(60),
        };
        if (!string.IsNullOrEmpty(endpoint)) config.ServiceURL = endpoint;
        client = string.IsNullOrEmpty(accessKey) ? new AmazonS3Client(config) : new AmazonS3Client(accessKey, secretKey, config);
        client.BeforeRequestEvent += (_, request) =>
        {
            // The SDK escapes the slash between bucket and key, which Amazon understands both ways and simple servers only unescaped.
            if (request is WebServiceRequestEventArgs { Headers: var headers } && headers.TryGetValue(CopySource, out var source))
                headers[CopySource] = source.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        };
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    // Sent from the disk, because a bucket wants to know length and hash first, and must be able to ask again. The name goes at once: a crash leaves nothing.
    /// <inheritdoc />
    protected override FileStream NewIncoming()
    {
        var path = Path.Combine(Path.GetTempPath(), "grants-" + Guid.NewGuid().ToString("N"));
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, BufferSize, FileOptions.Asynchronous);
        File.Delete(path);
        return file;
    }

    /// <inheritdoc />
    protected override Task KeepAsync(FileStream incoming, string key, CancellationToken ct) => TryAsync(() => client.PutObjectAsync(
        new PutObjectRequest { BucketName = bucket, Key = key, InputStream = incoming, AutoCloseStream = false, UseChunkEncoding = false, ContentType = "application/octet-stream" }, ct), ct);

    /// <inheritdoc />
    protected override async Task<Stream?> OpenKeyAsync(string key, CancellationToken ct)
    {
        try
        {
            var answer = await TryAsync(() => client.GetObjectAsync(bucket, key, ct), ct);
            return new Download(this, key, answer);
        }
        catch (FileStoreUnavailableException e) when (IsMissing(e.InnerException))
        {
            return null;
        }
    }

    /// <inheritdoc />
    protected override async Task MoveKeyAsync(string from, string to, CancellationToken ct)
    {
        try
        {
            await TryAsync(() => client.CopyObjectAsync(bucket, from, bucket, to, ct), ct);
        }
        catch (FileStoreUnavailableException e) when (IsMissing(e.InnerException))
        {
            return; // moved by another process a moment ago
        }

        await DeleteKeyAsync(from, ct);
    }

    /// <inheritdoc />
    protected override Task DeleteKeyAsync(string key, CancellationToken ct) => TryAsync(() => client.DeleteObjectAsync(bucket, key, ct), ct);

    /// <inheritdoc />
    protected override async IAsyncEnumerable<(string Name, DateTime Changed)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        while (true)
        {
            var page = await TryAsync(() => client.ListObjectsV2Async(request, ct), ct);
            foreach (var found in page.S3Objects ?? []) yield return (found.Key[prefix.Length..], found.LastModified!.Value.ToUniversalTime());
            if (page.IsTruncated != true) yield break;
            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    static bool IsMissing(Exception? e) => e is AmazonS3Exception { ErrorCode: "NoSuchKey" };

    static async Task<TAnswer> TryAsync<TAnswer>(Func<Task<TAnswer>> request, CancellationToken ct)
    {
        try
        {
            return await request();
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or OperationCanceledException)
        {
            throw new FileStoreUnavailableException("The bucket does not answer as it should.", e);
        }
    }

    // Goes on where the line was cut, a few times: the content of a key never changes, and its hash is compared by whoever reads.
    sealed class Download(BucketFileStore store, string key, GetObjectResponse first) : ForwardStream(first.ContentLength)
    {
        const int MostCuts = 3;

        GetObjectResponse answer = first;
        long position;
        int cuts;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var read = await answer.ResponseStream.ReadAsync(buffer, cancellationToken);
                    if (read == 0 && buffer.Length > 0 && position < Length) throw new EndOfStreamException("The bucket sent less than it announced.");
                    position += read;
                    return read;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is IOException or HttpRequestException or OperationCanceledException)
                {
                    if (++cuts > MostCuts) throw new FileStoreUnavailableException("The bucket broke off while a file was read.", e);
                    Release();
                    answer = await TryAsync(() => store.client.GetObjectAsync(
                        new GetObjectRequest { BucketName = store.bucket, Key = key, ByteRange = new ByteRange(position, Length - 1) }, cancellationToken), cancellationToken);
                }
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) Release();
            base.Dispose(disposing);
        }

        void Release()
        {
            try
            {
                answer.Dispose();
            }
            catch (AmazonClientException)
            {
                // The SDK compares MD5 when it closes, and our reader has compared a better hash already.
            }
        }
    }
}

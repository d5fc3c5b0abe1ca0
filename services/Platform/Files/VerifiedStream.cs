using System.Security.Cryptography;

namespace Grants.Platform.Files;

/// <summary>
/// Passes the bytes of a file on and keeps back the last of them until their hash is known to be right. Reads forward only; its length is known.
/// </summary>
sealed class VerifiedStream(Stream content, string name, string sha256) : ForwardStream(content.Length)
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0) return 0;
        var read = await content.ReadAsync(buffer, cancellationToken);
        position += read;
        hash.AppendData(buffer.Span[..read]);
        var isEnd = read == 0 || position == Length;
        if (isEnd && !string.Equals(Convert.ToHexStringLower(hash.GetCurrentHash()), sha256, StringComparison.Ordinal))
            throw new InvalidDataException($"The file {name} has other bytes than were stored.");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>A stream that is read once from its start, asynchronously, and knows how long it is.</summary>
abstract class ForwardStream(long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Files are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

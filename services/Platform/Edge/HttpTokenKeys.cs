using Grants.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Platform.Edge;

/// <summary>
/// The public keys as a service alone gets them: from Accounts, kept for five minutes, and for as long as Accounts is away. A key that a token names and that is
/// not among them is asked for at once, though seldom.
/// </summary>
public sealed class HttpTokenKeys(HttpClient client, TimeProvider time) : TokenKeys, IDisposable
{
    /// <summary>Where Accounts answers.</summary>
    public const string Path = "/account/keys";

    // Between two tries to get the first keys.
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5), Pause = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim gate = new(1);
    IReadOnlyList<SecurityKey>? known;
    long askedAt;

    /// <inheritdoc />
    /// <exception cref="BadHttpRequestException">503: Accounts is away, and has never answered.</exception>
    public override ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct) => KeysAsync(Fresh, ct);

    /// <inheritdoc />
    /// <exception cref="BadHttpRequestException">503: Accounts is away, and has never answered.</exception>
    public override ValueTask<IReadOnlyList<SecurityKey>> NewerKeysAsync(CancellationToken ct) => KeysAsync(AtMostEvery, ct);

    async ValueTask<IReadOnlyList<SecurityKey>> KeysAsync(TimeSpan notOlderThan, CancellationToken ct)
    {
        if (known is { } fresh && WasAskedWithin(notOlderThan)) return fresh;
        await gate.WaitAsync(ct);
        try
        {
            if (!WasAskedWithin(known is null ? Pause : notOlderThan)) await AskAsync();
            return known ?? throw new BadHttpRequestException("The keys of Accounts cannot be read.", StatusCodes.Status503ServiceUnavailable);
        }
        finally
        {
            gate.Release();
        }
    }

    async Task AskAsync()
    {
        try
        {
            // Not given up when one request is: others wait for the answer.
            known = [.. new JsonWebKeySet(await client.GetStringAsync(Path, CancellationToken.None)).GetSigningKeys()];
        }
        catch (Exception e) when (RemoteAccounts.IsAway(e, CancellationToken.None))
        {
            // Keys change rarely: with those that are known people work on. Without any nobody can be recognised.
        }

        Volatile.Write(ref askedAt, time.GetTimestamp());
    }

    bool WasAskedWithin(TimeSpan life) => Volatile.Read(ref askedAt) is not 0 and var at && time.GetElapsedTime(at) < life;

    /// <inheritdoc />
    public void Dispose()
    {
        gate.Dispose();
        client.Dispose();
    }
}

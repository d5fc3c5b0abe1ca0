using Grants.Platform.Http;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Platform.Edge;

/// <summary>The public keys as a service alone gets them: from Accounts, kept for five minutes, and for as long as Accounts is away.</summary>
public sealed class HttpTokenKeys(HttpClient client, TimeProvider time) : TokenKeys, IDisposable
{
    /// <summary>Where Accounts answers.</summary>
    public const string Path = "/account/keys";

    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    readonly SemaphoreSlim gate = new(1);
    (IReadOnlyList<SecurityKey> Keys, long At)? known;

    /// <inheritdoc />
    public override async ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct)
    {
        if (known is { } fresh && time.GetElapsedTime(fresh.At) < Fresh) return fresh.Keys;
        await gate.WaitAsync(ct);
        try
        {
            if (known is { } other && time.GetElapsedTime(other.At) < Fresh) return other.Keys;
            var set = new JsonWebKeySet(await client.GetStringAsync(Path, ct));
            known = ([.. set.GetSigningKeys()], time.GetTimestamp());
        }
        catch (HttpRequestException) when (known is not null)
        {
            known = (known.Value.Keys, time.GetTimestamp()); // Accounts is away: keys change rarely, people work now
        }
        finally
        {
            gate.Release();
        }

        return known!.Value.Keys;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        gate.Dispose();
        client.Dispose();
    }
}

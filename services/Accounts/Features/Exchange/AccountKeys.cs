using System.Security.Cryptography;
using Grants.Accounts.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Features.Exchange;

/// <summary>The keys of this installation. Read again once a minute, and when a token names one that is not known: another replica may have made a newer one.</summary>
public sealed class AccountKeys(IServiceScopeFactory scopes, AppTime clock, KeyEncryption encryption) : TokenKeys, IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim gate = new(1);
    Known? known;

    /// <summary>The key that signs now.</summary>
    public async ValueTask<ECDsaSecurityKey> SigningKeyAsync(CancellationToken ct) => (await KnownAsync(Fresh, ct)).Signing;

    public override async ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct) => (await KnownAsync(Fresh, ct)).Public;

    public override async ValueTask<IReadOnlyList<SecurityKey>> NewerKeysAsync(CancellationToken ct) => (await KnownAsync(AtMostEvery, ct)).Public;

    async ValueTask<Known> KnownAsync(TimeSpan notOlderThan, CancellationToken ct)
    {
        if (known is { } fresh && IsYounger(fresh, notOlderThan)) return fresh;
        await gate.WaitAsync(ct);
        try
        {
            if (known is { } other && IsYounger(other, notOlderThan)) return other;
            return known = await LoadAsync(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    bool IsYounger(Known keys, TimeSpan life) => clock.Now >= keys.At && clock.Now - keys.At < life;

    async Task<Known> LoadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var now = clock.Now;
        var rows = await db.SigningKeys.AsNoTracking().Where(key => key.RetiredAt == null || key.RetiredAt > now).OrderBy(key => key.Number).ToListAsync(ct);
        var signing = SigningKey.Signing(rows, now) ?? throw new CryptographicException("There is no key to sign with: the first start has not finished.");
        return new Known(signing.ToPrivate(encryption), [.. rows.Select(row => row.ToPublic())], now);
    }

    sealed record Known(ECDsaSecurityKey Signing, IReadOnlyList<SecurityKey> Public, DateTimeOffset At);
}

using System.Security.Cryptography;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace Grants.Accounts.Features.Exchange;

/// <summary>The keys of this installation. Read again once a minute: another replica may have made a newer one.</summary>
public sealed class AccountKeys(IServiceScopeFactory scopes, AppTime clock) : TokenKeys, IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim gate = new(1);
    Known? known;

    /// <summary>The key that signs now.</summary>
    public async ValueTask<ECDsaSecurityKey> SigningKeyAsync(CancellationToken ct) => (await KnownAsync(ct)).Signing;

    public override async ValueTask<IReadOnlyList<SecurityKey>> PublicKeysAsync(CancellationToken ct) => (await KnownAsync(ct)).Public;

    async ValueTask<Known> KnownAsync(CancellationToken ct)
    {
        if (IsFresh(known)) return known!;
        await gate.WaitAsync(ct);
        try
        {
            if (!IsFresh(known)) known = await LoadAsync(ct);
            return known!;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    bool IsFresh(Known? keys) => keys is not null && clock.Now >= keys.At && clock.Now - keys.At < Fresh;

    async Task<Known> LoadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var now = clock.Now;
        var rows = await db.SigningKeys.AsNoTracking().Where(key => key.RetiredAt == null || key.RetiredAt > now).OrderBy(key => key.CreatedAt).ToListAsync(ct);
        if (rows.Count == 0) throw new CryptographicException("There is no key to sign with: the first start has not finished.");
        return new Known(rows[^1].ToPrivate(), [.. rows.Select(row => row.ToPublic())], now);
    }

    sealed record Known(ECDsaSecurityKey Signing, IReadOnlyList<SecurityKey> Public, DateTimeOffset At);
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Grants.Platform.Hosting;

namespace Grants.Platform.Edge;

/// <summary>Remembers tokens for five seconds, so that a page with its follow-up requests asks Accounts once. A revoked session ends within that time.</summary>
sealed class CachedExchange(ISessionExchange exchange, AppTime clock)
{
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(5);
    const int MostEntries = 20_000;

    // Keyed by a hash: a memory dump of the edge holds no secrets of sessions.
    readonly ConcurrentDictionary<string, (string? Token, DateTimeOffset At)> known = new();

    public async ValueTask<string?> TokenForAsync(string secret, CancellationToken ct)
    {
        var now = clock.Now;
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        if (known.TryGetValue(key, out var found) && IsFresh(found.At, now)) return found.Token;
        var token = await exchange.TokenForAsync(secret, ct);
        if (known.Count >= MostEntries) Sweep(now);
        known[key] = (token, now);
        return token;
    }

    // A clock that was moved back must not keep entries alive for longer.
    static bool IsFresh(DateTimeOffset at, DateTimeOffset now) => now >= at && now - at < Life;

    void Sweep(DateTimeOffset now)
    {
        foreach (var (key, entry) in known)
            if (!IsFresh(entry.At, now)) known.TryRemove(key, out _);
        if (known.Count >= MostEntries) known.Clear();
    }
}

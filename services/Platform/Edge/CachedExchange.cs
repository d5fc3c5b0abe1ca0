using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Grants.Platform.Edge;

/// <summary>What a session was exchanged for.</summary>
/// <param name="Token">The token.</param>
/// <param name="Person">Id of the person, so that requests are counted for each person and not for each of their browsers.</param>
sealed record Exchanged(string Token, string Person);

/// <summary>
/// Remembers tokens for five seconds, so that a page with its follow-up requests asks Accounts once. A revoked session ends within that time. While Accounts
/// is away a token is used for as long as it lives, which services do anyway: people who are at work notice nothing of a short outage.
/// </summary>
sealed class CachedExchange(ISessionExchange exchange, AppTime clock)
{
    internal static readonly TimeSpan Life = TimeSpan.FromSeconds(5);
    const int MostEntries = 20_000;

    // While Accounts is silent each question takes seconds: who has a token does not ask again for this long, by the real clock.
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    // Keyed by a hash: a memory dump of the edge holds no secrets of sessions.
    readonly ConcurrentDictionary<string, (Exchanged? Session, DateTimeOffset At)> known = new();
    long failedAt;

    /// <summary>Whether Accounts need not be asked.</summary>
    public bool Knows(string secret) => known.TryGetValue(Key(secret), out var found) && IsYounger(found.At, clock.Now, Life);

    /// <summary>What the session is worth; null when there is no such session (any more).</summary>
    /// <exception cref="HttpRequestException">Accounts is away, and nothing is known that is still good.</exception>
    public async ValueTask<Exchanged?> ForAsync(string secret, CancellationToken ct)
    {
        var now = clock.Now;
        var key = Key(secret);
        var isKnown = known.TryGetValue(key, out var found);
        if (isKnown && IsYounger(found.At, now, Life)) return found.Session;
        var isGoodStill = isKnown && found.Session is not null && IsYounger(found.At, now, Token.Life);
        if (isGoodStill && Volatile.Read(ref failedAt) is not 0 and var at && TimeProvider.System.GetElapsedTime(at) < Quiet) return found.Session;
        string? token;
        try
        {
            token = await exchange.TokenForAsync(secret, ct);
        }
        catch (Exception e) when (isGoodStill && RemoteAccounts.IsAway(e, ct))
        {
            Volatile.Write(ref failedAt, TimeProvider.System.GetTimestamp());
            return found.Session;
        }

        if (known.Count >= MostEntries) Sweep(now);
        // Read without a check: it comes from Accounts, and whoever acts on it checks it.
        var session = token is null ? null : new Exchanged(token, new JsonWebToken(token).Subject);
        known[key] = (session, now);
        return session;
    }

    static string Key(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    // A clock that was moved back must not keep entries alive for longer.
    static bool IsYounger(DateTimeOffset at, DateTimeOffset now, TimeSpan life) => now >= at && now - at < life;

    void Sweep(DateTimeOffset now)
    {
        foreach (var (key, entry) in known)
            if (!IsYounger(entry.At, now, Life)) known.TryRemove(key, out _);
        if (known.Count >= MostEntries) known.Clear();
    }
}

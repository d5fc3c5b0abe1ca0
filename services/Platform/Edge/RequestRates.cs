using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Grants.Platform.Edge;

/// <summary>
/// How often one person, or one address while nobody is signed in, may ask: far more than people do, far less than a script can. Guessing passwords and
/// registering have a tighter limit per address. Kept per edge process: a limit against floods needs no shared count.
/// </summary>
sealed class RequestRates(IConfiguration configuration) : IDisposable
{
    static readonly string[] Guessable = ["/account/sign-in", "/account/register", "/account/invitation", "/account/confirm"];

    readonly PartitionedRateLimiter<(HttpContext Context, string? Session)> limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(HttpContext Context, string? Session), string>(request => Bucket(
            request.Session is { } session ? "session:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(session)), 0, 8) : "address:" + Address(request.Context),
            configuration.GetValue("Edge:RequestsPerMinute", 6000))),
        PartitionedRateLimiter.Create<(HttpContext Context, string? Session), string>(request =>
            HttpMethods.IsPost(request.Context.Request.Method) && Guessable.Any(path => request.Context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
                ? Bucket("guess:" + Address(request.Context), configuration.GetValue("Edge:SignInsPerMinute", 60))
                : RateLimitPartition.GetNoLimiter("")));

    /// <summary>Counts a request; false when it is one too many.</summary>
    public bool Allows(HttpContext context, string? validSession)
    {
        using var lease = limiter.AttemptAcquire((context, validSession));
        return lease.IsAcquired;
    }

    static RateLimitPartition<string> Bucket(string key, int perMinute) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = perMinute,
        TokensPerPeriod = Math.Max(1, perMinute / 60),
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });

    // One household or office has a /64 in IPv6.
    static string Address(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "none",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } six => new IPAddress([.. six.GetAddressBytes().Take(8), .. new byte[8]]).ToString(),
        var four => four.MapToIPv4().ToString(),
    };

    public void Dispose() => limiter.Dispose();
}

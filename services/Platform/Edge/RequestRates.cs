using System.Net;
using System.Net.Sockets;
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

    readonly PartitionedRateLimiter<(HttpContext Context, string? Person)> limiter = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<(HttpContext Context, string? Person), string>(request => Bucket(
            request.Person is { } person ? "person:" + person : "address:" + Address(request.Context), RequestsPerMinute(configuration))),
        PartitionedRateLimiter.Create<(HttpContext Context, string? Person), string>(request =>
            HttpMethods.IsPost(request.Context.Request.Method) && Guessable.Any(path => request.Context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
                ? Bucket("guess:" + Address(request.Context), configuration.GetValue("Edge:SignInsPerMinute", 60))
                : RateLimitPartition.GetNoLimiter("")));

    readonly PartitionedRateLimiter<HttpContext> exchanges =
        PartitionedRateLimiter.Create<HttpContext, string>(context => Bucket(Address(context), RequestsPerMinute(configuration)));

    /// <summary>Counts a request; false when it is one too many.</summary>
    /// <param name="context">The request.</param>
    /// <param name="person">Who is signed in; null for nobody, who is counted by address.</param>
    public bool Allows(HttpContext context, string? person)
    {
        using var lease = limiter.AttemptAcquire((context, person));
        return lease.IsAcquired;
    }

    /// <summary>Counts a question to Accounts whose session this is; false when an address asks too often.</summary>
    public bool AllowsExchange(HttpContext context)
    {
        using var lease = exchanges.AttemptAcquire(context);
        return lease.IsAcquired;
    }

    static int RequestsPerMinute(IConfiguration configuration) => configuration.GetValue("Edge:RequestsPerMinute", 6000);

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

    public void Dispose()
    {
        limiter.Dispose();
        exchanges.Dispose();
    }
}

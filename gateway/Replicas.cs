using Grants.Platform.Edge;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace Grants.Gateway;

/// <summary>The replicas of each service: which are well, which one is asked, and who is asked instead when one has just gone.</summary>
static class Replicas
{
    /// <summary>How often a replica is asked whether it is ready, and how long it may take to say so.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing at all may come from a service before the request is given up. Exports of a call's ledger take seconds, not minutes.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(100);

    /// <summary>Rounds over all replicas, with a pause between: a single address may stand for several replicas, or for one that is just coming back.</summary>
    const int Rounds = 3;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The replicas of a service as the settings name them.</summary>
    public static ClusterConfig Cluster(IConfiguration configuration, string service) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = ServiceAddresses.Of(configuration, service).ToDictionary(address => address.Authority, address => new DestinationConfig { Address = address.AbsoluteUri }),
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = Silence },
        HealthCheck = new HealthCheckConfig
        {
            // When none seems well all are asked: a slow answer to a health check must not close a service that works.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig { Enabled = true, Interval = Interval, Timeout = Timeout, Path = "/health/ready", Policy = OneAnswer.PolicyName },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = FirstFailure.PolicyName },
        },
    };

    /// <summary>Asks another replica for a request that never reached one. Belongs in front of load balancing.</summary>
    public static async Task TryOthersAsync(HttpContext context, RequestDelegate next)
    {
        var proxied = context.GetReverseProxyFeature();
        var left = proxied.AvailableDestinations.ToList();
        for (var round = 1; ;)
        {
            await next(context);
            if (!MayBeSentAgain(context)) return;
            if (proxied.ProxiedDestination is { } failed) left.Remove(failed);
            if (left.Count == 0)
            {
                if (round++ == Rounds) return;
                await Task.Delay(Pause, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                left = [.. context.GetRouteModel().Cluster!.DestinationsState.AvailableDestinations];
            }

            proxied.AvailableDestinations = [.. left];
            proxied.ProxiedDestination = null;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
        }
    }

    /// <summary>Whether a failed request certainly reached no service.</summary>
    public static bool NeverArrived(IForwarderErrorFeature? failure) => failure switch
    {
        null => false,
        { Error: ForwarderError.NoAvailableDestinations } => true,
        { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } } => true,
        // So HttpClient says that connecting took too long.
        { Error: ForwarderError.RequestTimedOut, Exception: OperationCanceledException { InnerException: TimeoutException } } => true,
        _ => false,
    };

    // Nothing may be done twice: what changes something is sent again only if no connection was made. Reading may be repeated until the first byte of an answer.
    static bool MayBeSentAgain(HttpContext context)
    {
        var failure = context.GetForwarderErrorFeature();
        if (failure is null or { Error: ForwarderError.NoAvailableDestinations } || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return false;
        return NeverArrived(failure) || (failure.Error == ForwarderError.Request && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)));
    }
}

/// <summary>A replica that could not be reached, or hung up before it answered, is left alone at once; the next health check that it passes brings it back.</summary>
sealed class FirstFailure(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "FirstFailure";

    static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.GetForwarderErrorFeature() is { } failure && (failure.Error == ForwarderError.Request || Replicas.NeverArrived(failure)))
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, Rest);
    }
}

/// <summary>One "not ready" is enough, since a replica that is about to stop gives no second warning; and one "ready". The log has a line for each change.</summary>
sealed partial class OneAnswer(IDestinationHealthUpdater health, ILogger<OneAnswer> logger) : IActiveHealthCheckPolicy
{
    public const string PolicyName = "OneAnswer";

    public string Name => PolicyName;

    public void ProbingCompleted(ClusterState cluster, IReadOnlyList<DestinationProbingResult> probingResults)
    {
        var found = probingResults.Select(result => new NewActiveDestinationHealth(
            result.Destination, result.Response is { IsSuccessStatusCode: true } ? DestinationHealth.Healthy : DestinationHealth.Unhealthy)).ToList();
        foreach (var changed in found.Where(one => one.Destination.Health.Active != one.NewActiveHealth))
        {
            if (changed.NewActiveHealth == DestinationHealth.Healthy) Log.Ready(logger, cluster.ClusterId, changed.Destination.DestinationId);
            else Log.NotReady(logger, cluster.ClusterId, changed.Destination.DestinationId);
        }

        health.SetActive(cluster, found);
    }

    static partial class Log
    {
        [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "{Service} at {Address} is ready")]
        public static partial void Ready(ILogger logger, string service, string address);

        [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "{Service} at {Address} is away or not ready")]
        public static partial void NotReady(ILogger logger, string service, string address);
    }
}

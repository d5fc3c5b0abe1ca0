using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Grants.Gateway;

/// <summary>The edge of the distributed shape: what comes in is checked once here and handed to the service that owns the path.</summary>
public static class GatewayHost
{
    /// <summary>Builds the gateway. <c>Services:{name}</c> is the address of each service, or the addresses of its replicas.</summary>
    /// <exception cref="SettingsRefused">Settings are missing or cannot be used: one sentence, and one line, for each.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        var builder = WebApplication.CreateBuilder(args);
        RefuseBadSettings(builder.Configuration, builder.Environment);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            // It tells of every health check and request that failed, with a stack of calls, each second that a service is away. We say it once.
            .AddFilter("Yarp", LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = RequestLimits.Slowest;
        });
        builder.Services.AddSingleton(new AppTime(TimeProvider.System, builder.Configuration["Clock:OffsetFile"] is { Length: > 0 } file ? file : null));
        builder.Services.AddEdge();
        builder.Services.AddHttpSessionExchange();
        builder.Services.AddDraining(Draining.WithReplicas);
        builder.Services.AddHealthChecks().AddCheck<Probed>("replicas");
        builder.Services.AddPages();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddSingleton<IActiveHealthCheckPolicy, OneAnswer>().AddSingleton<IPassiveHealthCheckPolicy, FirstFailure>();
        builder.Services.AddReverseProxy()
            .LoadFromMemory(ProxyRoutes(), [.. Services.Select(service => Replicas.Cluster(builder.Configuration, service))])
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = TimeSpan.FromSeconds(2))
            .AddTransforms(AsItCame);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseDraining();
        app.UseMiddleware<Maintenance>();
        app.UseEdge();
        app.UseRouting();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).Public();
        app.MapHealthChecks("/health/ready").Public();
        app.MapAssets();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(Replicas.TryOthersAsync);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    static IEnumerable<string> Services => Routes.Prefixes.Values.Distinct();

    /// <summary>One route for each prefix, made from the list that all share.</summary>
    public static IReadOnlyList<RouteConfig> ProxyRoutes()
    {
        var routes = new List<RouteConfig>();
        foreach (var (prefix, service) in Routes.Prefixes)
        {
            if (prefix == "")
            {
                routes.Add(Route("root", service, "/"));
                continue;
            }

            routes.Add(Route(prefix, service, $"/{prefix}/{{**rest}}"));
            routes.Add(Route($"api-{prefix}", service, $"/api/{prefix}/{{**rest}}"));
        }

        routes.AddRange(Services.Select(service => Route($"operations-{service}", service, $"/operations/{service}/{{**rest}}")));
        return routes;
    }

    static RouteConfig Route(string id, string service, string path) => new() { RouteId = id, ClusterId = service, Match = new RouteMatch { Path = path } };

    // A service sees the request as the browser sent it: path and query letter by letter, the host, and nothing about the way it came. No service needs the
    // address of a client, so none gets it: limits by address are kept here.
    static void AsItCame(TransformBuilderContext transforms)
    {
        transforms.UseDefaultForwarders = false;
        transforms.AddOriginalHost();
        transforms.AddRequestTransform(request =>
        {
            var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (target.StartsWith('/'))
                request.ProxyRequest.RequestUri = new Uri(request.DestinationPrefix.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            return ValueTask.CompletedTask;
        });
    }

    static void RefuseBadSettings(IConfiguration configuration, IHostEnvironment environment)
    {
        var problems = new List<string>();
        Check(() => HttpSessionExchange.Credential(configuration));
        Check(() => TrustedProxies.From(configuration));
        foreach (var service in Services) Check(() => ServiceAddresses.Of(configuration, service));
        if (!environment.IsDevelopment()) Check(() => PublicOrigin.Parse(configuration[PublicOrigin.Setting]));
        if (environment.IsProduction() && !string.IsNullOrEmpty(configuration["Clock:OffsetFile"])) problems.Add("Clock:OffsetFile moves the clock; production refuses it.");
        if (problems.Count > 0) throw new SettingsRefused(string.Join('\n', problems));

        void Check(Func<object> read)
        {
            try
            {
                read();
            }
            catch (InvalidOperationException e)
            {
                problems.Add(e.Message);
            }
        }
    }
}

/// <summary>The gateway cannot start with these settings. The message has a line for each that is wrong.</summary>
public sealed class SettingsRefused(string message) : InvalidOperationException(message);

/// <summary>Ready once every replica of every service was asked how it is: before that the gateway could only guess where to send a request.</summary>
sealed class Probed(IActiveHealthCheckMonitor monitor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(monitor.InitialProbeCompleted ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the services were not asked yet"));
}

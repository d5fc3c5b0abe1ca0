using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Yarp.ReverseProxy.Configuration;

namespace Grants.Gateway;

/// <summary>The edge of the distributed shape: what comes in is checked once here and handed to the service that owns the path.</summary>
public static class GatewayHost
{
    /// <summary>Builds the gateway. <c>Services:{name}</c> is the address of each service.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(new AppTime(TimeProvider.System, builder.Configuration["Clock:OffsetFile"] is { Length: > 0 } file ? file : null));
        builder.Services.AddEdge();
        builder.Services.AddHttpSessionExchange();
        builder.Services.AddHealthChecks();
        builder.Services.AddPages();
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddReverseProxy().LoadFromMemory(ProxyRoutes(), Clusters(builder.Configuration));
        configure?.Invoke(builder);

        var app = builder.Build();
        app.Use(MaintenanceAsync);
        app.UseEdge();
        app.UseRouting();
        app.MapHealthChecks("/health/live").Public();
        app.MapHealthChecks("/health/ready").Public();
        app.MapAssets();
        app.MapReverseProxy();
        return app;
    }

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

        routes.AddRange(Routes.Prefixes.Values.Distinct().Select(service => Route($"operations-{service}", service, $"/operations/{service}/{{**rest}}")));
        return routes;
    }

    static RouteConfig Route(string id, string service, string path) => new() { RouteId = id, ClusterId = service, Match = new RouteMatch { Path = path } };

    static List<ClusterConfig> Clusters(IConfiguration configuration) => [.. Routes.Prefixes.Values.Distinct().Select(service => new ClusterConfig
    {
        ClusterId = service,
        Destinations = new Dictionary<string, DestinationConfig>
        {
            [service] = new() { Address = configuration[$"Services:{service}"] ?? throw new InvalidOperationException($"Services:{service}, the address of a service, is missing.") },
        },
    })];

    /// <summary>While a service is away people read so, instead of an empty page.</summary>
    static async Task MaintenanceAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway; // the exchange did not reach Accounts
        }

        if (context.Response.HasStarted || context.Response.ContentType is not null) return;
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout:
                context.Response.Headers.RetryAfter = "60";
                await EdgeAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable);
                break;
            case StatusCodes.Status404NotFound:
                await EdgeAnswer.WriteAsync(context, StatusCodes.Status404NotFound);
                break;
            default:
                break;
        }
    }
}

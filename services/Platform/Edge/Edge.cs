using System.Diagnostics;
using Grants.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Edge;

/// <summary>The outer wall of the product: in the gateway, or in front of all services in the all-in-one process; never inside a service.</summary>
public static class EdgeRegistration
{
    /// <summary>Registers what <see cref="UseEdge"/> needs, besides an <see cref="ISessionExchange"/>.</summary>
    public static IServiceCollection AddEdge(this IServiceCollection services)
    {
        services.AddPublicOrigin();
        // Pages go to phones on bad lines. Compressing them over https is safe as long as no page holds a secret beside what a stranger can put into it:
        // sessions are in cookies only, and forms carry no tokens.
        services.AddResponseCompression(options => options.EnableForHttps = true);
        services.AddSingleton<CachedExchange>();
        services.AddSingleton<RequestRates>();
        // Headers are stripped too late for this one: the request's activity exists before any middleware runs.
        services.AddSingleton<DistributedContextPropagator, OutwardOnly>();
        return services;
    }

    /// <summary>
    /// Strips, checks, limits, secures, and exchanges the session for a token. Must run before everything else.
    /// </summary>
    /// <exception cref="InvalidOperationException">The setting <c>PublicOrigin</c> or <c>Edge:TrustedProxies</c> cannot be used.</exception>
    public static IApplicationBuilder UseEdge(this IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<PublicOrigin>();
        app.UseTrustedProxies();
        return app.UseResponseCompression().UseMiddleware<EdgeMiddleware>();
    }

    /// <summary>Hands our trace on, but takes none from outside: a stranger must not write into the traces of a grant.</summary>
    sealed class OutwardOnly : DistributedContextPropagator
    {
        readonly DistributedContextPropagator inner = CreateDefaultPropagator();

        public override IReadOnlyCollection<string> Fields => inner.Fields;

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => inner.Inject(activity, carrier, setter);

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            (traceId, traceState) = (null, null);

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
    }
}

sealed partial class EdgeMiddleware(RequestDelegate next, PublicOrigin origin, CachedExchange exchange, RequestRates rates, ILogger<EdgeMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        EdgeHeaders.Strip(context.Request.Headers);
        var secret = SessionCookie.Read(context.Request, origin);
        var signedIn = false;
        context.Response.OnStarting(() =>
        {
            EdgeHeaders.Secure(context, origin, signedIn);
            return Task.CompletedTask;
        });
        if (CrossSite.IsRefused(context.Request, origin, secret is not null))
        {
            Log.CrossSite(logger);
            await EdgeAnswer.WriteAsync(context, StatusCodes.Status403Forbidden);
            return;
        }

        // What the services' own limits allow is checked there, where the route is known; here only what no route allows.
        var limit = RequestLimits.Ceiling(context.Request);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        if (context.Request.ContentLength > limit)
        {
            await EdgeAnswer.WriteAsync(context, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        // A secret that is not known costs Accounts a look into its database: those are counted before, or made-up ones could flood it.
        var allowed = secret is null || exchange.Knows(secret) || rates.AllowsExchange(context);
        var session = secret is null || !allowed ? null : await exchange.ForAsync(secret, context.RequestAborted);
        if (!allowed || !rates.Allows(context, session?.Person))
        {
            Log.TooMany(logger);
            context.Response.Headers.RetryAfter = "10";
            await EdgeAnswer.WriteAsync(context, StatusCodes.Status429TooManyRequests);
            return;
        }

        if (session is not null)
        {
            signedIn = true;
            context.Request.Headers.Authorization = "Bearer " + session.Token;
        }

        if (secret is not null && Routes.ServiceFor(context.Request.Path) != "accounts") EdgeHeaders.HideSession(context.Request, origin);
        await next(context);
    }

    static partial class Log
    {
        [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "Refused a form that came from another site.")]
        public static partial void CrossSite(ILogger logger);

        [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Refused a request: too many in a short time.")]
        public static partial void TooMany(ILogger logger);
    }
}

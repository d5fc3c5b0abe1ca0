using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Hosting;

/// <summary>
/// Leaves before it goes: asked to stop, the process first says that it is not ready and works on for a while, so that whoever sends it requests has turned to
/// another replica when it closes the door. Without this a rolling restart would lose the requests that are on their way at that moment.
/// </summary>
/// <param name="time">How long it works on; zero where nobody could take over.</param>
public sealed class Draining(TimeSpan time) : IHostedLifecycleService, IHealthCheck
{
    /// <summary>How long where there are replicas: three times as long as a gateway takes to notice.</summary>
    public static readonly TimeSpan WithReplicas = TimeSpan.FromSeconds(3);

    volatile bool leaving;

    /// <summary>Whether the process is about to stop.</summary>
    public bool IsLeaving => leaving;

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        leaving = true;
        // Whoever loses patience with the whole shutdown cuts this short, too.
        await Task.Delay(time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(leaving ? HealthCheckResult.Unhealthy("about to stop") : HealthCheckResult.Healthy());

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Registering <see cref="Draining"/>.</summary>
public static class DrainingRegistration
{
    /// <summary>Registers it, with the health check that makes the process unready.</summary>
    public static IServiceCollection AddDraining(this IServiceCollection services, TimeSpan time)
    {
        services.AddSingleton(new Draining(time));
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddHealthChecks().AddCheck<Draining>("stopping");
        return services;
    }

    /// <summary>Lets go of connections while the process is about to stop: nobody holds one any more when it ends. Belongs in front of everything.</summary>
    public static IApplicationBuilder UseDraining(this IApplicationBuilder app)
    {
        var draining = app.ApplicationServices.GetRequiredService<Draining>();
        return app.Use((context, next) =>
        {
            if (draining.IsLeaving && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return next(context);
        });
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Grants.Platform.Hosting;

/// <summary>Starts OpenTelemetry with the host. Spans leave the process only when an OTLP endpoint is set.</summary>
public static class Telemetry
{
    /// <summary>Sources whose spans make a grant's trace: ASP.NET Core, HttpClient, Npgsql, MassTransit and ours.</summary>
    public static readonly IReadOnlyList<string> Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "Grants.*"];

    /// <summary>Registers the tracer provider; endpoint from <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        // The OpenTelemetry.Extensions.Hosting package is not needed for this: the provider lives as long as this hosted service.
        services.AddSingleton<IHostedService>(_ => new TracerLifetime(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]));
        return services;
    }

    sealed class TracerLifetime(string? endpoint) : IHostedService, IDisposable
    {
        TracerProvider? provider;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            var builder = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => resource.AddService("grants-platform"))
                .AddProcessor(new LifecycleInheritance());
            foreach (var source in Sources) builder.AddSource(source);
            // The exporter reads its own variables: endpoint, protocol, headers.
            if (!string.IsNullOrWhiteSpace(endpoint)) builder.AddOtlpExporter();

            provider = builder.Build();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            provider?.ForceFlush(2000);
            return Task.CompletedTask;
        }

        public void Dispose() => provider?.Dispose();
    }

    /// <summary>A span started inside one about an application is about it too.</summary>
    sealed class LifecycleInheritance : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (data.Parent?.GetTagItem(Tracing.LifecycleTag) is { } id) data.SetTag(Tracing.LifecycleTag, id);
        }
    }
}

using System.Diagnostics;
using Grants.Platform.Files;
using Grants.Platform.Edge;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Operations;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Hosting;

/// <summary>Builds and runs a process of one service or of all: the one place that says what every host has, in which order.</summary>
public static partial class GrantsHost
{
    /// <summary>Builds, migrates where the shape says so, and runs until stopped.</summary>
    /// <param name="args">Command line.</param>
    /// <param name="definitions">The services of this process.</param>
    /// <param name="configure">More registrations of the process, such as the edge in the all-in-one shape.</param>
    /// <param name="pipeline">Middleware in front of everything, such as the edge.</param>
    /// <param name="released">What a release does besides migrating, such as filling a demonstration.</param>
    public static async Task RunAsync(
        string[] args, IReadOnlyList<ServiceDefinition> definitions, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? pipeline = null,
        Func<WebApplication, Task>? released = null)
    {
        await using var app = Build(args, definitions, configure, pipeline);
        var migrateOnly = args.Contains("--migrate");
        try
        {
            await PrepareAsync(app, migrateOnly);
        }
        catch (MigrationFailed e)
        {
            Log.NotMigrated(app.Logger, e.Message);
            Environment.ExitCode = 1;
            return;
        }
        catch (QueuesNotDeclared e)
        {
            Log.NotDeclared(app.Logger, e.Message);
            Environment.ExitCode = 1;
            return;
        }

        var data = app.Configuration.DataFolder();
        Log.DataFolder(app.Logger, data);
        if (!migrateOnly)
        {
            if (await SchemaCheck.WaitAsync(app)) await app.RunAsync();
        }
        else if (released is not null)
        {
            await released(app);
        }
    }

    /// <summary>Brings the databases up to date: SQLite at every start, PostgreSQL only when asked, as a step of the release.</summary>
    public static async Task PrepareAsync(WebApplication app, bool asked = false)
    {
        await Migrator.MigrateAsync(app.Services, app.Services.GetRequiredService<IReadOnlyList<ServiceDefinition>>(), asked);
        if (asked) await MessagingRegistration.DeclareTopologyAsync(app.Services);
    }

    /// <summary>Builds the application without starting it.</summary>
    public static WebApplication Build(
        string[] args, IReadOnlyList<ServiceDefinition> definitions, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? pipeline = null)
    {
        // Without it ASP.NET Core's own activity carries no tags at all.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        // A name without a value would take the next argument for its value.
        var builder = WebApplication.CreateBuilder([.. args.Where(argument => argument != "--migrate")]);
        builder.Configuration.AddInMemoryCollection(Defaults(builder.Configuration, builder.Environment, args.Contains("--migrate")));
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("MassTransit", LogLevel.Warning)
            // Whoever meets an error of the database logs it; these would say each once more, and those that are expected, too.
            .AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.None).AddFilter("Microsoft.EntityFrameworkCore.Query", LogLevel.Critical)
            .AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical);
        // Of an empty database EF finds out by asking a table that is not there, and calls that a failure. A true one ends the step.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = RequestLimits.Slowest;
        });
        if (builder.Environment.IsProduction() && !string.IsNullOrEmpty(builder.Configuration["Clock:OffsetFile"]))
            throw new InvalidOperationException("Clock:OffsetFile moves the clock; production refuses it.");

        builder.Services.AddSingleton(new AppTime(TimeProvider.System, Empty(builder.Configuration["Clock:OffsetFile"])));
        builder.Services.AddSingleton<TimeProvider>(services => services.GetRequiredService<AppTime>());
        builder.Services.AddSingleton(services => FileStore.From(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<AppTime>()));
        builder.Services.AddSingleton(services => FileScanner.From(
            services.GetRequiredService<IConfiguration>(), services.GetRequiredService<IHostEnvironment>(), services.GetRequiredService<ILogger<FileScanner>>()));
        builder.Services.AddHostedService<FileSweeper>();
        builder.Services.AddSingleton(definitions);
        builder.Services.AddAuthentication(TokenHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        builder.Services.AddHealthChecks();
        // Only where a gateway has another replica to turn to: one process alone just stops.
        builder.Services.AddDraining(builder.Configuration["Messaging:Transport"] == "rabbitmq" ? Draining.WithReplicas : TimeSpan.Zero);
        builder.Services.AddPages();
        builder.Services.AddTelemetry(builder.Configuration);
        foreach (var definition in definitions)
        {
            builder.Services.AddServiceDb(definition, builder.Configuration, builder.Environment);
            definition.Register(builder.Services);
        }

        // Only Accounts has the keys itself; a service alone asks for the public ones.
        builder.Services.TryAddSingleton<TokenKeys>(services => new HttpTokenKeys(RemoteAccounts.Client(builder.Configuration), services.GetRequiredService<AppTime>()));
        builder.Services.AddMessaging(definitions, builder.Configuration);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseDraining();
        pipeline?.Invoke(app);
        app.UseErrorPages();
        app.UseRouting();
        app.UseMiddleware<RequestTags>();
        app.UseAuthentication();
        app.UseAccessRules();
        // Alive is answering at all; ready does not depend on the bus, for requests commit without it.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).Public();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => !check.Tags.Contains("messaging") }).Public();
        app.MapHealthChecks("/health/messaging", new HealthCheckOptions { Predicate = check => check.Tags.Contains("messaging") }).Public();
        app.MapAssets();
        // CSRF is refused once, at the edge, which alone sees the browser's headers: see architecture.
        var root = app.MapGroup("").DisableAntiforgery();
        foreach (var definition in definitions)
        {
            definition.MapRoutes(root);
            OperationsPages.Map(root, definition);
        }

        return app;
    }

    static string? Empty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    static Dictionary<string, string?> Defaults(ConfigurationManager configuration, IWebHostEnvironment environment, bool migrateOnly)
    {
        var defaults = new Dictionary<string, string?>();
        if (migrateOnly) defaults[Broker.TopologyOnly] = "true";
        var data = configuration["Data:Folder"] ?? (defaults["Data:Folder"] = Path.GetFullPath("data"));
        if (environment.IsDevelopment() && configuration["Clock:OffsetFile"] is null) defaults["Clock:OffsetFile"] = Path.Combine(data!, "clock-offset");
        if (configuration["urls"] is null && configuration["HTTP_PORTS"] is null && configuration["Kestrel:Endpoints"] is null) defaults["urls"] = "http://localhost:8080";
        return defaults;
    }

    static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Data is in {Folder}")]
        public static partial void DataFolder(ILogger logger, string folder);

        [LoggerMessage(EventId = 1003, Level = LogLevel.Critical, Message = "The databases were not migrated: {Reason}")]
        public static partial void NotMigrated(ILogger logger, string reason);

        [LoggerMessage(EventId = 1004, Level = LogLevel.Critical, Message = "The queues were not declared: {Reason}")]
        public static partial void NotDeclared(ILogger logger, string reason);
    }
}

/// <summary>Puts route, status and the lifecycle id of an application's route on the request's span: ids only.</summary>
sealed class RequestTags(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var activity = Activity.Current;
        if (activity is not null && context.GetEndpoint() is RouteEndpoint endpoint)
        {
            activity.DisplayName = $"{context.Request.Method} {endpoint.RoutePattern.RawText}";
            activity.SetTag("http.route", endpoint.RoutePattern.RawText);
            if (context.GetRouteValue("applicationId") is string id && Guid.TryParse(id, out var application)) Tracing.Mark(application);
        }

        await next(context);
        activity?.SetTag("http.response.status_code", context.Response.StatusCode);
    }
}

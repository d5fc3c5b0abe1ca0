using Grants.Accounts;
using Grants.Applications;
using Grants.Disbursements;
using Grants.Notifications;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Reviews;

namespace Grants.AllInOne;

/// <summary>All services and the edge in one process: the same code as apart, with SQLite files, messages in memory and nothing to install.</summary>
public static class Host
{
    /// <summary>The services, in the order they start.</summary>
    public static readonly IReadOnlyList<ServiceDefinition> Services =
        [AccountsService.Definition, ApplicationsService.Definition, ReviewsService.Definition, DisbursementsService.Definition, NotificationsService.Definition];

    /// <summary>Runs until stopped.</summary>
    public static Task RunAsync(string[] args) => GrantsHost.RunAsync(args, Services, Configure, Front, released: Demo.FillAsync);

    /// <summary>Builds without starting, for tests that look into the process.</summary>
    public static WebApplication Build(string[] args) => GrantsHost.Build(args, Services, Configure, Front);

    static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddEdge();
        // Hosted services start in order: Accounts has decided by then whether this is a demonstration.
        builder.Services.AddSingleton<Demo>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Demo>());
        builder.Services.AddHealthChecks().AddCheck<Demo>("demo");
    }

    static void Front(WebApplication app)
    {
        app.UseEdge();
        DryRun.TryCall.Map(app);
    }
}

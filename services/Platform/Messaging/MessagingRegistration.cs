using Grants.Platform.Hosting;
using MassTransit;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Messaging;

/// <summary>RabbitMQ refused the queues of the services, or was not there.</summary>
/// <param name="message">What it said.</param>
/// <param name="error">The error itself.</param>
public sealed class QueuesNotDeclared(string message, Exception error) : Exception(message, error);

/// <summary>Registers outbox, inbox and bus for the services of a process.</summary>
public static class MessagingRegistration
{
    /// <summary>
    /// Adds one bus with one queue for each subscription, a relay for each service, and the jobs around them. The databases are registered by
    /// <see cref="Persistence.PersistenceRegistration.AddServiceDb"/>; they must be migrated before the host starts.
    /// </summary>
    public static void AddMessaging(this IServiceCollection services, IReadOnlyList<ServiceDefinition> definitions, IConfiguration configuration)
    {
        var subscriptions = new Subscriptions(definitions);
        services.TryAddSingleton(definitions);
        services.AddSingleton(subscriptions);
        services.AddSingleton(new OutboxSignals(definitions));
        services.AddSingleton<IInterceptor, WakeInterceptor>();
        services.AddSingleton<InFlight>();
        services.AddSingleton<Inbox>();
        services.AddSingleton<MessagingMetrics>();
        services.AddSingleton<MessagingJobs>();
        services.AddSingleton(provider => MessagingOptions.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new MessagingIdle(
            provider.GetRequiredService<IServiceScopeFactory>(), definitions, provider.GetRequiredService<OutboxSignals>()));
        foreach (var subscription in subscriptions.All) services.TryAddScoped(subscription.HandlerType);

        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            // Readiness does not depend on the bus: requests commit without it.
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "bus";
                health.Tags.Clear();
                health.Tags.Add("messaging");
            });
            foreach (var subscription in subscriptions.All) bus.AddConsumer(ConsumerOf(subscription));
            if (configuration.UsesBroker()) bus.UsingRabbitMq((context, rabbit) => Broker.Configure(context, rabbit, subscriptions, configuration));
            else bus.UsingInMemory((context, memory) => InMemory(context, memory, subscriptions));
        });
        services.Configure<MassTransitHostOptions>(host =>
        {
            // Requests commit without a broker, so a process starts without one.
            host.WaitUntilStarted = !configuration.UsesBroker();
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
        // After the bus: hosted services start in this order and stop in the opposite one.
        services.AddHostedService<BrokerQueues>();
        services.AddSingleton<Relays>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Relays>());
        services.AddDueLoop("messaging", (provider, ct) => provider.GetRequiredService<MessagingJobs>().RunAsync(provider, ct));
        services.AddHealthChecks().AddCheck<OutboxHealth>("outbox", HealthStatus.Unhealthy, ["messaging"]);
    }

    static void InMemory(IBusRegistrationContext context, IInMemoryBusFactoryConfigurator memory, Subscriptions subscriptions)
    {
        foreach (var queue in subscriptions.All.GroupBy(subscription => subscription.Queue))
        {
            memory.ReceiveEndpoint(queue.Key, endpoint =>
            {
                // More would only queue at SQLite's one writer, and lose the order of a subject.
                endpoint.ConcurrentMessageLimit = 1;
                endpoint.PrefetchCount = 1;
                foreach (var subscription in queue) endpoint.ConfigureConsumer(context, ConsumerOf(subscription));
            });
        }
    }

    internal static Type ConsumerOf(Subscription subscription) =>
        typeof(InboxConsumer<,,>).MakeGenericType(subscription.DbType, subscription.MessageType, subscription.HandlerType);

    /// <summary>
    /// Declares the queues of all services of this process on the broker and binds them to the events they listen to; a step of the release. It comes before
    /// any relay runs: what is published while one of two listeners has no queue yet is lost to that one, without a word.
    /// </summary>
    /// <param name="services">Services of the process.</param>
    /// <param name="patience">How long to try; 30 s unless told: a broker may be starting at the same time.</param>
    /// <exception cref="QueuesNotDeclared">The broker was not there, or refused.</exception>
    public static async Task DeclareTopologyAsync(IServiceProvider services, TimeSpan? patience = null)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (!configuration.UsesBroker()) return;
        if (!configuration.GetValue<bool>(Broker.TopologyOnly)) throw new InvalidOperationException($"{Broker.TopologyOnly} must be set before the bus is made.");
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(30));
        try
        {
            // It tries for ever by itself.
            await services.GetRequiredService<IBusControl>().DeployAsync(deadline.Token);
        }
        catch (Exception e)
        {
            throw new QueuesNotDeclared(e is OperationCanceledException ? "RabbitMQ did not answer in time." : e.Message, e);
        }
    }
}

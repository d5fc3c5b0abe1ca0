using Grants.Platform.Hosting;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Grants.Platform.Messaging;

/// <summary>
/// Reads the queues of the services from RabbitMQ, and begins anew with a queue that is no longer read although RabbitMQ is there. MassTransit connects again after
/// most failures of the line, but gives a queue up for good when the client throws something that it does not know as one, such as an
/// <see cref="ObjectDisposedException"/> while a queue is declared (seen with 8.4.0); starting the whole bus again does not bring it back. Such a replica would never
/// read that queue again; when all replicas were hit, nobody would.
/// </summary>
sealed partial class BrokerQueues(
    IBusControl bus, IReceiveEndpointConnector connector, Subscriptions subscriptions, IServiceProvider services, IConfiguration configuration, AppTime clock,
    MessagingOptions options, ILogger<BrokerQueues> logger) : BackgroundService
{
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    readonly Dictionary<string, HostReceiveEndpointHandle> handles = [];
    readonly Dictionary<string, long> unreadSince = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!configuration.UsesBroker()) return Task.CompletedTask;
        foreach (var queue in Broker.QueuesOf(subscriptions)) Connect(queue);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await pause.WaitForNextTickAsync(stoppingToken))
            {
                var givenUp = GivenUp();
                if (givenUp.Count == 0 || !await IsThereAsync(stoppingToken)) continue;
                foreach (var queue in givenUp) await BeginAnewAsync(queue, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the process ends; the bus ends its endpoints
        }
    }

    void Connect(IGrouping<string, Subscription> queue) => handles[queue.Key] = connector.ConnectReceiveEndpoint(
        queue.Key, (context, endpoint) => Broker.Configure(queue, (IRabbitMqReceiveEndpointConfigurator)endpoint, context, services));

    /// <summary>Queues that have not been read for longer than a connection needs to come back.</summary>
    List<IGrouping<string, Subscription>> GivenUp()
    {
        var health = bus.CheckHealth().Endpoints;
        foreach (var name in handles.Keys)
        {
            if (health.Any(endpoint => endpoint.Key.EndsWith('/' + name, StringComparison.Ordinal) && endpoint.Value.Status == BusHealthStatus.Healthy)) unreadSince.Remove(name);
            else unreadSince.TryAdd(name, clock.GetTimestamp());
        }

        return [.. Broker.QueuesOf(subscriptions).Where(queue => unreadSince.TryGetValue(queue.Key, out var since) && clock.GetElapsedTime(since) >= options.QueuePatience)];
    }

    async Task BeginAnewAsync(IGrouping<string, Subscription> queue, CancellationToken ct)
    {
        Log.BeginningAnew(logger, queue.Key);
        unreadSince.Remove(queue.Key);
        try
        {
            await handles[queue.Key].StopAsync(ct).WaitAsync(StopTimeout, ct);
            Connect(queue);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotBegun(logger, queue.Key, e);
        }
    }

    /// <summary>Whether RabbitMQ takes a connection: without it there is nothing to begin anew with.</summary>
    async Task<bool> IsThereAsync(CancellationToken ct)
    {
        try
        {
            var factory = new ConnectionFactory { Uri = Broker.Address(configuration), RequestedConnectionTimeout = TimeSpan.FromSeconds(5), AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync(ct);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "RabbitMQ is there, but {Queue} is not read any more; beginning anew with it.")]
        public static partial void BeginningAnew(ILogger logger, string queue);

        [LoggerMessage(2, LogLevel.Error, "{Queue} could not be begun anew; it is tried again.")]
        public static partial void NotBegun(ILogger logger, string queue, Exception error);
    }
}

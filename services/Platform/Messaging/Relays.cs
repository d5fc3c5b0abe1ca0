using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Messaging;

/// <summary>Runs the relays of all services of this process, after the consumers and until just before the bus stops.</summary>
sealed class Relays(IServiceProvider services, IReadOnlyList<ServiceDefinition> definitions, IBusControl bus, IConfiguration configuration) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // A broker needs a relay for several writers; the one for memory has a cursor, which would skip rows that PostgreSQL commits late.
        if (configuration.UsesBroker() != configuration.IsPostgres() && configuration["Messaging:Relay"] != "off")
            throw new InvalidOperationException("Messaging:Transport 'rabbitmq' goes with Database:Provider 'postgres', and 'memory' with 'sqlite'.");
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration["Messaging:Relay"] == "off") return; // tests of one service look at its outbox
        if (!configuration.UsesBroker()) await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
        await Task.WhenAll(definitions.Select(definition =>
            (configuration.UsesBroker() ? (Relay)new BrokerRelay(definition, services) : new MemoryRelay(definition, services)).RunAsync(stoppingToken)));
    }
}

/// <summary>Tells when nothing is left to be delivered: for tests and for a demo that fills itself.</summary>
public sealed class MessagingIdle
{
    readonly IServiceScopeFactory scopes;
    readonly IReadOnlyList<ServiceDefinition> definitions;
    readonly OutboxSignals signals;

    internal MessagingIdle(IServiceScopeFactory scopes, IReadOnlyList<ServiceDefinition> definitions, OutboxSignals signals)
    {
        this.scopes = scopes;
        this.definitions = definitions;
        this.signals = signals;
    }

    /// <summary>
    /// Returns when all outboxes are empty, which means that every message was handled or became a dead letter. Subjects that wait behind a parked row do
    /// not count; rows that wait for their next attempt do.
    /// </summary>
    public async Task WaitAsync(CancellationToken ct = default)
    {
        while (true)
        {
            var pulse = signals.Pulse;
            var version = signals.Version;
            // A message may move from a service not yet looked at to one already looked at: then something happened meanwhile.
            if (await EmptyAsync(ct) && version == signals.Version) return;
            await pulse.WaitAsync(ct);
        }
    }

    async Task<bool> EmptyAsync(CancellationToken ct)
    {
        foreach (var definition in definitions)
        {
            await using var scope = scopes.CreateAsyncScope();
            var outbox = ((DbContext)scope.ServiceProvider.GetRequiredService(definition.DbType)).Set<OutboxMessage>();
            var left = outbox.Where(row => row.DueAt != OutboxMessage.Parked || row.DueAt == null)
                .Where(row => !outbox.Any(parked => parked.Subject == row.Subject && parked.Seq < row.Seq && parked.DueAt == OutboxMessage.Parked));
            if (await left.AnyAsync(ct)) return false;
        }

        return true;
    }
}

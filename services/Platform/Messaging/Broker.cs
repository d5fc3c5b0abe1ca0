using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grants.Contracts;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Messaging;

/// <summary>RabbitMQ as the place of the queues: where it is, what its queues are like, and what becomes of what is no message.</summary>
static class Broker
{
    public const string ConnectionName = "rabbitmq";

    /// <summary>
    /// Messages that a replica may have at hand. While its database is away each is held ten minutes at most, four at once: longer than half an hour RabbitMQ would not wait.
    /// </summary>
    const int Prefetch = 8;

    /// <summary>
    /// Handlers of one queue at work in one replica. Events of a subject may overtake each other between replicas anyway: versions and guards see to that.
    /// </summary>
    const int AtOnce = 4;

    /// <summary>Whether messages leave the process.</summary>
    public static bool UsesBroker(this IConfiguration configuration) => configuration["Messaging:Transport"] switch
    {
        null or "" or "memory" => false,
        "rabbitmq" => true,
        var other => throw new InvalidOperationException($"Messaging:Transport is '{other}'; it can be 'memory' or 'rabbitmq'."),
    };

    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, Subscriptions subscriptions, IConfiguration configuration)
    {
        var address = Address(configuration);
        rabbit.Host(new Uri($"rabbitmq://{address.Host}:{(address.Port > 0 ? address.Port : address.Scheme == "amqps" ? 5671 : 5672)}{address.AbsolutePath}"), host =>
        {
            if (address.UserInfo.Split(':') is [var user, var password])
            {
                host.Username(Uri.UnescapeDataString(user));
                host.Password(Uri.UnescapeDataString(password));
            }

            if (address.Scheme == "amqps") host.UseSsl(ssl => ssl.ServerName = address.Host);
            host.PublisherConfirmation = true;
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
        });
        // Exchanges for these would take every event to nobody.
        rabbit.Publish<IEvent>(topology => topology.Exclude = true);
        rabbit.Publish<IApplicationEvent>(topology => topology.Exclude = true);
        var onlyDeclares = configuration.GetValue<bool>(TopologyOnly);
        rabbit.DeployTopologyOnly = onlyDeclares;
        // A release step declares the queues; a process that reads them connects each by itself, see BrokerQueues.
        if (!onlyDeclares) return;
        foreach (var queue in QueuesOf(subscriptions)) rabbit.ReceiveEndpoint(queue.Key, endpoint => Configure(queue, endpoint, context, context));
    }

    /// <summary>The queues with those who listen to each.</summary>
    public static IEnumerable<IGrouping<string, Subscription>> QueuesOf(Subscriptions subscriptions) => subscriptions.All.GroupBy(subscription => subscription.Queue);

    /// <summary>How a queue is read.</summary>
    public static void Configure(IGrouping<string, Subscription> queue, IRabbitMqReceiveEndpointConfigurator endpoint, IRegistrationContext context, IServiceProvider services)
    {
        endpoint.SetQuorumQueue();
        // RabbitMQ 4 drops what came back twenty times: twenty killed processes must not cost a message.
        endpoint.SetQueueArgument("x-delivery-limit", 1_000_000);
        endpoint.PrefetchCount = Prefetch;
        endpoint.ConcurrentMessageLimit = AtOnce;
        // Nobody listens to faults: what failed ends in the dead letters. A service's login could not publish them either.
        endpoint.PublishFaults = false;
        var unreadable = new Unreadable(queue.First(), services);
        endpoint.ConfigureError(pipe => pipe.UseFilter(unreadable));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(unreadable));
        foreach (var subscription in queue) endpoint.ConfigureConsumer(context, MessagingRegistration.ConsumerOf(subscription));
    }

    /// <summary>Set by the release step, which declares queues and takes nothing from them.</summary>
    public const string TopologyOnly = "Messaging:TopologyOnly";

    public static Uri Address(IConfiguration configuration) =>
        Uri.TryCreate(configuration.GetConnectionString(ConnectionName), UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new InvalidOperationException($"ConnectionStrings:{ConnectionName} is missing or is not an address such as amqp://user:password@host:5672/grants.");

    /// <summary>
    /// Ends the way of what could not be read, or that nobody on this queue takes: in the service's own dead letters, like everything that failed, not in a
    /// queue that nobody looks at. What was interrupted by the end of the process goes back to its queue.
    /// </summary>
    sealed class Unreadable(Subscription queue, IServiceProvider services) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
    {
        public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
            context.Exception is OperationCanceledException or ConsumerCanceledException
                ? ReturnAsync(context.Exception)
                : BuryAsync(context, context.Exception is RefusedMessage refused ? refused.Message : context.Exception.ToString());

        public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => BuryAsync(context, "This queue does not take messages of this type.");

        public void Probe(ProbeContext context) => context.CreateFilterScope("deadLetters");

        static async Task ReturnAsync(Exception error)
        {
            // The queue hands it out again at once, perhaps to us: without a pause that would spin until the consumer is closed.
            await Task.Delay(TimeSpan.FromSeconds(1));
            throw error;
        }

        async Task BuryAsync(ReceiveContext context, string reason)
        {
            var bytes = context.Body.GetBytes();
            // By its content and not by the id it claims: that may be a message's, whose own letter would find its place taken.
            var id = new Guid(SHA256.HashData(bytes).AsSpan(0, 16));
            var body = StoredText.Cut(Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 64 * 1024))), 64 * 1024);
            var (inbox, options) = (services.GetRequiredService<Inbox>(), services.GetRequiredService<MessagingOptions>());
            var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            for (var attempt = 1; !await inbox.TryBuryAsync(queue, id, TypeOf(bytes), body, reason, context.CancellationToken); attempt++)
                await Task.Delay(options.BackOff(Math.Min(attempt, 5)), stopping);
        }

        /// <summary>What the envelope calls its message, if it is an envelope.</summary>
        static string TypeOf(byte[] bytes)
        {
            try
            {
                using var envelope = JsonDocument.Parse(bytes);
                return envelope.RootElement.GetProperty("messageType")[0].GetString() ?? "unknown";
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
            {
                return "unknown";
            }
        }
    }
}

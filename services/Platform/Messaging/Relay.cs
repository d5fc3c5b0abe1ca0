using System.Diagnostics;
using Grants.Contracts;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Messaging;

/// <summary>Brings one service's outbox to the queues, pass after pass. What a pass is depends on where the queues are.</summary>
abstract partial class Relay(ServiceDefinition definition, IServiceProvider services)
{
    protected const int Batch = 100;
    const int MostAttempts = 20;
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    readonly ILogger logger = services.GetRequiredService<ILogger<Relay>>();

    protected ServiceDefinition Definition { get; } = definition;
    protected IServiceScopeFactory Scopes { get; } = services.GetRequiredService<IServiceScopeFactory>();
    protected OutboxSignals Signals { get; } = services.GetRequiredService<OutboxSignals>();
    protected AppTime Clock { get; } = services.GetRequiredService<AppTime>();
    protected MessagingOptions Options { get; } = services.GetRequiredService<MessagingOptions>();
    protected IBus Bus { get; } = services.GetRequiredService<IBus>();

    /// <summary>Sends what is due; true if there may be more.</summary>
    protected abstract Task<bool> PassAsync(CancellationToken ct);

    /// <summary>When the next pass is due even if nobody wakes; null for never.</summary>
    protected abstract DateTimeOffset? NextDue { get; }

    public async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var more = await PassAsync(ct);
                failures = 0;
                if (!more) await Signals.WaitAsync(Definition.DbType, LongestWait(), ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // At most a quarter of a minute: who waited for a database or a broker is not to wait on when it is back.
                var wait = Options.BackOff(Math.Min(++failures, 5));
                Log.PassFailed(logger, Definition.Name, failures, wait.TotalSeconds, e.Message, e.Unexpected());
                await Task.Delay(wait, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    TimeSpan? LongestWait()
    {
        var wait = Options.Poll is { } poll ? poll * (1 + 0.2 * Random.Shared.NextDouble()) : (TimeSpan?)null;
        if (NextDue is { } due && (wait is null || due - Clock.Now < wait)) wait = due - Clock.Now;
        return wait;
    }

    /// <summary>Publishes a row's message under the row's id and trace; returns when the queues have it.</summary>
    protected async Task PublishAsync(OutboxMessage row, IEvent message, CancellationToken ct)
    {
        using var activity = MessageTrace.Start("outbox publish", ActivityKind.Producer, row.TraceParent, row.TraceState, message);
        try
        {
            await Bus.Publish(message, message.GetType(), context =>
            {
                context.MessageId = row.MessageId;
                context.Headers.Set(EventBody.HashHeader, EventBody.Hash(row.Body));
                if ((activity?.Id ?? row.TraceParent) is { } parent) context.Headers.Set(MessageTrace.ParentHeader, parent);
                if ((activity?.TraceStateString ?? row.TraceState) is { } state) context.Headers.Set(MessageTrace.StateHeader, state);
                // A broker confirms what no queue is bound to, and forgets it.
                if (context.TryGetPayload<RabbitMqSendContext>(out var broker)) broker.Mandatory = true;
            }, ct).WaitAsync(Deadline, ct);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
    }

    /// <summary>Until when a row waits that failed once more: for ever if no attempt can help, or too many did not.</summary>
    protected DateTimeOffset Until(OutboxMessage row, Exception error)
    {
        var attempt = row.Attempts + 1;
        var until = error is UnreadableMessage || attempt >= MostAttempts ? OutboxMessage.Parked : AppTime.Cut(Clock.Now + Options.BackOff(attempt));
        Log.PublishFailed(logger, Definition.Name, row.MessageId, attempt, until, error);
        return until;
    }

    protected static string Describe(Exception error) => StoredText.Cut(error.Message, 500);

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Relay of {Service} failed {Failures} times; next try in {Seconds} s: {Reason}")]
        public static partial void PassFailed(ILogger logger, string service, int failures, double seconds, string reason, Exception? error);

        [LoggerMessage(2, LogLevel.Warning, "Relay of {Service} could not publish {MessageId} at attempt {Attempt}; its subject waits until {Until}")]
        public static partial void PublishFailed(ILogger logger, string service, Guid messageId, int attempt, DateTimeOffset until, Exception error);
    }
}

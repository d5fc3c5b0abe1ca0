using System.Text.Json;
using Grants.Contracts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Messaging;

/// <summary>What MassTransit sees of a handler: it takes the message from the queue to the inbox.</summary>
sealed class InboxConsumer<TDb, TMessage, THandler>(Inbox inbox, Subscriptions subscriptions, IHostApplicationLifetime lifetime) : IConsumer<TMessage>
    where TDb : DbContext where TMessage : class, IEvent where THandler : class, IHandle<TMessage>
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        var subscription = subscriptions.Of(typeof(TMessage)).Single(x => x.HandlerType == typeof(THandler) && x.DbType == typeof(TDb));
        if (context.ReceiveContext.Body.Length is > EventBody.MostBytes and var length)
            throw new UnreadableMessage($"The message has {length} bytes; {EventBody.MostBytes} are the most.");
        var hash = context.Headers.Get<string>(EventBody.HashHeader) is { Length: > 0 } said ? said : null;
        if (hash is not null && !EventBody.IsHash(hash)) throw new UnreadableMessage($"The header {EventBody.HashHeader} is no hash.");
        var headers = new MessageHeaders(hash, context.Headers.Get<string>(MessageTrace.ParentHeader), context.Headers.Get<string>(MessageTrace.StateHeader));
        var messageId = context.MessageId ?? throw new UnreadableMessage("The message has no id.");
        // In one process stopping interrupts a handler: its transaction rolls back, and the row in the outbox brings the message again. With a broker a
        // handler ends what it began, for the message would go back to the queue and to the next replica.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var durable = context.TryGetPayload<RabbitMqBasicConsumeContext>(out _);
        await inbox.ReceiveAsync(subscription, context.Message, messageId, headers, durable ? context.CancellationToken : stopping.Token, lifetime.ApplicationStopping);
    }
}

/// <summary>Delivers by hand, through the real inbox but without the transport: tests deliver the same message twice with it.</summary>
public static class InboxDelivery
{
    /// <summary>Runs every subscription of the message's type in this process, one after another.</summary>
    /// <returns>How it ended, for each queue.</returns>
    public static async Task<IReadOnlyDictionary<string, Delivery>> DeliverAsync<TMessage>(
        IServiceProvider services, TMessage message, Guid messageId, CancellationToken ct = default) where TMessage : class, IEvent
    {
        var inbox = services.GetRequiredService<Inbox>();
        var result = new Dictionary<string, Delivery>();
        var headers = new MessageHeaders(EventBody.Hash(JsonSerializer.Serialize(message, message.GetType(), MessageJson.Options)), null, null);
        foreach (var subscription in services.GetRequiredService<Subscriptions>().Of(message.GetType()))
            result[subscription.Queue] = await inbox.ReceiveAsync(subscription, message, messageId, headers, ct);
        return result;
    }
}

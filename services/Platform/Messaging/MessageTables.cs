using System.Diagnostics;
using System.Text.Json;
using Grants.Contracts;
using Grants.Platform.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Messaging;

/// <summary>An event on its way out. It goes only when somebody durable has the message.</summary>
public sealed class OutboxMessage
{
    /// <summary>Value of <see cref="DueAt"/> of a row that was given up: its subject waits, on purpose, until an operator releases it.</summary>
    public static readonly DateTimeOffset Parked = AppTime.Cut(DateTimeOffset.MaxValue);

    /// <summary>Order of enqueueing, given by the database.</summary>
    public long Seq { get; set; }

    /// <summary>Given at enqueue and reused at every attempt: the inbox key downstream.</summary>
    public Guid MessageId { get; set; }

    /// <summary>Full name of the contract.</summary>
    public string Type { get; set; } = "";

    /// <summary>Aggregate id: order is kept per subject.</summary>
    public string Subject { get; set; } = "";

    /// <summary>JSON as decided at enqueue.</summary>
    public string Body { get; set; } = "";

    /// <summary>W3C trace context of whoever published, captured at enqueue.</summary>
    public string? TraceParent { get; set; }

    /// <summary>W3C trace state, captured at enqueue.</summary>
    public string? TraceState { get; set; }

    /// <summary>When it was enqueued, UTC.</summary>
    public DateTimeOffset EnqueuedAt { get; set; }

    /// <summary>Failed attempts so far.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before; null is now, <see cref="Parked"/> is parked.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>The last failure, cut to 500 characters.</summary>
    public string? LastError { get; set; }
}

/// <summary>Proof that a consumer has handled a message.</summary>
public sealed class InboxMessage
{
    /// <summary>The message.</summary>
    public Guid MessageId { get; set; }

    /// <summary>Name of the consumer's queue.</summary>
    public string Consumer { get; set; } = "";

    /// <summary>Hash of its body, 32 hexadecimal digits; null if the sender did not say.</summary>
    public string? BodyHash { get; set; }

    /// <summary>When it was handled, UTC.</summary>
    public DateTimeOffset HandledAt { get; set; }
}

/// <summary>A message that could not be handled, kept for an operator.</summary>
public sealed class DeadLetter
{
    /// <summary>Id of the letter.</summary>
    public Guid Id { get; set; }

    /// <summary>The message.</summary>
    public Guid MessageId { get; set; }

    /// <summary>Name of the consumer's queue.</summary>
    public string Consumer { get; set; } = "";

    /// <summary>Full name of the contract.</summary>
    public string Type { get; set; } = "";

    /// <summary>Aggregate id.</summary>
    public string Subject { get; set; } = "";

    /// <summary>The event's JSON.</summary>
    public string Body { get; set; } = "";

    /// <summary>W3C trace context it came with.</summary>
    public string? TraceParent { get; set; }

    /// <summary>Why it failed, cut to 4,000 characters.</summary>
    public string Error { get; set; } = "";

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it was given up, UTC.</summary>
    public DateTimeOffset FailedAt { get; set; }

    /// <summary>True when it waits for another event and a job retries it by itself.</summary>
    public bool Waiting { get; set; }

    /// <summary>When it was resolved, UTC; null while open.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>How it was resolved.</summary>
    public string? Resolution { get; set; }
}

/// <summary>Publishing from a service's context.</summary>
public static class Publishing
{
    /// <summary>
    /// Adds the event to the outbox in the same transaction as the rest of the context's changes. Body, id and trace context are fixed now.
    /// Nothing is sent before the commit, and nothing is lost after it.
    /// </summary>
    public static void Publish(this DbContext db, IEvent message)
    {
        var activity = Activity.Current;
        db.Set<OutboxMessage>().Add(new OutboxMessage
        {
            MessageId = Guid.CreateVersion7(),
            Type = message.GetType().FullName!,
            Subject = message.Subject,
            Body = JsonSerializer.Serialize(message, message.GetType(), MessageJson.Options),
            TraceParent = activity?.Id,
            TraceState = activity?.TraceStateString,
            EnqueuedAt = AppTime.Cut(message.At),
        });
    }
}

/// <summary>How events are written as JSON, in the outbox and on the wire.</summary>
public static class MessageJson
{
    /// <summary>Camel case; nothing else special, so that any language can read them.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}

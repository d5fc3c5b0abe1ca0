namespace Grants.Contracts;

/// <summary>
/// What every event on the wire says about itself. The full name of the implementing record is the message's name on the wire:
/// renaming or moving one is a breaking change. Amounts are minor units with an ISO 4217 code; instants are UTC, cut to milliseconds.
/// </summary>
public interface IEvent
{
    /// <summary>Id of the aggregate the event is about. Events of one subject are delivered in the order they were published.</summary>
    string Subject { get; }

    /// <summary>The aggregate's version after the change, growing by one or more with each event; a consumer ignores what is older than what it holds.</summary>
    long SubjectVersion { get; }

    /// <summary>When it happened, UTC.</summary>
    DateTimeOffset At { get; }
}

/// <summary>An event about one application, later grant: its id is the lifecycle id that all traces and timelines of the grant share.</summary>
public interface IApplicationEvent : IEvent
{
    /// <summary>The lifecycle id: the application's id, which is the grant's id too.</summary>
    Guid ApplicationId { get; }
}

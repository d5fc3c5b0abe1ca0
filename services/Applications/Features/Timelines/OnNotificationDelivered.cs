using Grants.Applications.Domain;
using Grants.Contracts.Notifications;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>The letter with the outcome was released: from here on the applicant sees what it tells.</summary>
public sealed class OnNotificationDelivered(ApplicationsDb db) : IHandle<NotificationDelivered>
{
    /// <inheritdoc />
    public Task Handle(NotificationDelivered message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.LetterReleased, message.Kind));
        return Task.CompletedTask;
    }
}

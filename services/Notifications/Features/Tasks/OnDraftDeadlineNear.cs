using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Says loudly that a draft is not an application. The task ends with the submission, or with the call.</summary>
public sealed class OnDraftDeadlineNear(NotificationsDb db) : IHandle<DraftDeadlineNear>
{
    public async Task Handle(DraftDeadlineNear message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox draft due", message.ApplicationId);
        var task = await db.OpenAsync(
            new(ItemTemplate.DraftDue, Audience.Organisation(message.OrganisationId), message.ApplicationId, message.CallId, $"/applications/{message.ApplicationId}"),
            message, ct, message.ClosesAt, message.Title);
        if (await db.ClosedCalls.FindAsync([message.CallId], ct) is { } closed) task.Close(closed.ClosedAt);
    }
}

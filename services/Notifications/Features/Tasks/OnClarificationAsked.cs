using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Asks the applicants for an answer. The question is read on its page only.</summary>
public sealed class OnClarificationAsked(NotificationsDb db) : IHandle<ClarificationAsked>
{
    public async Task Handle(ClarificationAsked message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox clarification asked", message.ApplicationId);
        await db.OpenAsync(
            new(ItemTemplate.Clarify, Audience.Organisation(message.OrganisationId), message.ClarificationId, message.CallId,
                $"/applications/{message.ApplicationId}/clarifications/{message.ClarificationId}"),
            message, ct, message.DueAt);
    }
}

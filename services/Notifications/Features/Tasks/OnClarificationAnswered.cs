using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Closes the question, and tells the officer who asked that there is an answer, or that there will be none.</summary>
public sealed class OnClarificationAnswered(NotificationsDb db) : IHandle<ClarificationAnswered>
{
    public async Task Handle(ClarificationAnswered message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox clarification ended", message.ApplicationId);
        await db.CloseAsync(ItemTemplate.Clarify, message.ClarificationId, message.At, ct);
        await db.TellAsync(
            new(message.AnsweredBy is null ? ItemTemplate.Unanswered : ItemTemplate.Clarified, Audience.Person(message.AskedBy), message.ClarificationId, message.CallId,
                $"/desk/applications/{message.ApplicationId}"), message, ct);
    }
}

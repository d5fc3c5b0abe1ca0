using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Letters;

/// <summary>Holds the letter of a rejection. The applicant learns of it when an officer releases it.</summary>
public sealed class OnApplicationRejected(NotificationsDb db) : IHandle<ApplicationRejected>
{
    public async Task Handle(ApplicationRejected message, CancellationToken ct)
    {
        using var span = Tracing.Start("letter hold", message.ApplicationId);
        var letter = new Letter
        {
            Id = Guid.CreateVersion7(),
            Kind = LetterKind.Rejection,
            ApplicationId = message.ApplicationId,
            CallId = message.CallId,
            OrganisationId = message.OrganisationId,
            OrganisationName = message.OrganisationName,
            Reference = message.Reference,
            Title = message.Title,
            Reason = message.Reason,
            Findings = message.Findings.Write(),
            DecidedAt = message.At,
            DecisionVersion = message.SubjectVersion,
        };
        await db.HoldAsync(letter, message, ct);
    }
}

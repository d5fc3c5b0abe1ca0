using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Letters;

/// <summary>Holds the letter that tells of a place on the reserve list. The applicant learns of it when an officer releases it.</summary>
public sealed class OnPutOnReserve(NotificationsDb db) : IHandle<PutOnReserve>
{
    public async Task Handle(PutOnReserve message, CancellationToken ct)
    {
        using var span = Tracing.Start("letter hold", message.ApplicationId);
        var letter = new Letter
        {
            Id = Guid.CreateVersion7(),
            Kind = LetterKind.Reserve,
            ApplicationId = message.ApplicationId,
            CallId = message.CallId,
            OrganisationId = message.OrganisationId,
            OrganisationName = message.OrganisationName,
            Reference = message.Reference,
            Title = message.Title,
            Reason = message.Reason,
            Findings = message.Findings.Write(),
            Place = message.Place,
            DecidedAt = message.At,
            DecisionVersion = message.SubjectVersion,
        };
        await db.HoldAsync(letter, message, ct);
    }
}

using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Letters;

/// <summary>Holds the letter of an award. The applicant learns of it when an officer releases it.</summary>
public sealed class OnAwardDecided(NotificationsDb db) : IHandle<AwardDecided>
{
    public async Task Handle(AwardDecided message, CancellationToken ct)
    {
        using var span = Tracing.Start("letter hold", message.ApplicationId);
        var letter = new Letter
        {
            Id = Guid.CreateVersion7(),
            Kind = LetterKind.Award,
            ApplicationId = message.ApplicationId,
            CallId = message.CallId,
            OrganisationId = message.OrganisationId,
            OrganisationName = message.OrganisationName,
            Reference = message.Reference,
            Title = message.Title,
            AmountMinor = message.AmountMinor,
            Currency = message.Currency,
            Reason = message.Reason,
            Findings = message.Findings.Write(),
            FromReserve = message.FromReserve,
            ContractingFrom = message.ContractingFrom,
            DecidedAt = message.At,
            DecisionVersion = message.SubjectVersion,
        };
        await db.HoldAsync(letter, message, ct);
    }
}

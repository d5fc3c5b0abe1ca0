using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>The grant agreement was offered.</summary>
public sealed class OnAgreementOffered(ApplicationsDb db) : IHandle<AgreementOffered>
{
    /// <inheritdoc />
    public Task Handle(AgreementOffered message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.AgreementOffered, message.AgreementNumber, message.AmountMinor, message.Currency));
        return Task.CompletedTask;
    }
}

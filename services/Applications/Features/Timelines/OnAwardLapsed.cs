using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>The award ended before its agreement was in force. The reason stays among staff, and the applicant sees it only if the letter of the award was released.</summary>
public sealed class OnAwardLapsed(ApplicationsDb db) : IHandle<AwardLapsed>
{
    /// <inheritdoc />
    public Task Handle(AwardLapsed message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.AwardLapsed, amountMinor: message.AmountMinor, currency: message.Currency));
        return Task.CompletedTask;
    }
}

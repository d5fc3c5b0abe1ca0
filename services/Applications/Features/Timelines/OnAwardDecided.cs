using Grants.Applications.Domain;
using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>A grant was awarded; the applicant sees it once the letter was released.</summary>
public sealed class OnAwardDecided(ApplicationsDb db) : IHandle<AwardDecided>
{
    /// <inheritdoc />
    public Task Handle(AwardDecided message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.Awarded, amountMinor: message.AmountMinor, currency: message.Currency));
        return Task.CompletedTask;
    }
}

using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>Somebody approved a payment; the applicant sees only that it was released.</summary>
public sealed class OnPaymentApproved(ApplicationsDb db) : IHandle<PaymentApproved>
{
    /// <inheritdoc />
    public Task Handle(PaymentApproved message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, message.Complete ? TimelineKind.PaymentReleased : TimelineKind.PaymentApprovedOnce));
        return Task.CompletedTask;
    }
}

using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>A payment came back, or was never made. The finance officer's words stay among staff.</summary>
public sealed class OnPaymentFailed(ApplicationsDb db) : IHandle<PaymentFailed>
{
    /// <inheritdoc />
    public Task Handle(PaymentFailed message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.PaymentFailed, amountMinor: message.AmountMinor, currency: message.Currency));
        return Task.CompletedTask;
    }
}

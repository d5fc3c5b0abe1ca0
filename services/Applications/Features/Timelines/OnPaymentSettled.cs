using System.Globalization;
using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>Paid, as the bank says.</summary>
public sealed class OnPaymentSettled(ApplicationsDb db) : IHandle<PaymentSettled>
{
    /// <inheritdoc />
    public Task Handle(PaymentSettled message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.Paid, message.PaidOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), message.AmountMinor, message.Currency));
        return Task.CompletedTask;
    }
}

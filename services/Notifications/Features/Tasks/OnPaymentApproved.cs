using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>An approver has done their part; with the last approval the payment is to be made.</summary>
public sealed class OnPaymentApproved(NotificationsDb db) : IHandle<PaymentApproved>
{
    public async Task Handle(PaymentApproved message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox approved", message.ApplicationId);
        await db.DidPartAsync(ItemTemplate.Approve, message.InstalmentId, message.ApprovedBy, ct);
        if (!message.Complete) return;
        await db.CloseAsync(ItemTemplate.Approve, message.InstalmentId, message.At, ct);
        await db.OpenAsync(
            new(ItemTemplate.Pay, Audience.Role(Role.FinanceOfficer), message.InstalmentId, message.CallId, $"/payments/{message.InstalmentId}"), message, ct);
    }
}

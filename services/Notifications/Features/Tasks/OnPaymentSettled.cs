using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Closes the payment and tells the grantee what was paid, and when.</summary>
public sealed class OnPaymentSettled(NotificationsDb db) : IHandle<PaymentSettled>
{
    public async Task Handle(PaymentSettled message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox paid", message.ApplicationId);
        await db.CloseAsync(ItemTemplate.Approve, message.InstalmentId, message.At, ct);
        await db.RefreshPaymentTasksAsync(
            message.InstalmentId, message.CallId, message, instalment => instalment.SettledVersion = Math.Max(instalment.SettledVersion, message.SubjectVersion), ct);
        await db.TellAsync(
            new(ItemTemplate.Paid, Audience.Organisation(message.OrganisationId), message.InstalmentId, message.CallId, $"/grants/{message.ApplicationId}", message.SubjectVersion),
            message, ct, new Money(message.AmountMinor, message.Currency), message.PaidOn);
    }
}

using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>The payment waits for approval again, and the grantee learns that the money did not arrive. The finance officer's words stay among staff.</summary>
public sealed class OnPaymentFailed(NotificationsDb db) : IHandle<PaymentFailed>
{
    public async Task Handle(PaymentFailed message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox payment failed", message.ApplicationId);
        await db.RefreshPaymentTasksAsync(
            message.InstalmentId, message.CallId, message, instalment => instalment.FailedVersion = Math.Max(instalment.FailedVersion, message.SubjectVersion), ct);
        await db.TellAsync(
            new(ItemTemplate.PaymentFailed, Audience.Organisation(message.OrganisationId), message.InstalmentId, message.CallId, $"/grants/{message.ApplicationId}", message.SubjectVersion),
            message, ct, new Money(message.AmountMinor, message.Currency));
    }
}

using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>An approver has done their part; with the last approval the payment is to be made.</summary>
public sealed class OnPaymentApproved(NotificationsDb db) : IHandle<PaymentApproved>
{
    public async Task Handle(PaymentApproved message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox approved", message.ApplicationId);
        await db.DidPartAsync(ItemTemplate.Approve, message.InstalmentId.ToString(), message.ApprovedBy, ct);
        if (await db.Instalments.FindAsync([message.InstalmentId], ct) is { FailedVersion: > 0 and var failed } && failed < message.SubjectVersion)
            await db.DidPartAsync(ItemTemplate.ApproveAgain, $"{message.InstalmentId}:{failed}", message.ApprovedBy, ct);
        if (!message.Complete) return;
        await db.CloseAsync(ItemTemplate.Approve, message.InstalmentId, message.At, ct);
        await db.RefreshPaymentTasksAsync(
            message.InstalmentId, message.CallId, message, instalment => instalment.ApprovedVersion = Math.Max(instalment.ApprovedVersion, message.SubjectVersion), ct);
    }
}

using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Asks the finance officers for their approvals.</summary>
public sealed class OnInstalmentRequested(NotificationsDb db) : IHandle<InstalmentRequested>
{
    public async Task Handle(InstalmentRequested message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox instalment", message.ApplicationId);
        await db.OpenAsync(
            new(ItemTemplate.Approve, Audience.Role(Role.FinanceOfficer), message.InstalmentId, message.CallId, $"/payments/{message.InstalmentId}"),
            message, ct, new Money(message.AmountMinor, message.Currency), message.Number);
    }
}

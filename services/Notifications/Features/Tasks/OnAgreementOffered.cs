using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Asks the grantee to accept the agreement; the bank account is known by then.</summary>
public sealed class OnAgreementOffered(NotificationsDb db) : IHandle<AgreementOffered>
{
    public async Task Handle(AgreementOffered message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox agreement offered", message.ApplicationId);
        await db.CloseAsync(ItemTemplate.Account, message.ApplicationId, message.At, ct);
        await db.CloseAsync(ItemTemplate.Prepare, message.ApplicationId, message.At, ct);
        await db.OpenAsync(
            new(ItemTemplate.Accept, Audience.Organisation(message.OrganisationId), message.ApplicationId, message.CallId,
                $"/grants/{message.ApplicationId}/agreement"),
            message, ct, new Money(message.AmountMinor, message.Currency), message.AgreementNumber);
    }
}

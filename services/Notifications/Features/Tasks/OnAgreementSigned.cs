using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>After the grantee the funder signs; after both, the grantee is told that the agreement is in force.</summary>
public sealed class OnAgreementSigned(NotificationsDb db) : IHandle<AgreementSigned>
{
    public async Task Handle(AgreementSigned message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox agreement signed", message.ApplicationId);
        if (message.Side == "grantee") await db.CloseAsync(ItemTemplate.Accept, message.ApplicationId, message.At, ct);
        if (message.InForce)
        {
            await db.CloseAsync(ItemTemplate.Accept, message.ApplicationId, message.At, ct);
            await db.CloseAsync(ItemTemplate.Sign, message.ApplicationId, message.At, ct);
            await db.TellAsync(
                new(ItemTemplate.InForce, Audience.Organisation(message.OrganisationId), message.ApplicationId, message.CallId,
                    $"/grants/{message.ApplicationId}"), message, ct);
        }
        else if (message.Side == "grantee")
        {
            await db.OpenAsync(
                new(ItemTemplate.Sign, Audience.Role(Role.DecisionMaker), message.ApplicationId, message.CallId,
                    $"/grants/{message.ApplicationId}/agreement"), message, ct);
        }
    }
}

using Grants.Contracts.Notifications;
using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>The applicant has been told of the award: from now on the grantee sees the grant.</summary>
public sealed class OnNotificationDelivered(DisbursementsDb db) : IHandle<NotificationDelivered>
{
    public async Task Handle(NotificationDelivered message, CancellationToken ct)
    {
        if (message.Kind != "award") return;
        using var span = Tracing.Start("award told", message.ApplicationId);
        if (await db.AwardLetters.AnyAsync(letter => letter.ApplicationId == message.ApplicationId, ct)) return;
        db.AwardLetters.Add(new AwardLetter { ApplicationId = message.ApplicationId, DeliveredAt = message.At });
    }
}

using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Asks the chair for recommendations once no further application can come, and nobody any more to submit a draft.</summary>
public sealed class OnCallClosed(NotificationsDb db) : IHandle<CallClosed>
{
    public async Task Handle(CallClosed message, CancellationToken ct)
    {
        if (await db.ClosedCalls.FindAsync([message.CallId], ct) is null) db.ClosedCalls.Add(new ClosedCall { CallId = message.CallId, ClosedAt = message.At });
        foreach (var late in await db.Items.Where(item => item.CallId == message.CallId && item.Template == ItemTemplate.DraftDue && item.DoneAt == null).ToListAsync(ct)) late.Close(message.At);
        await db.RefreshCommitteeTaskAsync(message.CallId, message.At, ct);
    }
}

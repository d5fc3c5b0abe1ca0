using Grants.Contracts.Accounts;
using Grants.Notifications.Domain;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Directory;

/// <summary>Keeps who holds which role. What a signed-in person may see is decided by their token; this copy tells whom a task waits for.</summary>
public sealed class OnRoleGranted(NotificationsDb db) : IHandle<RoleGranted>
{
    public async Task Handle(RoleGranted message, CancellationToken ct)
    {
        if (await db.Roles.FindAsync([message.RoleGrantId], ct) is not null) return; // known, or revoked already
        db.Roles.Add(new RoleCopy { RoleGrantId = message.RoleGrantId, PersonId = message.PersonId, Role = message.Role, Scope = message.Scope });
    }
}

using Grants.Contracts.Accounts;
using Grants.Notifications.Domain;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Directory;

/// <summary>Ends a role. Before its grant has come it leaves a row that the grant will find.</summary>
public sealed class OnRoleRevoked(NotificationsDb db) : IHandle<RoleRevoked>
{
    public async Task Handle(RoleRevoked message, CancellationToken ct)
    {
        var role = await db.Roles.FindAsync([message.RoleGrantId], ct);
        if (role is null)
            db.Roles.Add(role = new RoleCopy { RoleGrantId = message.RoleGrantId, PersonId = message.PersonId, Role = message.Role, Scope = message.Scope });
        role.RevokedAt ??= message.At;
    }
}

using Grants.Accounts.Domain;
using Grants.Contracts.Accounts;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;

namespace Grants.Accounts;

/// <summary>Changes of people that others hear of: each adds its event and its line in the audit trail to the same transaction.</summary>
static class AccountsEvents
{
    /// <summary>Tells the others who the person is now.</summary>
    public static void PublishChanged(this AccountsDb db, Person person, DateTimeOffset now) =>
        db.Publish(new PersonChanged(person.Id, person.NextVersion(), now, person.Name, person.Email!, person.Language, person.Active));

    /// <summary>Gives a role.</summary>
    public static RoleGrant Grant(this AccountsDb db, Person person, string role, string scope, Guid by, string reason, DateTimeOffset now)
    {
        var grant = new RoleGrant { Id = Guid.CreateVersion7(), PersonId = person.Id, Role = role, Scope = scope, GrantedAt = now, GrantedBy = by, Reason = reason };
        db.RoleGrants.Add(grant);
        db.Audit(now, by, $"role.granted {role}@{scope}", person.Id, reason);
        db.Publish(new RoleGranted(person.Id, person.NextVersion(), now, grant.Id, role, scope));
        return grant;
    }

    /// <summary>Takes a role back.</summary>
    public static void Revoke(this AccountsDb db, Person person, RoleGrant grant, Guid by, string reason, DateTimeOffset now)
    {
        grant.Revoke(by, reason, now);
        db.Audit(now, by, $"role.revoked {grant.Role}@{grant.Scope}", person.Id, reason);
        db.Publish(new RoleRevoked(person.Id, person.NextVersion(), now, grant.Id, grant.Role, grant.Scope));
    }

    /// <summary>Makes a link that lets a person set a password, and asks for the mail with it.</summary>
    public static void SendInvitation(this AccountsDb db, Person person, DateTimeOffset now)
    {
        var (link, secret) = SecretLink.New(LinkKind.Invitation, now);
        link.PersonId = person.Id;
        db.Links.Add(link);
        db.Publish(new MailWithSecretRequested(link.Id, 1, now, "invitation", person.Email!, person.Name, person.Language, "/account/invitation?token=" + secret));
    }
}

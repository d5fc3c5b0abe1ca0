using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Directory;

/// <summary>Keeps who acts for an organisation: they share its inbox from then on, with everything that is in it already.</summary>
public sealed class OnOrganisationChanged(NotificationsDb db) : IHandle<OrganisationChanged>
{
    public async Task Handle(OrganisationChanged message, CancellationToken ct)
    {
        var organisation = await db.Organisations.FindAsync([message.OrganisationId], ct);
        if (organisation is null) db.Organisations.Add(organisation = new OrganisationCopy { Id = message.OrganisationId });
        else if (organisation.Version >= message.SubjectVersion) return;

        organisation.Version = message.SubjectVersion;
        organisation.Name = message.Name;
        organisation.Country = message.Country;
        var members = message.Members.DistinctBy(member => member.PersonId).ToDictionary(member => member.PersonId);
        foreach (var known in await db.Memberships.Where(member => member.OrganisationId == message.OrganisationId).ToListAsync(ct))
        {
            if (members.Remove(known.PersonId, out var now)) known.MayCommit = now.MayCommit;
            else db.Memberships.Remove(known);
        }

        db.Memberships.AddRange(members.Values.Select(member =>
            new Membership { OrganisationId = message.OrganisationId, PersonId = member.PersonId, MayCommit = member.MayCommit }));
    }
}

using Grants.Contracts.Applications;
using Grants.Disbursements.Domain;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>Keeps who acts for an organisation. People who left stay known as former: they are still tied to it when payments are approved.</summary>
public sealed class OnOrganisationChanged(DisbursementsDb db) : IHandle<OrganisationChanged>
{
    public async Task Handle(OrganisationChanged message, CancellationToken ct)
    {
        // Two versions handled at once: without the lock the older could be written last, and who was removed would act for it again.
        await db.Organisations.Where(known => known.Id == message.OrganisationId)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.Version, known => known.Version), ct);
        var organisation = await db.Organisations.SingleOrDefaultAsync(known => known.Id == message.OrganisationId, ct);
        var people = await db.OrganisationPeople.Where(person => person.OrganisationId == message.OrganisationId).ToListAsync(ct);
        // An older version still tells who once belonged to it.
        var isOlder = organisation is not null && organisation.Version >= message.SubjectVersion;
        foreach (var member in message.Members.Where(member => people.TrueForAll(known => known.PersonId != member.PersonId)))
        {
            var person = new OrganisationPerson { OrganisationId = message.OrganisationId, PersonId = member.PersonId };
            people.Add(person);
            db.OrganisationPeople.Add(person);
        }

        if (isOlder) return;
        if (organisation is null) db.Organisations.Add(organisation = new Organisation { Id = message.OrganisationId });
        organisation.Version = message.SubjectVersion;
        organisation.Name = message.Name;
        organisation.RegistrationNumber = message.RegistrationNumber;
        organisation.Town = message.Town;
        organisation.Country = message.Country;
        foreach (var person in people)
        {
            var member = message.Members.FirstOrDefault(m => m.PersonId == person.PersonId);
            person.Active = member is not null;
            person.MayCommit = member?.MayCommit ?? false;
        }
    }
}

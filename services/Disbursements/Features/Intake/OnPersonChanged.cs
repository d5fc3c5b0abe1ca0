using Grants.Contracts.Accounts;
using Grants.Disbursements.Domain;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>Keeps names, to show who did what.</summary>
public sealed class OnPersonChanged(DisbursementsDb db) : IHandle<PersonChanged>
{
    public async Task Handle(PersonChanged message, CancellationToken ct)
    {
        var person = await db.People.SingleOrDefaultAsync(known => known.Id == message.PersonId, ct);
        if (person is not null && person.Version >= message.SubjectVersion) return;
        if (person is null) db.People.Add(person = new Person { Id = message.PersonId });
        person.Version = message.SubjectVersion;
        person.Name = message.Name;
    }
}

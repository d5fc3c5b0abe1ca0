using Grants.Applications.Domain;
using Grants.Contracts.Accounts;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Organisations;

/// <summary>Keeps the copy of people by which members are found and named.</summary>
public sealed class OnPersonChanged(ApplicationsDb db) : IHandle<PersonChanged>
{
    /// <inheritdoc />
    public async Task Handle(PersonChanged message, CancellationToken ct)
    {
        var person = await db.People.FindAsync([message.PersonId], ct);
        if (person is null) db.Add(person = new Person { Id = message.PersonId });
        else if (person.Version >= message.SubjectVersion) return;
        person.Version = message.SubjectVersion;
        person.Name = message.Name;
        person.Email = Person.Normal(message.Email);
        person.Language = message.Language;
        person.Active = message.Active;
    }
}

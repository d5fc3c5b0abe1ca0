using Grants.Contracts.Accounts;
using Grants.Notifications.Domain;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Directory;

/// <summary>Keeps name, address and language of people, for letters' lists of readers and for mails.</summary>
public sealed class OnPersonChanged(NotificationsDb db) : IHandle<PersonChanged>
{
    public async Task Handle(PersonChanged message, CancellationToken ct)
    {
        var person = await db.People.FindAsync([message.PersonId], ct);
        if (person is null) db.People.Add(person = new PersonCopy { Id = message.PersonId });
        else if (person.Version >= message.SubjectVersion) return;

        person.Version = message.SubjectVersion;
        person.Name = message.Name;
        person.Email = message.Email;
        person.Language = message.Language;
        person.Active = message.Active;
    }
}

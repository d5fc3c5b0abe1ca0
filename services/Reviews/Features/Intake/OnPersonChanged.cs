using Grants.Contracts.Accounts;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>Copies people's names, which officers see when they assign, and the language they read.</summary>
public sealed class OnPersonChanged(ReviewsDb db) : IHandle<PersonChanged>
{
    public async Task Handle(PersonChanged message, CancellationToken ct)
    {
        var held = await db.People.FindAsync([message.PersonId], ct);
        if (held is null)
            db.People.Add(held = new Person { Id = message.PersonId });
        else if (message.SubjectVersion <= held.SubjectVersion)
            return;

        held.SubjectVersion = message.SubjectVersion;
        held.Name = message.Name;
        held.Language = message.Language;
        held.Active = message.Active;
    }
}

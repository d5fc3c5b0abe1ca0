using Grants.Contracts.Accounts;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails.Wording;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Mails;

/// <summary>Writes the mail that carries a secret link. It waits until a mail server takes it.</summary>
public sealed class OnMailWithSecretRequested(NotificationsDb db) : IHandle<MailWithSecretRequested>
{
    public async Task Handle(MailWithSecretRequested message, CancellationToken ct)
    {
        if (!MailText.Templates.Contains(message.Template)) throw new InvalidOperationException($"There is no mail '{message.Template}'.");
        if (await db.Mails.FindAsync([message.MailId], ct) is not null) return;
        db.Mails.Add(new Mail
        {
            Id = message.MailId,
            Template = message.Template,
            To = message.To,
            Name = message.Name,
            Language = message.Language,
            Link = message.Link,
            State = MailState.Waiting,
            CreatedAt = message.At,
        });
    }
}

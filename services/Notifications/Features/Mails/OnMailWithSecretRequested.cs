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
        if (!MailText.WithSecret.Contains(message.Template)) throw new InvalidOperationException($"There is no mail '{message.Template}'.");
        if (await db.Mails.FindAsync([message.MailId], ct) is not null) return;
        db.Mails.Add(Mail.WithSecret(message.MailId, message.Template, message.To, message.Name, message.Language, message.Link, message.At));
    }
}

using System.Collections.Concurrent;
using System.Net.Sockets;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails.Wording;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Grants.Notifications.Features.Mails;

/// <summary>
/// Brings mails to the mail server. Each is claimed before it is sent, so that of two replicas one sends it, and its end is recorded after the server's answer. Only a
/// process that dies between the two sends it again, when the lease has ended, under the same Message-ID.
/// </summary>
public sealed partial class SendMails(MailSettings settings, Func<PublicOrigin> origin, IServiceScopeFactory scopes, AppTime clock, ILogger<SendMails> logger)
{
    const int Batch = 100;

    /// <summary>How long a server may take for all that one mail needs; far less than <see cref="Mail.Lease"/>.</summary>
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    // What the server answered while the database was away: to be recorded, and not to be sent again.
    readonly ConcurrentDictionary<Guid, Action<Mail>> unrecorded = new();
    DateTimeOffset pausedUntil = DateTimeOffset.MinValue;
    int failures;

    /// <summary>Sends what is due. One that is being sent when the process is asked to stop is sent to its end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var (id, record) in unrecorded)
        {
            await RecordAsync(id, record);
            unrecorded.TryRemove(id, out _);
        }

        if (settings.Server is not { } server || clock.Now < pausedUntil) return;
        using var client = new SmtpClient { CheckCertificateRevocation = false, LocalDomain = new Uri(origin().Value).Host };
        foreach (var id in await DueAsync(ct))
        {
            if (ct.IsCancellationRequested) break;
            if (await ClaimAsync(id, ct) is { } outgoing && !await SendAsync(client, server, outgoing)) break;
        }

        if (!client.IsConnected) return;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await client.DisconnectAsync(quit: true, deadline.Token); // a server that does not say goodbye is left without
    }

    async Task<List<Guid>> DueAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<NotificationsDb>(), clock.Now);
        return await db.Mails.Where(mail => mail.State == MailState.Waiting && (mail.DueAt == null || mail.DueAt <= now))
            .OrderBy(mail => mail.CreatedAt).Take(Batch).Select(mail => mail.Id).ToListAsync(ct);
    }

    /// <summary>Takes a mail for this process; null when there is nothing to send, or somebody else sends it.</summary>
    async Task<Outgoing?> ClaimAsync(Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<NotificationsDb>(), clock.Now);
        var mail = await db.Mails.SingleAsync(found => found.Id == id, ct);
        if (!mail.IsDue(now)) return null;
        var about = await MailAbout.OfAsync(db, mail, ct);
        if (about.Reader is { } reader) mail.Address(reader);
        if (!about.IsNeeded) mail.Drop(now);
        else if (about.IsComplete) mail.Claim(now);
        else mail.WaitForMore(now);

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            return null; // another replica has it
        }

        return about is { IsNeeded: true, IsComplete: true } ? new Outgoing(mail, MailText.Of(mail, about), about.ApplicationId) : null;
    }

    /// <summary>Sends one mail; false when the next would fare no better.</summary>
    async Task<bool> SendAsync(SmtpClient client, MailServer server, Outgoing outgoing)
    {
        using var span = outgoing.ApplicationId is { } application ? Tracing.Start("mail send", application) : Tracing.Source.StartActivity("mail send");
        using var deadline = new CancellationTokenSource(Deadline);
        var mail = outgoing.Mail;
        if (!MailboxAddress.TryParse(mail.To, out var to) || to.Address != mail.To.Trim() || !to.Address.Contains('@', StringComparison.Ordinal))
        {
            await EndAsync(mail, found => found.Refuse("This is not an e-mail address.", clock.Now), "refused", "address");
            return true;
        }

        to.Name = mail.Name;
        var isReady = client.IsConnected;
        try
        {
            if (!isReady)
            {
                await client.ConnectAsync(server.Host, server.Port, server.Security, deadline.Token);
                if (server.User is not null) await client.AuthenticateAsync(server.User, server.Password!, deadline.Token);
            }

            isReady = true;
            var answer = await client.SendAsync(Compose(outgoing, server, to), deadline.Token);
            failures = 0;
            await EndAsync(mail, found => found.Take(Cut(answer), clock.Now), "sent", "250");
            return true;
        }
        catch (SmtpCommandException e) when (e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted && (int)e.StatusCode >= 500)
        {
            await EndAsync(mail, found => found.Refuse(Said(e), clock.Now), "refused", ((int)e.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return client.IsConnected;
        }
        catch (NotSupportedException e) when (isReady)
        {
            // An address with letters that this server cannot send to.
            await EndAsync(mail, found => found.Refuse(Cut(e.Message), clock.Now), "refused", "address");
            return true;
        }
        catch (Exception e) when (e is CommandException or ProtocolException or AuthenticationException or SslHandshakeException or SocketException or IOException
            or OperationCanceledException or NotSupportedException or ServiceNotAuthenticatedException or ServiceNotConnectedException)
        {
            var refusedForNow = e is SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted } && client.IsConnected;
            var why = e is SmtpCommandException said ? Said(said) : Cut(e is OperationCanceledException ? "The mail server did not answer in time." : e.Message);
            await EndAsync(mail, found => found.Postpone(why, clock.Now), "postponed", e is SmtpCommandException code ? ((int)code.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture) : e.GetType().Name);
            if (refusedForNow) return true;
            // Nobody there, or nobody who takes mails from us: all others would only meet the same.
            pausedUntil = clock.Now + TimeSpan.FromSeconds(Math.Min(1 << Math.Min(++failures, 10), 60));
            return false;
        }
    }

    async Task EndAsync(Mail mail, Action<Mail> record, string outcome, string code)
    {
        Log.Ended(logger, mail.Id, outcome, code);
        unrecorded[mail.Id] = record;
        await RecordAsync(mail.Id, record);
        unrecorded.TryRemove(mail.Id, out _);
    }

    async Task RecordAsync(Guid id, Action<Mail> record)
    {
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<NotificationsDb>();
            record(await db.Mails.SingleAsync(found => found.Id == id, CancellationToken.None));
            try
            {
                await db.SaveChangesAsync(CancellationToken.None);
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                // The lease had ended and somebody else touched it: what the server said still holds.
            }
        }
    }

    MimeMessage Compose(Outgoing outgoing, MailServer server, MailboxAddress to)
    {
        var text = outgoing.Text;
        var address = origin().Value + Platform.Ui.Pages.LocalPath(outgoing.Mail.Link);
        var message = new MimeMessage
        {
            // The host people know, and not the machine's name.
            MessageId = $"{outgoing.Mail.Id:N}@{new Uri(origin().Value).Host}",
            Date = clock.Now,
            Subject = text.Subject,
            Body = new BodyBuilder { TextBody = text.Plain(address), HtmlBody = text.Html(address) }.ToMessageBody(),
        };
        message.From.Add(server.Sender);
        message.To.Add(to);
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, text.Language);
        return message;
    }

    static string Said(SmtpCommandException e) => Cut($"{(int)e.StatusCode} {e.Message}");

    static string Cut(string text) => text.Length <= 500 ? text : text[..500];

    sealed record Outgoing(Mail Mail, MailText Text, Guid? ApplicationId);

    static partial class Log
    {
        // The server's words stay in the row: they may name the address.
        [LoggerMessage(1, LogLevel.Information, "Mail {MailId} was {Outcome}: {Code}")]
        public static partial void Ended(ILogger logger, Guid mailId, string outcome, string code);
    }
}

/// <summary>Registering the delivery of mails.</summary>
static class MailDelivery
{
    public static void Register(IServiceCollection services)
    {
        services.AddPublicOrigin();
        services.AddSingleton(provider => new MailSettings(MailServer.From(provider.GetRequiredService<IConfiguration>())));
        services.AddSingleton(provider => new SendMails(
            provider.GetRequiredService<MailSettings>(), provider.GetRequiredService<PublicOrigin>, provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<AppTime>(), provider.GetRequiredService<ILogger<SendMails>>()));
        services.AddDueLoop("notifications.written-mails", (provider, ct) =>
            WriteMails.RunAsync(provider.GetRequiredService<NotificationsDb>(), provider.GetRequiredService<AppTime>(), ct));
        // Made with the host: wrong settings end the start instead of filling the log.
        services.AddSingleton<IHostedService>(provider =>
        {
            var sender = provider.GetRequiredService<SendMails>();
            return new DueLoop(
                "notifications.sent-mails", provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<ILogger<DueLoop>>(), (_, ct) => sender.RunAsync(ct));
        });
    }
}

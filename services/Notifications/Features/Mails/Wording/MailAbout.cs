using Grants.Contracts.Calls;
using Grants.Notifications.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Mails.Wording;

/// <summary>What is known of what a mail is about, and of whom it is for. Its parts come with different events in any order.</summary>
/// <param name="Reader">The reader's account; null when it has not come yet, and for a mail to an address.</param>
/// <param name="Call">Newest definition of the call; null when it is about none, or when that has not come yet.</param>
/// <param name="ApplicationId">The application; null when it is about none.</param>
/// <param name="Reference">Its reference; empty while that has not come, and for a draft.</param>
/// <param name="Title">Title of the project; empty likewise.</param>
/// <param name="IsNeeded">False once the task is done, or the reader gone.</param>
/// <param name="IsComplete">Whether enough has come to write it.</param>
public sealed record MailAbout(PersonCopy? Reader, CallDefinition? Call, Guid? ApplicationId, string Reference, string Title, bool IsNeeded, bool IsComplete)
{
    public static async Task<MailAbout> OfAsync(NotificationsDb db, Mail mail, CancellationToken ct)
    {
        if (mail.ItemId is not { } itemId || mail.PersonId is not { } personId) return new MailAbout(null, null, null, "", "", true, mail.To.Length > 0);

        var item = (await db.Items.FindAsync([itemId], ct))!;
        var reader = await db.People.FindAsync([personId], ct);
        var application = item.ApplicationId is { } id ? await db.Applications.FindAsync([id], ct) : null;
        var call = await db.Calls.AsNoTracking().Where(version => version.CallId == item.CallId).OrderByDescending(version => version.Version).FirstOrDefaultAsync(ct);
        // Whoever left the organisation since is told nothing of it any more.
        var gone = reader is { Active: false } || (Audience.OrganisationOf(item.Audience) is { } organisation
            && await db.Memberships.FindAsync([organisation, personId], ct) is null);
        return new MailAbout(
            reader, call?.Read(), item.ApplicationId, application?.Reference ?? "", application?.Title ?? "", item.DoneAt is null && !gone,
            reader is not null && call is not null && (item.Template == ItemTemplate.DraftDue || application is { Reference.Length: > 0 }));
    }
}

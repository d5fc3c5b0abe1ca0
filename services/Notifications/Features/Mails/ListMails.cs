using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails.Wording;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Mails;

/// <summary>
/// GET /mails: the newest mails with their links, in demo mode only, where it stands in for everybody's mailbox. Whoever has just registered is not
/// signed in yet, so that it is public there; anywhere else it does not exist.
/// </summary>
public static class ListMails
{
    const int Newest = 100;

    /// <summary>A mail as it reads.</summary>
    public sealed record Line(Mail Mail, MailText Text);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/mails", Handle).Public();

    static async Task<IResult> Handle(NotificationsDb db, PageContext page, CancellationToken ct)
    {
        if (!page.DemoMode) return Pages.NotFound();
        var lines = new List<Line>();
        foreach (var mail in await db.Mails.AsNoTracking().OrderByDescending(mail => mail.CreatedAt).ThenByDescending(mail => mail.Id).Take(Newest).ToListAsync(ct))
        {
            var about = await MailAbout.OfAsync(db, mail, ct);
            if (about.Reader is { } reader) mail.Address(reader);
            lines.Add(new Line(mail, MailText.Of(mail, about)));
        }

        return Pages.Show<ListMailsPage>(new { Lines = lines });
    }
}

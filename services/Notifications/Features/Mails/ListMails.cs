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

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/mails", Handle).Public();

    static async Task<IResult> Handle(NotificationsDb db, PageContext page, CancellationToken ct)
    {
        if (!page.DemoMode) return Pages.NotFound();
        var mails = await db.Mails.AsNoTracking().OrderByDescending(mail => mail.CreatedAt).ThenByDescending(mail => mail.Id).Take(Newest).ToListAsync(ct);
        return Pages.Show<ListMailsPage>(new { Mails = mails });
    }
}

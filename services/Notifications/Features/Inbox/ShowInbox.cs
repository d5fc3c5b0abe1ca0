using Grants.Notifications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Inbox;

/// <summary>GET /inbox: what waits for the reader, longest first, then what they were told, newest first.</summary>
public static class ShowInbox
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/inbox", Handle).SignedIn("shows only what is for the reader");

    static async Task<IResult> Handle(Caller caller, NotificationsDb db, CancellationToken ct)
    {
        var lines = await InboxOf.Async(db, caller, ct);
        return Pages.Show<InboxPage>(new
        {
            Tasks = lines.Where(line => line.Item.Kind == ItemKind.Task).Reverse().ToList(),
            Notices = lines.Where(line => line.Item.Kind == ItemKind.Notice).ToList(),
        });
    }
}

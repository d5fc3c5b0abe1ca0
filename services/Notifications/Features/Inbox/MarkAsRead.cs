using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Inbox;

/// <summary>POST /inbox/{itemId}/read: the reader has read a notice. Others of its audience have not, and tasks are closed by what happens.</summary>
public static class MarkAsRead
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/inbox/{itemId:guid}/read", Handle).SignedIn("the notice is in the reader's inbox");

    static async Task<IResult> Handle(Guid itemId, Caller caller, NotificationsDb db, AppTime clock, CancellationToken ct)
    {
        var line = (await InboxOf.Async(db, caller, ct)).SingleOrDefault(line => line.Item.Id == itemId && line.Item.Kind == ItemKind.Notice);
        if (line is null) return Pages.NotFound();
        if (line.Read) return Results.LocalRedirect("/inbox");

        if (line.Item.ApplicationId is { } applicationId) Tracing.Mark(applicationId);
        db.ReadMarks.Add(new ReadMark { ItemId = itemId, PersonId = caller.PersonId, ReadAt = clock.Now });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A double click: it is marked already.
        }

        return Results.LocalRedirect("/inbox");
    }
}

using Grants.Accounts.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>A new link for somebody whose invitation ended, or who lost the password. Earlier links end.</summary>
static class SendNewLink
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/people/{personId:guid}/link", Handle).ForRoles("administrator everywhere", Role.Administrator);

    static async Task<IResult> Handle(Guid personId, Caller caller, AccountsDb db, AppTime clock, CancellationToken ct)
    {
        if (!Administrators.IsOne(caller) || await db.People.FirstOrDefaultAsync(found => found.Id == personId && found.Active, ct) is not { } person) return Pages.NotFound();
        var now = clock.Now;
        db.Links.RemoveRange(await db.Links.Where(link => link.PersonId == personId && link.Kind == LinkKind.Invitation && link.UsedAt == null).ToListAsync(ct));
        db.SendInvitation(person, now);
        db.Audit(now, caller.PersonId, "invitation.sent", personId);
        await db.SaveChangesAsync(ct);
        return Results.LocalRedirect($"/people/{personId}?saved=link");
    }
}

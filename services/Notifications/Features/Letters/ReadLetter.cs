using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Letters;

/// <summary>GET /inbox/letters/{letterId}: a released letter, for those who act for the organisation it went to.</summary>
public static class ReadLetter
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/inbox/letters/{letterId:guid}", Handle).SignedIn("acts for the organisation, and the letter is released");

    static async Task<IResult> Handle(Guid letterId, Caller caller, NotificationsDb db, PageContext page, CancellationToken ct, string? language = null)
    {
        var letter = await db.Letters.AsNoTracking().Where(letter => letter.Id == letterId && letter.State == LetterState.Released)
            .Where(letter => db.Memberships.Any(member => member.OrganisationId == letter.OrganisationId && member.PersonId == caller.PersonId))
            .SingleOrDefaultAsync(ct);
        if (letter is null) return Pages.NotFound();
        Tracing.Mark(letter.ApplicationId);
        return Pages.Show<ReadLetterPage>(new { Letter = await LetterDesk.OpenAsync(db, letter, ct), Language = language ?? page.Language });
    }
}

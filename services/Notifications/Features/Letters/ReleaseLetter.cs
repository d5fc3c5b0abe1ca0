using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters;

/// <summary>POST /mails/letters/{letterId}/release: the applicant may read the letter from now on, and its words can never change again.</summary>
public static class ReleaseLetter
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/mails/letters/{letterId:guid}/release", Handle).ForRoles("letters in the scope of the role", Role.ProgrammeOfficer);

    static async Task<IResult> Handle(Guid letterId, Caller caller, NotificationsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct)
    {
        if (await LetterDesk.FindAsync(db, caller, [Role.ProgrammeOfficer], letterId, ct) is not { } desk) return Pages.NotFound();
        var letter = desk.Letter;
        using var span = Tracing.Start("letter release", letter.ApplicationId);
        if (letter.State == LetterState.Released) return Results.LocalRedirect($"/mails/letters/{letterId}"); // a second click
        if (letter.State == LetterState.Superseded) return Refuse("release.superseded");
        if (letter.State == LetterState.Dropped) return Refuse("release.dropped");
        if (!desk.CanBeReleased) return Refuse("release.notYet");
        if (form["seen"] != desk.Digest) return Refuse("release.changed");

        // If somebody else released it at the same moment, or a newer decision came, the page shows which. One instant for all: services compare by it.
        await db.ReleaseAsync(desk, caller.PersonId, clock.Now, ct);
        return Results.LocalRedirect($"/mails/letters/{letterId}");

        IResult Refuse(string why) => Pages.Show<PreviewLetterPage>(
            new { Letter = desk, Language = page.Language, MayRelease = true, Problem = page.Text<PreviewLetterPage>(why) }, StatusCodes.Status409Conflict);
    }
}

using Grants.Contracts.Notifications;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Tasks;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

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
        if (!desk.CanBeReleased) return Refuse("release.notYet");
        if (form["seen"] != desk.Digest) return Refuse("release.changed");

        var now = clock.Now; // one instant for all: services compare by it
        letter.Release(caller.PersonId, now);
        db.ReleasedLetters.AddRange(desk.Texts.Select(text =>
            new ReleasedLetter { LetterId = letterId, Language = text.Language, Heading = text.Heading, Body = text.Body, Sha256 = text.Sha256 }));
        var delivered = new NotificationDelivered(letter.ApplicationId, letter.Version, now, letterId, LetterWords.Key(letter.Kind), caller.PersonId);
        await db.CloseAsync(ItemTemplate.ReleaseLetter, letterId, now, ct);
        var organisation = Audience.Organisation(letter.OrganisationId);
        await db.TellAsync(new(ItemTemplate.Letter, organisation, letterId, letter.CallId, $"/inbox/letters/{letterId}"), delivered, ct);
        if (letter.Kind == LetterKind.Award)
        {
            await db.OpenAsync(
                new(ItemTemplate.Account, organisation, letter.ApplicationId, letter.CallId, $"/grants/{letter.ApplicationId}/account"), delivered, ct);
            await db.OpenAsync(
                new(ItemTemplate.Prepare, Audience.Role(Role.ProgrammeOfficer), letter.ApplicationId, letter.CallId,
                    $"/grants/{letter.ApplicationId}/preparation"), delivered, ct);
        }

        db.Audit(now, caller.PersonId, "letter.released", letterId);
        db.Publish(delivered);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (Exception e) when (e is DbUpdateConcurrencyException || e is DbUpdateException update && update.IsUniqueViolation())
        {
            // Somebody else released it at the same moment, or a newer decision came: the page shows which.
        }

        return Results.LocalRedirect($"/mails/letters/{letterId}");

        IResult Refuse(string why) => Pages.Show<PreviewLetterPage>(
            new { Letter = desk, Language = page.Language, MayRelease = true, Problem = page.Text<PreviewLetterPage>(why) }, StatusCodes.Status409Conflict);
    }
}

using Grants.Notifications.Domain;
using Grants.Notifications.Features.Mails;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters;

/// <summary>GET /mails/letters/{letterId}: the letter exactly as it will read, whom it tells, and the button that lets it go.</summary>
public static class PreviewLetter
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/mails/letters/{letterId:guid}", Handle).ForRoles("letters in the scope of the role", LetterDesk.Readers);

    static async Task<IResult> Handle(Guid letterId, Caller caller, NotificationsDb db, PageContext page, CancellationToken ct, string? language = null)
    {
        if (await LetterDesk.FindAsync(db, caller, LetterDesk.Readers, letterId, ct) is not { } letter) return Pages.NotFound();
        Tracing.Mark(letter.Letter.ApplicationId);
        var mayRelease = (await LetterDesk.LettersOfAsync(db, caller, [Role.ProgrammeOfficer], letterId, ct)).Count == 1;
        var key = letterId.ToString();
        var mails = await ListApplicationMails.OfAsync(db, item => item.Template == ItemTemplate.Letter && item.SubjectKey == key, ct);
        return Pages.Show<PreviewLetterPage>(new { Letter = letter, Language = language ?? page.Language, MayRelease = mayRelease, Mails = mails });
    }
}

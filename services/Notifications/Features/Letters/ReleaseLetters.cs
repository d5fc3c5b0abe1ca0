using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters;

/// <summary>
/// GET and POST /mails/letters/release/{callId}: all held letters of a call at once, after a page that names each. Every letter is a transaction of its own; one that changed
/// since the page was read stays held, and the answer says so.
/// </summary>
public static class ReleaseLetters
{
    /// <summary>A held letter on the page, and why it was not released; null before, or when it was.</summary>
    public sealed record Line(LetterOnDesk Desk, string? Problem = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mails/letters/release/{callId:guid}", Ask).ForRoles("letters in the scope of the role", Role.ProgrammeOfficer);
        routes.MapPost("/mails/letters/release/{callId:guid}", Handle).ForRoles("letters in the scope of the role", Role.ProgrammeOfficer);
    }

    static async Task<IResult> Ask(Guid callId, Caller caller, NotificationsDb db, CancellationToken ct)
    {
        var held = await HeldAsync(db, caller, callId, ct);
        // Whoever has nothing to do with the call does not learn that it is there.
        if (held.Count == 0 && !(await LetterDesk.LettersOfAsync(db, caller, [Role.ProgrammeOfficer], null, ct)).Any(letter => letter.CallId == callId)) return Pages.NotFound();
        return Pages.Show<ReleaseLettersPage>(new { CallId = callId, Lines = held.Select(desk => new Line(desk)).ToList() });
    }

    static async Task<IResult> Handle(Guid callId, Caller caller, NotificationsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct)
    {
        var left = new List<Line>();
        var released = 0;
        foreach (var seen in form.All("letter").Distinct())
        {
            var parts = seen.Split(':', 2);
            if (parts.Length != 2 || !Guid.TryParse(parts[0], out var id)) return Pages.NotFound();
            db.ChangeTracker.Clear();
            if (await LetterDesk.FindAsync(db, caller, [Role.ProgrammeOfficer], id, ct) is not { } desk || desk.Letter.CallId != callId) return Pages.NotFound();
            using var span = Tracing.Start("letter release", desk.Letter.ApplicationId);
            if (desk.Letter.State == LetterState.Released) continue; // a second click
            var problem = desk.Letter.State switch
            {
                LetterState.Superseded => "release.superseded",
                LetterState.Dropped => "release.dropped",
                _ when !desk.CanBeReleased => "release.notYet",
                _ when parts[1] != desk.Digest => "release.changed",
                _ => await db.ReleaseAsync(desk, caller.PersonId, clock.Now, ct) ? null : "release.changed",
            };
            if (problem is null) released++;
            else left.Add(new Line(desk, page.Text<ReleaseLettersPage>(problem)));
        }

        return left.Count == 0
            ? Results.LocalRedirect("/mails/letters?state=released")
            : Pages.Show<ReleaseLettersPage>(new { CallId = callId, Lines = left, Released = released }, StatusCodes.Status409Conflict);
    }

    static async Task<IReadOnlyList<LetterOnDesk>> HeldAsync(NotificationsDb db, Caller caller, Guid callId, CancellationToken ct)
    {
        var held = new List<LetterOnDesk>();
        foreach (var letter in (await LetterDesk.LettersOfAsync(db, caller, [Role.ProgrammeOfficer], null, ct)).Where(letter => letter.CallId == callId && letter.State == LetterState.Held))
            held.Add(await LetterDesk.OpenAsync(db, letter, ct));
        return [.. held.OrderBy(desk => desk.Letter.Reference, StringComparer.Ordinal)];
    }
}

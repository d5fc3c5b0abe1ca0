using Grants.Notifications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters;

/// <summary>GET /mails/letters: outcome letters in the reader's scope, those that wait first.</summary>
public static class ListLetters
{
    /// <summary>How many letters of a call are held.</summary>
    public sealed record HeldOfCall(Guid CallId, string Title, int Count);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/mails/letters", Handle).ForRoles("letters in the scope of the role", LetterDesk.Readers);

    static async Task<IResult> Handle(Caller caller, NotificationsDb db, PageContext page, CancellationToken ct, string? state = null)
    {
        var letters = await LetterDesk.LettersOfAsync(db, caller, LetterDesk.Readers, null, ct);
        LetterState? chosen = Enum.TryParse<LetterState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        var shown = letters.Where(letter => chosen is null || letter.State == chosen).OrderBy(letter => letter.State).ToList();
        var releasable = (await LetterDesk.LettersOfAsync(db, caller, [Role.ProgrammeOfficer], null, ct)).Where(letter => letter.State == LetterState.Held);
        var held = new List<HeldOfCall>();
        foreach (var call in releasable.GroupBy(letter => letter.CallId).Where(call => call.Count() > 1))
        {
            var title = (await LetterDesk.CallAsync(db, call.Key, ct))?.Title;
            held.Add(new HeldOfCall(call.Key, LocalText.Pick(title, page.Language).Text, call.Count()));
        }

        return Pages.Show<ListLettersPage>(new { Letters = shown, All = letters, State = chosen, Held = held });
    }
}

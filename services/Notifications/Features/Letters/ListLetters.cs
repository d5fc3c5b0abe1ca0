using Grants.Notifications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;

namespace Grants.Notifications.Features.Letters;

/// <summary>GET /mails/letters: outcome letters in the reader's scope, those that wait first.</summary>
public static class ListLetters
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/mails/letters", Handle).ForRoles("letters in the scope of the role", LetterDesk.Readers);

    static async Task<IResult> Handle(Caller caller, NotificationsDb db, CancellationToken ct, string? state = null)
    {
        var letters = await LetterDesk.LettersOfAsync(db, caller, LetterDesk.Readers, null, ct);
        LetterState? chosen = Enum.TryParse<LetterState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        var shown = letters.Where(letter => chosen is null || letter.State == chosen).OrderBy(letter => letter.State).ToList();
        return Pages.Show<ListLettersPage>(new { Letters = shown, All = letters, State = chosen });
    }
}

using Grants.Contracts.Calls;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Letters.Wording;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Letters;

/// <summary>A letter with what an officer needs to know of it.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Call">The newest definition of its call; null when it has not come yet.</param>
/// <param name="Texts">As it reads, or will read, in each language; empty while the call is not known.</param>
/// <param name="Readers">How many people can read it once it is released.</param>
/// <param name="Template">The template it is made with.</param>
public sealed record LetterOnDesk(Letter Letter, CallDefinition? Call, IReadOnlyList<LetterText> Texts, int Readers, string Template)
{
    public string Zone => Call?.TimeZone ?? PageContext.DefaultZone;

    public bool CanBeReleased => Letter.CanBeReleased && Texts.Count > 0;

    public string Digest => LetterText.Digest(Texts);

    /// <summary>The letter in a language, else in the first one.</summary>
    public LetterText? In(string language) => Texts.FirstOrDefault(text => text.Language == language) ?? (Texts.Count > 0 ? Texts[0] : null);
}

/// <summary>Which letters somebody of staff reaches: those in the scope of a role, and never those to an organisation they act for.</summary>
public static class LetterDesk
{
    public static readonly string[] Readers = [Role.ProgrammeOfficer, Role.Auditor];

    public static async Task<IReadOnlyList<Letter>> LettersOfAsync(NotificationsDb db, Caller caller, string[] roles, Guid? only, CancellationToken ct)
    {
        var rows = await db.Letters
            .Where(letter => only == null || letter.Id == only)
            .Where(letter => !db.Memberships.Any(member => member.OrganisationId == letter.OrganisationId && member.PersonId == caller.PersonId))
            .OrderByDescending(letter => letter.DecidedAt).ThenBy(letter => letter.Reference)
            .Select(letter => new
            {
                Letter = letter,
                Programme = db.Calls.Where(call => call.CallId == letter.CallId).Select(call => call.Programme).FirstOrDefault(),
                Country = db.Organisations.Where(applicant => applicant.Id == letter.OrganisationId).Select(applicant => applicant.Country).FirstOrDefault(),
            }).ToListAsync(ct);
        return [.. rows.Where(row => caller.Holds(new Place(row.Programme ?? "", row.Letter.CallId, row.Country), roles)).Select(row => row.Letter)];
    }

    public static async Task<LetterOnDesk?> FindAsync(NotificationsDb db, Caller caller, string[] roles, Guid letterId, CancellationToken ct) =>
        (await LettersOfAsync(db, caller, roles, letterId, ct)).SingleOrDefault() is { } letter ? await OpenAsync(db, letter, ct) : null;

    public static async Task<LetterOnDesk> OpenAsync(NotificationsDb db, Letter letter, CancellationToken ct)
    {
        var call = await CallAsync(db, letter.CallId, ct);
        var eligible = await db.Applications.AsNoTracking().Where(application => application.Id == letter.ApplicationId).Select(application => application.Eligible).FirstOrDefaultAsync(ct) != false;
        var texts = letter.State == LetterState.Released ? await ReleasedAsync(db, letter.Id, ct) : call is null ? [] : LetterText.Compose(letter, call, eligible);
        return new LetterOnDesk(
            letter, call, texts, await db.Memberships.CountAsync(member => member.OrganisationId == letter.OrganisationId, ct), LetterText.TemplateOf(letter, eligible));
    }

    /// <summary>The newest definition of a call; null when it has not come yet.</summary>
    public static async Task<CallDefinition?> CallAsync(NotificationsDb db, Guid callId, CancellationToken ct) =>
        (await db.Calls.AsNoTracking().Where(version => version.CallId == callId).OrderByDescending(version => version.Version).FirstOrDefaultAsync(ct))?.Read();

    /// <summary>The texts as they went out, in the order of languages.</summary>
    public static async Task<IReadOnlyList<LetterText>> ReleasedAsync(NotificationsDb db, Guid letterId, CancellationToken ct)
    {
        var released = await db.ReleasedLetters.AsNoTracking().Where(text => text.LetterId == letterId).ToListAsync(ct);
        return [.. LetterText.Languages.Join(released, language => language, text => text.Language, (language, text) => new LetterText(language, text.Heading, text.Body))];
    }
}

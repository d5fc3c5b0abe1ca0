using Grants.Contracts.Notifications;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Letters.Wording;
using Grants.Notifications.Features.Tasks;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Letters;

/// <summary>Letting a letter go, alone or with others: its words are kept, the applicants find it, and the platform learns of it, all or nothing.</summary>
static class Releasing
{
    /// <summary>Releases a letter that can be; false when somebody else did at the same moment, or a newer decision came.</summary>
    public static async Task<bool> ReleaseAsync(this NotificationsDb db, LetterOnDesk desk, Guid officer, DateTimeOffset now, CancellationToken ct)
    {
        var letter = desk.Letter;
        letter.Release(officer, now);
        db.ReleasedLetters.AddRange(desk.Texts.Select(text => new ReleasedLetter
        {
            LetterId = letter.Id, Language = text.Language, Heading = text.Heading, Body = text.Body, Template = $"{desk.Template}/{LetterText.TemplateVersion}", Sha256 = text.Sha256,
        }));
        var delivered = new NotificationDelivered(letter.ApplicationId, letter.Version, now, letter.Id, LetterWords.Key(letter.Kind), officer);
        await db.CloseAsync(ItemTemplate.ReleaseLetter, letter.Id, now, ct);
        var organisation = Audience.Organisation(letter.OrganisationId);
        await db.TellAsync(new(ItemTemplate.Letter, organisation, letter.Id, letter.CallId, $"/inbox/letters/{letter.Id}"), delivered, ct);
        if (letter.Kind == LetterKind.Award)
        {
            await db.OpenAsync(
                new(ItemTemplate.Account, organisation, letter.ApplicationId, letter.CallId, $"/grants/{letter.ApplicationId}/account"), delivered, ct);
            await db.OpenAsync(
                new(ItemTemplate.Prepare, Audience.Role(Role.ProgrammeOfficer), letter.ApplicationId, letter.CallId,
                    $"/grants/{letter.ApplicationId}/preparation"), delivered, ct);
        }

        db.Audit(now, officer, "letter.released", letter.Id);
        db.Publish(delivered);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (Exception e) when (e is DbUpdateConcurrencyException || e is DbUpdateException update && update.IsUniqueViolation())
        {
            return false;
        }
    }
}

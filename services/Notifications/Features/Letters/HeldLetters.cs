using Grants.Contracts;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Tasks;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Letters;

/// <summary>What both kinds of decision have in common: one held letter a decision, and one task to release it.</summary>
static class HeldLetters
{
    public static async Task HoldAsync(this NotificationsDb db, Letter letter, IApplicationEvent decision, CancellationToken ct)
    {
        var application = await db.ApplicationAsync(decision, letter.CallId, ct);
        application.Recommended = true;
        await db.CloseAsync(ItemTemplate.Decide, letter.ApplicationId, decision.At, ct);
        await db.RefreshAssignTasksAsync(application, decision.At, ct);
        await db.RefreshCommitteeTaskAsync(letter.CallId, decision.At, ct);

        var versions = await db.Letters.Where(other => other.ApplicationId == letter.ApplicationId).Select(other => other.DecisionVersion).ToListAsync(ct);
        if (versions.Contains(letter.DecisionVersion)) return;

        if (versions.Any(version => version > letter.DecisionVersion)) letter.Supersede(); // this decision came late
        var held = await db.Letters.Where(other => other.ApplicationId == letter.ApplicationId && other.State == LetterState.Held).ToListAsync(ct);
        foreach (var older in held.Where(other => other.DecisionVersion < letter.DecisionVersion))
        {
            older.Supersede();
            await db.CloseAsync(ItemTemplate.ReleaseLetter, older.Id, decision.At, ct);
        }

        db.Letters.Add(letter);
        if (!letter.CanBeReleased) return;
        await db.OpenAsync(
            new(ItemTemplate.ReleaseLetter, Audience.Role(Role.ProgrammeOfficer), letter.Id, letter.CallId, $"/mails/letters/{letter.Id}"), decision, ct);
    }
}

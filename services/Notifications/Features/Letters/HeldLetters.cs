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

        var others = await db.Letters.Where(other => other.ApplicationId == letter.ApplicationId).ToListAsync(ct);
        if (others.Any(other => other.DecisionVersion == letter.DecisionVersion)) return;

        if (others.Any(other => other.DecisionVersion > letter.DecisionVersion)) letter.Supersede(); // this decision came late
        foreach (var older in others.Where(other => other.DecisionVersion < letter.DecisionVersion))
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

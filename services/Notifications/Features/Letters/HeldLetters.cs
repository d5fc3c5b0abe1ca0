using System.Text.Json;
using Grants.Contracts;
using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Tasks;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Notifications.Features.Letters;

/// <summary>What all kinds of decision have in common: one held letter a decision, and one task to release it.</summary>
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

        if (application.WithdrawnAt is not null || (letter.Kind == LetterKind.Award && application.LapsedAt >= letter.DecidedAt)) letter.Drop(); // it is not so any more
        db.Letters.Add(letter);
        if (!letter.CanBeReleased) return;
        await db.OpenAsync(
            new(ItemTemplate.ReleaseLetter, Audience.Role(Role.ProgrammeOfficer), letter.Id, letter.CallId, $"/mails/letters/{letter.Id}"), decision, ct);
    }

    /// <summary>What is still held of an application and would tell what is no longer so does not go out.</summary>
    public static async Task DropHeldLettersAsync(this NotificationsDb db, Guid applicationId, Func<Letter, bool> which, DateTimeOffset at, CancellationToken ct)
    {
        foreach (var letter in await db.Letters.Where(letter => letter.ApplicationId == applicationId && letter.State == LetterState.Held).ToListAsync(ct))
        {
            if (!which(letter)) continue;
            letter.Drop();
            await db.CloseAsync(ItemTemplate.ReleaseLetter, letter.Id, at, ct);
        }
    }

    /// <summary>Whether the applicants have read of an award.</summary>
    public static Task<bool> IsToldOfAwardAsync(this NotificationsDb db, Guid applicationId, CancellationToken ct) =>
        db.Letters.AnyAsync(letter => letter.ApplicationId == applicationId && letter.Kind == LetterKind.Award && letter.State == LetterState.Released, ct);

    /// <summary>What was found, as the letter keeps it.</summary>
    public static string? Write(this Findings? findings) => findings is null ? null : JsonSerializer.Serialize(findings, JsonSerializerOptions.Web);
}

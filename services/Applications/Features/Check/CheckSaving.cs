using Grants.Applications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>What became of the fields of one request.</summary>
/// <param name="Outcomes">By field.</param>
/// <param name="Stored">The fields as they are stored now.</param>
public sealed record SavedCheck(IReadOnlyDictionary<string, SaveOutcome> Outcomes, IReadOnlyDictionary<string, CheckField> Stored)
{
    /// <summary>The stored values by field.</summary>
    public Dictionary<string, string> Values => Stored.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal);
}

/// <summary>Stores fields of a check, never over something that the writer has not seen.</summary>
public static class CheckSaving
{
    // Two officers in the same field at the same moment: the second looks again and sees a conflict, or that it is the same.
    const int Attempts = 10;

    /// <summary>Name of the hidden field with what the page knew of a field.</summary>
    public static string TokenOf(string field) => "token-" + field;

    /// <summary>The stored fields of a check.</summary>
    public static Task<Dictionary<string, CheckField>> Load(ApplicationsDb db, Guid applicationId, CancellationToken ct) =>
        db.CheckFields.AsNoTracking().Where(field => field.ApplicationId == applicationId).ToDictionaryAsync(field => field.Field, ct);

    /// <summary>Stores what was chosen and typed. The caller has checked that the values can be kept.</summary>
    public static async Task<SavedCheck> Save(
        ApplicationsDb db, Guid applicationId, IReadOnlyDictionary<string, (FieldToken Shown, string Typed)> typed, Caller by, DateTimeOffset at, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            var stored = await db.CheckFields.Where(field => field.ApplicationId == applicationId).ToDictionaryAsync(field => field.Field, ct);
            var outcomes = new Dictionary<string, SaveOutcome>();
            foreach (var (name, (shown, value)) in typed)
            {
                var field = stored.GetValueOrDefault(name);
                var outcome = outcomes[name] = FieldSaving.Decide(shown, field?.Version ?? 0, field?.Value ?? "", value);
                if (outcome != SaveOutcome.Saved) continue;
                if (field is null) db.Add(stored[name] = field = new CheckField { ApplicationId = applicationId, Field = name });
                field.Value = value;
                field.Version++;
                field.SavedAt = at;
                field.SavedBy = by.PersonId;
                field.SavedByName = by.Name;
            }

            try
            {
                await db.SaveChangesAsync(ct);
                return new SavedCheck(outcomes, stored);
            }
            catch (DbUpdateException e) when (attempt < Attempts && (e is DbUpdateConcurrencyException || e.IsUniqueViolation()))
            {
                // Look again.
            }
        }
    }
}

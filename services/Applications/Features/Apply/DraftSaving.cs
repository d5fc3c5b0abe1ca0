using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>What became of the fields of one request.</summary>
/// <param name="Submitted">True when the application was submitted meanwhile: nothing was saved.</param>
/// <param name="Outcomes">By field.</param>
/// <param name="Stored">The fields as they are stored now.</param>
public sealed record SavedFields(bool Submitted, IReadOnlyDictionary<string, SaveOutcome> Outcomes, IReadOnlyDictionary<string, DraftField> Stored);

/// <summary>Stores fields of a draft, never over a text that the writer has not seen.</summary>
public static class DraftSaving
{
    /// <summary>Name of the hidden field with what the page knew of a field.</summary>
    public static string TokenOf(string field) => "token-" + field;

    /// <summary>What was posted of a field: of a multiple choice all that is ticked, of a table all cells.</summary>
    public static string Posted(CallDefinition call, string field, PostedForm form) =>
        DraftForm.IsTable(DraftForm.QuestionOf(call, field)) ? string.Join('\n', form.All(field).Select(cell => cell.Replace('\n', ' ')))
        : DraftForm.QuestionOf(call, field)?.Kind == QuestionKind.MultipleChoice ? string.Join('\n', form.All(field)) : form[field];

    /// <summary>Stores what was typed in one transaction. The caller has checked that the values can be kept.</summary>
    public static async Task<SavedFields> Save(
        ApplicationsDb db, Draft draft, IReadOnlyDictionary<string, (FieldToken Shown, string Typed)> typed, Guid by, DateTimeOffset at, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await Drafts.Touch(db, draft, at, ct)) return new SavedFields(true, new Dictionary<string, SaveOutcome>(), new Dictionary<string, DraftField>());
        var stored = await db.DraftFields.Where(field => field.ApplicationId == draft.RowsId).ToDictionaryAsync(field => field.Field, ct);
        var outcomes = new Dictionary<string, SaveOutcome>();
        foreach (var (name, (shown, value)) in typed)
        {
            var field = stored.GetValueOrDefault(name);
            var outcome = outcomes[name] = FieldSaving.Decide(shown, field?.Version ?? 0, field?.Value ?? "", value);
            if (outcome != SaveOutcome.Saved) continue;
            if (field is null) db.Add(stored[name] = field = new DraftField { ApplicationId = draft.RowsId, Field = name });
            field.Value = value;
            field.Version++;
            field.SavedAt = at;
            field.SavedBy = by;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new SavedFields(false, outcomes, stored);
    }
}

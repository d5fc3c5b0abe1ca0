using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>What became of an attempt to save.</summary>
enum DraftSaved
{
    /// <summary>The text is stored.</summary>
    Yes,

    /// <summary>Somebody else saved another text since the writer loaded theirs.</summary>
    Conflict,
}

/// <summary>What became of an attempt to publish.</summary>
/// <param name="Number">Number of the new version; null when there is none.</param>
/// <param name="Problems">What keeps it from being published.</param>
sealed record Publication(int? Number, IReadOnlyList<ShownProblem> Problems)
{
    /// <summary>Whether somebody else saved or published meanwhile.</summary>
    public bool Lost => Number is null && Problems.Count == 0;
}

/// <summary>Beginning, saving and publishing drafts: the same for pages and for programs.</summary>
static class CallDrafts
{
    /// <summary>Begins a draft and saves. False when the call has one already.</summary>
    public static async Task<bool> Begin(ApplicationsDb db, Guid callId, string programme, string text, CallNow? basedOn, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        var draft = new CallDraft
        {
            Id = Guid.CreateVersion7(),
            CallId = callId,
            BasedOnCallId = basedOn?.Call.Id,
            BasedOnVersion = basedOn?.Version.Number ?? 0,
            CreatedBy = caller.PersonId,
            CreatedAt = now,
        };
        draft.Save(text, programme, caller.PersonId, caller.Name, now);
        db.Add(draft);
        db.Audit(now, caller.PersonId, "call-draft.begun", callId);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>Saves a text over the version that its writer has seen, and over no other. The caller has checked that it may be kept.</summary>
    public static async Task<DraftSaved> Save(ApplicationsDb db, CallDraft draft, long seen, string text, string reason, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        // A second click: what it wants is there.
        if (draft.Text == text && draft.Reason == reason) return DraftSaved.Yes;
        if (draft.Version != seen) return DraftSaved.Conflict;
        draft.Reason = reason;
        draft.Save(text, DraftText.Of(text, "programme") is { Length: > 0 } programme ? programme : draft.Programme, caller.PersonId, caller.Name, now);
        try
        {
            await db.SaveChangesAsync(ct);
            return DraftSaved.Yes;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return DraftSaved.Conflict;
        }
    }

    /// <summary>Publishes a draft as the next version of its call; the draft is gone then. Of two who publish at once, one does.</summary>
    public static async Task<Publication> Publish(ApplicationsDb db, CallDraft draft, string reason, Caller caller, AppTime clock, PageContext page, CancellationToken ct)
    {
        var (definition, problems) = await DraftChecks.Of(db, draft.CallId, draft.Programme, draft.Text, page, ct);
        if (problems.Count > 0) return new(null, problems);
        // In the same transaction as the version: who comes second finds no draft, or another one.
        db.Remove(draft);
        try
        {
            var number = await CallPublishing.Publish(db, definition!, caller.PersonId, reason, clock, ct);
            // Not saved: the same definition was published in this moment.
            return db.Entry(draft).State == EntityState.Deleted ? new(null, []) : new(number, []);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            return new(null, []);
        }
        catch (ArgumentException)
        {
            // A first application was sealed, or the closing announced, since the check above.
            db.ChangeTracker.Clear();
            return new(null, (await DraftChecks.Of(db, draft.CallId, draft.Programme, draft.Text, page, ct)).Problems);
        }
    }
}

using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Clarifications;

/// <summary>What became of a question.</summary>
public enum AskOutcome
{
    /// <summary>It was asked.</summary>
    Asked,

    /// <summary>An item is in another question that waits for its answer.</summary>
    AskedAlready,

    /// <summary>The check has ended, or the application was taken back.</summary>
    NotInCheck,

    /// <summary>The application is no longer as it was shown.</summary>
    Changed,

    /// <summary>Until the closing the applicant may still replace it: there is nothing to explain yet.</summary>
    MayBeReplaced,
}

/// <summary>Asking for a clarification, alike for one application and for many at once.</summary>
public static class Asking
{
    // Officers and the applicant change the application at the same moment: look again.
    const int Attempts = 10;

    /// <summary>How many days the call gives to answer; 0 when it has nobody asked.</summary>
    public static int DaysOf(CallDefinition call) => call.Stages.FirstOrDefault(stage => stage.Check is not null)?.Check?.ClarificationDays ?? 0;

    /// <summary>
    /// Asks, in a transaction of its own. The id makes it once, however often it is posted. With a version, only while the application is as it was shown.
    /// </summary>
    public static async Task<AskOutcome> Ask(
        ApplicationsDb db, Guid id, Guid applicationId, CallNow call, IReadOnlyList<string> items, string question, Caller caller, DateTimeOffset now, CancellationToken ct,
        long? version = null)
    {
        using var span = Tracing.Start("clarification ask", applicationId);
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            if (await db.Clarifications.AnyAsync(asked => asked.Id == id, ct)) return AskOutcome.Asked;
            var application = await db.Applications.SingleAsync(found => found.Id == applicationId, ct);
            if (application.State != ApplicationState.Submitted) return AskOutcome.NotInCheck;
            if (call.Definition.Intake.Resubmission && call.Call.IsOpen(now)) return AskOutcome.MayBeReplaced;
            if (version is { } seen && seen != application.Version) return AskOutcome.Changed;
            var open = await db.Clarifications.AsNoTracking().Where(asked => asked.ApplicationId == applicationId && asked.State == ClarificationState.Open).ToListAsync(ct);
            if (open.Any(asked => items.Any(asked.Concerns))) return AskOutcome.AskedAlready;

            var clarification = Clarification.Ask(
                id, applicationId, items, question, caller.PersonId, caller.Name, now, Clarification.DueFor(now, DaysOf(call.Definition), call.Definition.TimeZone));
            // So that nobody ends the check, and nobody asks the same, beside this.
            application.Version++;
            db.Add(clarification);
            db.Add(TimelineEntry.Of(applicationId, now, TimelineKind.ClarificationAsked));
            db.Audit(now, caller.PersonId, "clarification.asked", applicationId, question);
            db.Publish(new ClarificationAsked(
                applicationId, application.Version, now, application.CallId, application.Reference!, application.OrganisationId, id, question, clarification.DueAt, caller.PersonId));
            try
            {
                await db.SaveChangesAsync(ct);
                return AskOutcome.Asked;
            }
            catch (DbUpdateException e) when (attempt < Attempts && (e is DbUpdateConcurrencyException || e.IsUniqueViolation()))
            {
                // Somebody changed the application just then, or this is the second of two clicks.
            }
        }
    }
}

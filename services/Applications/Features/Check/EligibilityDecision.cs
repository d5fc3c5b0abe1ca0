using System.Text.Json;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Check;

/// <summary>The end of a check, alike for one application and for many at once.</summary>
public static class EligibilityDecision
{
    /// <summary>All clarifications about an application, in the order they were asked.</summary>
    public static Task<List<Clarification>> ClarificationsOf(ApplicationsDb db, Guid applicationId, CancellationToken ct) =>
        db.Clarifications.AsNoTracking().Where(asked => asked.ApplicationId == applicationId).OrderBy(asked => asked.AskedAt).ThenBy(asked => asked.Id).ToListAsync(ct);

    /// <summary>Whether the virus check of a document goes on: evaluators would read it next.</summary>
    public static Task<bool> DocumentsWait(ApplicationsDb db, Guid applicationId, CancellationToken ct) =>
        db.DraftDocuments.AnyAsync(file => file.ApplicationId == applicationId && file.State == DocumentState.BeingChecked, ct);

    /// <summary>Ends the check of a list without problems. The caller saves, and looks again when the application has changed meanwhile.</summary>
    public static async Task Record(ApplicationsDb db, Application application, Checklist checklist, bool eligible, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        var reason = checklist.Values[CheckForm.Reason];
        if (!eligible)
        {
            var language = await LanguageOf(db, application, checklist.Call, ct);
            // Only what the rejection stands on: an item that the applicant was never asked about is none of it.
            reason += "\n\n" + string.Join('\n', checklist.Grounds.Select(item => Texts.Format(
                Texts.Find(typeof(EligibilityDecision), "check.ground", language, strict: false), PageContext.DefaultZone, LocalText.Pick(item.Label, language).Text, checklist.WhyOf(item))));
        }

        application.DecideEligibility(eligible);
        db.Add(new EligibilityCheck
        {
            ApplicationId = application.Id,
            Answers = JsonSerializer.Serialize(checklist.Call.CheckList.ToDictionary(item => item.Id, item => new CheckedItem(checklist.AnswerTo(item), checklist.WhyOf(item)))),
            Eligible = eligible,
            Reason = reason,
            DecidedBy = caller.PersonId,
            DecidedByName = caller.Name,
            DecidedAt = now,
        });
        db.Add(TimelineEntry.Of(application.Id, now, eligible ? TimelineKind.FoundEligible : TimelineKind.FoundIneligible));
        db.Audit(now, caller.PersonId, eligible ? "application.eligible" : "application.ineligible", application.Id, reason);
        db.Publish(new EligibilityDecided(application.Id, application.Version, now, application.CallId, eligible, reason, caller.PersonId));
    }

    // The applicant reads it: in the language of who submitted; of what an officer typed in, in the call's first.
    static async Task<string> LanguageOf(ApplicationsDb db, Application application, CallDefinition call, CancellationToken ct) =>
        Languages.Match([await db.RegisteredArrivals.AnyAsync(arrival => arrival.ApplicationId == application.Id, ct) ? call.Languages[0] : await db.People.Where(person => person.Id == application.SubmittedBy).Select(person => person.Language).SingleOrDefaultAsync(ct)]) ?? Languages.Fallback;
}

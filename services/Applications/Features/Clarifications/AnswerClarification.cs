using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Clarifications;

/// <summary>The applicant answers a clarification. The answer stands beside the dossier, which stays as it is.</summary>
public static class AnswerClarification
{
    // Colleagues save and hand in at the same moment: look again.
    const int Attempts = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/clarifications", List).SignedIn("member of the organisation");
        routes.MapGet("/applications/{applicationId:guid}/clarifications/{clarificationId:guid}", Show).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/clarifications/{clarificationId:guid}", HandIn).SignedIn("member of the organisation who may commit it");
        routes.MapPost("/applications/{applicationId:guid}/clarifications/{clarificationId:guid}/draft", SavePage).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/clarifications/{clarificationId:guid}/fields", SaveField).SignedIn("member of the organisation");
    }

    /// <summary>A clarification of an application of the caller's organisation, with what the page shows beside it.</summary>
    public static async Task<(Draft Draft, Clarification Clarification)?> Of(ApplicationsDb db, Guid applicationId, Guid clarificationId, Caller caller, CancellationToken ct) =>
        await Drafts.Of(db, applicationId, caller, ct) is { } draft
        && await db.Clarifications.SingleOrDefaultAsync(asked => asked.Id == clarificationId && asked.ApplicationId == applicationId, ct) is { } clarification
            ? (await WithOwnDocuments(db, draft, ct), clarification)
            : null;

    // Those of a copy that was begun and left are not those beside the dossier.
    static async Task<Draft> WithOwnDocuments(ApplicationsDb db, Draft draft, CancellationToken ct) => draft.Application.CopyId is null
        ? draft
        : draft with { Documents = await db.DraftDocuments.AsNoTracking().Where(file => file.ApplicationId == draft.Application.Id).ToListAsync(ct) };

    /// <summary>Whether an answer that arrives at this instant is taken.</summary>
    public static bool Takes(Draft draft, Clarification clarification, DateTimeOffset at) =>
        draft.Application.State == ApplicationState.Submitted && clarification.State == ClarificationState.Open && clarification.IsInTime(at);

    static async Task<IResult> List(Guid applicationId, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft || draft.Application.State == ApplicationState.Draft) return Pages.NotFound();
        var all = await db.Clarifications.AsNoTracking().Where(asked => asked.ApplicationId == applicationId).OrderBy(asked => asked.AskedAt).ThenBy(asked => asked.Id).ToListAsync(ct);
        return Pages.Show<ListClarificationsPage>(new { Draft = await WithOwnDocuments(db, draft, ct), All = all });
    }

    static async Task<IResult> Show(Guid applicationId, Guid clarificationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct) =>
        await Of(db, applicationId, clarificationId, caller, ct) is var (draft, clarification) ? Page(draft, clarification, caller, clock.Now) : Pages.NotFound();

    static async Task<IResult> HandIn(
        Guid applicationId, Guid clarificationId, Arrival arrival, PostedForm form, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("clarification answer", applicationId);
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            if (await Of(db, applicationId, clarificationId, caller, ct) is not var (draft, clarification)) return Pages.NotFound();
            // The second of two clicks.
            if (clarification.State == ClarificationState.Answered) return Results.LocalRedirect($"/applications/{applicationId}/clarifications/{clarificationId}");
            if (!Takes(draft, clarification, arrival.At)) return Late(draft, clarification, caller, arrival.At, form["answer"], page);
            if (Conflict(draft, clarification, form, caller, arrival.At, page) is { } conflict) return conflict;
            var answer = form["answer"];
            var errors = new FieldErrors();
            if (!draft.Organisation.MayCommit(caller.PersonId)) errors.Add("", page.Text<AnswerPage>("answer.notYou"));
            if (answer.Length == 0) errors.Add("answer", page.Text<AnswerPage>("answer.empty"));
            if (TooLong(answer, page) is { } sentence) errors.Add("answer", sentence);
            if (!errors.None) return Page(draft, clarification, caller, arrival.At, Typed(form), errors);

            clarification.HandIn(answer, caller.PersonId, caller.Name, arrival.At);
            draft.Application.Version++;
            db.Add(TimelineEntry.Of(applicationId, arrival.At, TimelineKind.ClarificationAnswered));
            db.Audit(arrival.At, caller.PersonId, "clarification.answered", applicationId, clarificationId.ToString());
            db.Publish(new ClarificationAnswered(
                applicationId, draft.Application.Version, arrival.At, draft.Application.CallId, draft.Application.Reference!, draft.Application.OrganisationId, clarificationId,
                clarification.Question, answer, clarification.AskedBy, caller.PersonId));
            try
            {
                await db.SaveChangesAsync(ct);
                return Results.LocalRedirect($"/applications/{applicationId}/clarifications/{clarificationId}");
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
                // Look again.
            }
        }
    }

    // Without script.
    static async Task<IResult> SavePage(
        Guid applicationId, Guid clarificationId, Arrival arrival, PostedForm form, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, clarificationId, caller, ct) is not var (draft, clarification)) return Pages.NotFound();
        if (!Takes(draft, clarification, arrival.At)) return Late(draft, clarification, caller, arrival.At, form["answer"], page);
        if (TooLong(form["answer"], page) is { } sentence) return Page(draft, clarification, caller, arrival.At, Typed(form), new FieldErrors().Add("answer", sentence));
        var (outcome, stored) = await Save(db, clarificationId, form, caller, arrival.At, ct);
        if (outcome == SaveOutcome.Conflict) return Conflict(draft, stored, form, caller, arrival.At, page)!;
        return Results.LocalRedirect($"/applications/{applicationId}/clarifications/{clarificationId}");
    }

    static async Task<IResult> SaveField(
        Guid applicationId, Guid clarificationId, Arrival arrival, PostedForm form, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct)
    {
        if (await Of(db, applicationId, clarificationId, caller, ct) is not var (draft, clarification)) return Pages.NotFound();
        if (!Takes(draft, clarification, arrival.At))
            return Results.Json(new { error = LateSentence(draft, clarification, page) }, statusCode: StatusCodes.Status409Conflict);
        if (TooLong(form["answer"], page) is { } sentence) return Results.Json(new { error = sentence }, statusCode: StatusCodes.Status422UnprocessableEntity);
        var (outcome, stored) = await Save(db, clarificationId, form, caller, arrival.At, ct);
        if (outcome == SaveOutcome.Conflict) return Results.Json(new { error = page.Text<AnswerPage>("answer.conflict") }, statusCode: StatusCodes.Status409Conflict);
        return Results.Json(new
        {
            savedAt = Dates.ShortInstant(arrival.At, draft.Definition.TimeZone, page.Culture),
            hidden = new Dictionary<string, string> { ["token-answer"] = FieldToken.Of(stored.AnswerVersion, stored.Answer).ToString() },
        });
    }

    static async Task<(SaveOutcome Outcome, Clarification Stored)> Save(
        ApplicationsDb db, Guid clarificationId, PostedForm form, Caller caller, DateTimeOffset at, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            var stored = await db.Clarifications.SingleAsync(asked => asked.Id == clarificationId, ct);
            // Handed in meanwhile: what was handed in stands.
            if (stored.State != ClarificationState.Open) return (SaveOutcome.Nothing, stored);
            var outcome = FieldSaving.Decide(FieldToken.Parse(form["token-answer"]), stored.AnswerVersion, stored.Answer, form["answer"]);
            if (outcome != SaveOutcome.Saved) return (outcome, stored);
            stored.Answer = form["answer"];
            stored.AnswerVersion++;
            stored.AnsweredAt = at;
            stored.AnsweredBy = caller.PersonId;
            stored.AnsweredByName = caller.Name;
            try
            {
                await db.SaveChangesAsync(ct);
                return (outcome, stored);
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
                // Look again.
            }
        }
    }

    static IResult? Conflict(Draft draft, Clarification stored, PostedForm form, Caller caller, DateTimeOffset at, PageContext page) =>
        FieldSaving.Decide(FieldToken.Parse(form["token-answer"]), stored.AnswerVersion, stored.Answer, form["answer"]) != SaveOutcome.Conflict
            ? null
            : Page(
                draft, stored, caller, at,
                new ShownField(form["answer"], FieldToken.Of(stored.AnswerVersion, stored.Answer), stored.Answer, stored.AnsweredByName, stored.AnsweredAt ?? at),
                new FieldErrors().Add("answer", page.Text<AnswerPage>("answer.conflict")), StatusCodes.Status409Conflict);

    static IResult Late(Draft draft, Clarification clarification, Caller caller, DateTimeOffset at, string typed, PageContext page) => Page(
        draft, clarification, caller, at, new ShownField(typed, FieldToken.Of(clarification.AnswerVersion, clarification.Answer)),
        new FieldErrors().Add("", LateSentence(draft, clarification, page)), StatusCodes.Status409Conflict);

    static string LateSentence(Draft draft, Clarification clarification, PageContext page) =>
        draft.Application.State == ApplicationState.Submitted && clarification.State != ClarificationState.Answered
            ? page.Text<AnswerPage>("answer.late", Dates.Instant(clarification.DueAt, draft.Definition.TimeZone, page.Culture))
            : page.Text<AnswerPage>("answer.over");

    static string? TooLong(string answer, PageContext page) => DraftForm.Characters(answer) is var characters && characters > Clarification.AnswerCharacters
        ? page.Text<AnswerPage>("answer.tooLong", characters, Clarification.AnswerCharacters)
        : null;

    static ShownField Typed(PostedForm form) => new(form["answer"], FieldToken.Parse(form["token-answer"]));

    /// <summary>The page, with what is wrong when something was refused.</summary>
    public static IResult Page(
        Draft draft, Clarification clarification, Caller caller, DateTimeOffset at, ShownField? answer = null, FieldErrors? errors = null, int? status = null) =>
        Pages.Show<AnswerPage>(
            new
            {
                Draft = draft,
                Clarification = clarification,
                MayAnswer = Takes(draft, clarification, at),
                MayCommit = draft.Organisation.MayCommit(caller.PersonId),
                Answer = answer ?? new ShownField(clarification.Answer, FieldToken.Of(clarification.AnswerVersion, clarification.Answer)),
                Errors = errors,
            },
            status ?? (errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity));
}

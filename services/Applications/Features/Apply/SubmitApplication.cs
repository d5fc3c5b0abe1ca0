using System.Reflection;
using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>Seals an application and hands it in, once, however often it is asked for.</summary>
public static class SubmitApplication
{
    // A colleague saves a field just then: read, check and seal again. More often than this nobody types.
    const int Attempts = 10;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/applications/{applicationId:guid}/submission", Handle).SignedIn("member of the organisation who may commit it");

    static async Task<IResult> Handle(
        Guid applicationId, Arrival arrival, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("application submit", applicationId);
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
            // The second of two clicks, or a page that was left open: the answer is the same as to the first.
            if (!draft.Application.IsBeingWritten) return Results.LocalRedirect($"/applications/{applicationId}/receipt");
            if (!draft.Organisation.MayCommit(caller.PersonId))
                return CheckAnswers.Page(draft, caller, clock.Now, new FieldErrors().Add("", page.Text<CheckAnswersPage>("check.notYou")));
            if (!draft.Call.IsOpen(arrival.At)) return await Refuse(db, draft, caller, arrival.At, ct);

            var errors = new FieldErrors();
            if (draft.Missing() is { Count: > 0 }) errors.Add("", page.Text<CheckAnswersPage>("check.incomplete"));
            if (form["declaration"] != "yes") errors.Add("declaration", page.Text<CheckAnswersPage>("check.declarationMissing"));
            if (!errors.None)
            {
                // Read while another request put the copy in its place, half of it may seem to be missing: look again.
                var (version, revision) = (draft.Application.Version, draft.Application.DraftRevision);
                if (attempt < Attempts && !await db.Applications.AnyAsync(found => found.Id == applicationId && found.Version == version && found.DraftRevision == revision, ct)) continue;
                return CheckAnswers.Page(draft, caller, clock.Now, errors);
            }

            var dossier = SealedDossier.Seal(draft, DraftLabels.ForDossier(draft.Definition), caller.PersonId, caller.Name, arrival.At, LanguageOf(draft, page));
            await files.PutAsync(FileArea.Dossiers, dossier.Bytes, ct);
            try
            {
                await Submit(db, draft, dossier, caller, arrival.At, ct);
                return Results.LocalRedirect($"/applications/{applicationId}/receipt");
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
                // Submitted by another request, or the draft changed after it was read: look again.
            }
        }
    }

    /// <summary>Gives it its reference and tells the others, in one transaction; also what an officer typed in from paper.</summary>
    public static async Task Submit(ApplicationsDb db, Draft draft, SealedDossier dossier, Caller caller, DateTimeOffset at, CancellationToken ct, RegisteredArrival? arrival = null)
    {
        var application = draft.Application;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (application.CopyId is { } copy)
        {
            // Whoever submits the same copy waits here, and then finds that it was done: before any row has moved.
            if (await db.Applications.Where(found => found.Id == application.Id && found.Version == application.Version && found.DraftRevision == application.DraftRevision)
                .ExecuteUpdateAsync(set => set.SetProperty(found => found.Version, found => found.Version), ct) != 1)
            {
                throw new DbUpdateConcurrencyException($"Application {application.Id} changed after it was read.");
            }

            db.Add(new SupersededDossier
            {
                ApplicationId = application.Id,
                DossierVersion = application.DossierVersion,
                DossierSha256 = application.DossierSha256!,
                SubmittedAt = application.SubmittedAt!.Value,
                SubmittedBy = application.SubmittedBy!.Value,
                RowsId = await ReopenApplication.Exchange(db, application.Id, copy, ct),
            });
            application.Submit(dossier, application.Reference!, caller.PersonId, at);
            db.Add(TimelineEntry.Of(application.Id, at, TimelineKind.SubmittedAgain, application.Reference, application.RequestedMinor, application.Currency));
            db.Audit(at, caller.PersonId, "application.submitted-again", application.Id);
        }
        else
        {
            await db.ReferenceCounters.Where(counter => counter.CallId == application.CallId)
                .ExecuteUpdateAsync(set => set.SetProperty(counter => counter.Last, counter => counter.Last + 1), ct);
            var number = await db.ReferenceCounters.Where(counter => counter.CallId == application.CallId).Select(counter => counter.Last).SingleAsync(ct);
            application.Submit(dossier, ReferenceCounter.Reference(draft.Definition.ReferencePrefix, number), caller.PersonId, at);
            db.Add(TimelineEntry.Of(application.Id, at, TimelineKind.Submitted, application.Reference, application.RequestedMinor, application.Currency));
            db.Audit(at, caller.PersonId, "application.submitted", application.Id);
        }

        db.Publish(new ApplicationSubmitted(
            application.Id, application.Version, at, application.CallId, application.CallVersion, draft.CallVersion.DefinitionSha256, application.Reference!,
            dossier.Content.DossierVersion, dossier.Sha256, application.OrganisationId, application.OrganisationName, application.Title, application.RequestedMinor,
            application.Currency, caller.PersonId, dossier.Content.Lot, application.Country, dossier.Content.Language,
            [.. (dossier.Content.Partners ?? []).Select(partner => new ApplicationPartner(partner.OrganisationId, partner.Name, partner.Country))], arrival?.ChannelCode ?? "online"));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    // Nobody asks in which language they write: it is that of the page, where the call takes it.
    static string LanguageOf(Draft draft, PageContext page) => draft.Definition.Languages.Contains(page.Language) ? page.Language : draft.Definition.Languages[0];

    static async Task<IResult> Refuse(ApplicationsDb db, Draft draft, Caller caller, DateTimeOffset at, CancellationToken ct)
    {
        db.Add(new RefusedAttempt
        {
            Id = Guid.CreateVersion7(),
            ApplicationId = draft.Application.Id,
            CallId = draft.Call.Id,
            OrganisationName = draft.Organisation.Name,
            Country = draft.Organisation.Country,
            PersonId = caller.PersonId,
            PersonName = caller.Name,
            At = at,
        });
        db.Audit(at, caller.PersonId, "application.submission-refused", draft.Application.Id);
        await db.SaveChangesAsync(ct);
        return Pages.Show<RefusedPage>(new { Draft = draft, At = at }, StatusCodes.Status409Conflict);
    }
}

/// <summary>
/// When a request arrived. Declared before the form in a handler, it is taken before the body is read: a slow line after the deadline's last second does not
/// make a submission late.
/// </summary>
/// <param name="At">The instant.</param>
public sealed record Arrival(DateTimeOffset At)
{
    /// <summary>Lets handlers take an <see cref="Arrival"/> parameter.</summary>
    public static ValueTask<Arrival?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<Arrival?>(new Arrival(context.RequestServices.GetRequiredService<AppTime>().Now));
}

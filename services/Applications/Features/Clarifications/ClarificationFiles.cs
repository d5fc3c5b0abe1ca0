using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Clarifications;

/// <summary>Files that go with an answer. They are documents of the application beside those of the dossier: checked, kept and read the same way.</summary>
public static class ClarificationFiles
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/applications/{applicationId:guid}/clarifications/{clarificationId:guid}/files", Upload).SignedIn("member of the organisation").TakesUpload(RequestLimits.Upload);
        routes.MapPost("/applications/{applicationId:guid}/clarifications/{clarificationId:guid}/files/{documentId}/removal", Remove).SignedIn("member of the organisation");
    }

    static async Task<IResult> Upload(
        Guid applicationId, Guid clarificationId, Arrival arrival, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, FileScanner scanner, PageContext page,
        CancellationToken ct)
    {
        if (await AnswerClarification.Of(db, applicationId, clarificationId, caller, ct) is not var (draft, clarification)) return Pages.NotFound();
        if (!AnswerClarification.Takes(draft, clarification, arrival.At)) return Refuse(page.Text<AnswerPage>("answer.over"), StatusCodes.Status409Conflict);
        var file = form.Files.Count > 0 ? form.Files[0] : null;
        if (file is null || file.Length == 0) return Refuse(page.Text<AttachDocumentsPage>("documents.empty"));
        if (file.Length > AttachDocuments.Limit) return Refuse(page.Text<AttachDocumentsPage>("documents.tooLarge", AttachDocuments.Limit / 1024 / 1024));
        if (draft.Documents.Count(document => document.DocumentId.StartsWith(clarification.FilePrefix, StringComparison.Ordinal)) >= Clarification.MostFiles)
            return Refuse(page.Text<AnswerPage>("answer.tooManyFiles", Clarification.MostFiles));
        var name = FileNames.Clean(file.FileName);
        await using var content = file.OpenReadStream();
        var check = FileKinds.Detect(content, name);
        if (check.Kind is null) return Refuse(page.Text<AttachDocumentsPage>("documents.kind"));
        if (!check.NameAgrees) return Refuse(page.Text<AttachDocumentsPage>("documents.name", check.Kind.Name, name));
        if (await files.PutAsync(FileArea.Quarantine, content, AttachDocuments.Limit, ct) is not StoredFile stored)
            return Refuse(page.Text<AttachDocumentsPage>("documents.tooLarge", AttachDocuments.Limit / 1024 / 1024));

        using var span = Tracing.Start("clarification attach", applicationId);
        var outcome = await DocumentChecks.OfUpload(files, scanner, stored.Sha256, ct);
        // The same bytes twice are one file.
        var documentId = clarification.FilePrefix + stored.Sha256[..16];
        if (outcome.State is DocumentState.Infected or DocumentState.TooLargeToCheck)
        {
            db.Audit(arrival.At, caller.PersonId, "application.file-refused", applicationId, DocumentChecks.ReasonOf(documentId, stored.Sha256, outcome));
            await db.SaveChangesAsync(ct);
            await DocumentChecks.DeleteRefused(db, files, stored.Sha256, ct);
            return Refuse(page.Text<AttachDocumentsPage>($"documents.refused.{outcome.State}", name));
        }

        if (draft.Document(documentId) is null)
        {
            db.Add(new DraftDocument
            {
                ApplicationId = applicationId,
                DocumentId = documentId,
                FileName = name,
                ContentType = check.Kind.MediaType,
                Size = stored.Length,
                Sha256 = stored.Sha256,
                State = outcome.State,
                UploadedAt = arrival.At,
                UploadedBy = caller.PersonId,
            });
            await Change(db, clarification, caller, arrival.At, "clarification.file-attached", documentId, ct);
        }

        return Results.LocalRedirect($"/applications/{applicationId}/clarifications/{clarificationId}");

        IResult Refuse(string sentence, int? status = null) => AnswerClarification.Page(draft, clarification, caller, arrival.At, errors: new FieldErrors().Add("file", sentence), status: status);
    }

    static async Task<IResult> Remove(Guid applicationId, Guid clarificationId, string documentId, Arrival arrival, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await AnswerClarification.Of(db, applicationId, clarificationId, caller, ct) is not var (draft, clarification)) return Pages.NotFound();
        if (AnswerClarification.Takes(draft, clarification, arrival.At) && documentId.StartsWith(clarification.FilePrefix, StringComparison.Ordinal)
            && await db.DraftDocuments.SingleOrDefaultAsync(file => file.ApplicationId == applicationId && file.DocumentId == documentId, ct) is { } row)
        {
            db.Remove(row);
            await Change(db, clarification, caller, arrival.At, "clarification.file-removed", documentId, ct);
        }

        return Results.LocalRedirect($"/applications/{applicationId}/clarifications/{clarificationId}");
    }

    static async Task Change(ApplicationsDb db, Clarification clarification, Caller caller, DateTimeOffset at, string action, string documentId, CancellationToken ct)
    {
        // Handed in at this moment, it must go with this file or without it.
        clarification.Version++;
        db.Audit(at, caller.PersonId, action, clarification.ApplicationId, documentId);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // Handed in, or changed by a colleague, just then: the page shows what there is.
        }
    }
}

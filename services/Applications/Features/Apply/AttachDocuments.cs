using Grants.Applications.Domain;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>The documents of a draft. Each upload is a form of its own, so that a session that ended costs nobody what they wrote.</summary>
public static class AttachDocuments
{
    /// <summary>Most bytes of one file.</summary>
    public const long Limit = 10 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/documents", Show).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/documents/{documentId}", Upload).SignedIn("member of the organisation").TakesUpload(RequestLimits.Upload);
        routes.MapPost("/applications/{applicationId:guid}/documents/{documentId}/removal", Remove).SignedIn("member of the organisation");
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        if (!draft.Application.IsBeingWritten) return Results.LocalRedirect($"/applications/{applicationId}");
        return Pages.Show<AttachDocumentsPage>(new { Draft = draft, clock.Now });
    }

    static async Task<IResult> Upload(
        Guid applicationId, string documentId, PostedForm form, Caller caller, ApplicationsDb db, FileStore files, FileScanner scanner, AppTime clock, PageContext page,
        CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft || DraftForm.Documents(draft.Definition).All(wanted => wanted.Id != documentId)) return Pages.NotFound();
        var file = form.Files.Count > 0 ? form.Files[0] : null;
        if (file is null || file.Length == 0) return Refuse("documents.empty");
        if (file.Length > Limit) return Refuse("documents.tooLarge", Limit / 1024 / 1024);
        var name = FileNames.Clean(file.FileName);
        await using var content = file.OpenReadStream();
        var check = FileKinds.Detect(content, name);
        if (check.Kind is null) return Refuse("documents.kind");
        if (!check.NameAgrees) return Refuse("documents.name", check.Kind.Name, name);
        if (await files.PutAsync(FileArea.Quarantine, content, Limit, ct) is not StoredFile stored) return Refuse("documents.tooLarge", Limit / 1024 / 1024);

        using var span = Tracing.Start("application attach", applicationId);
        var outcome = await DocumentChecks.OfUpload(files, scanner, stored.Sha256, ct);
        if (outcome.State is DocumentState.Infected or DocumentState.TooLargeToCheck)
        {
            db.Audit(clock.Now, caller.PersonId, "application.file-refused", applicationId, DocumentChecks.ReasonOf(documentId, stored.Sha256, outcome));
            await db.SaveChangesAsync(ct);
            await DocumentChecks.DeleteRefused(db, files, stored.Sha256, ct);
            return Refuse($"documents.refused.{outcome.State}", name);
        }

        return await Change(db, draft, caller, clock.Now, "application.file-attached", documentId, row =>
        {
            if (row is null) db.Add(row = new DraftDocument { ApplicationId = draft.RowsId, DocumentId = documentId });
            row.FileName = name;
            row.ContentType = check.Kind.MediaType;
            row.Size = stored.Length;
            row.Sha256 = stored.Sha256;
            row.State = outcome.State;
            row.UploadedAt = clock.Now;
            row.UploadedBy = caller.PersonId;
        }, ct);

        IResult Refuse(string key, params object?[] args) => Pages.Show<AttachDocumentsPage>(
            new { Draft = draft, clock.Now, Errors = new FieldErrors().Add(AttachDocumentsPage.FieldOf(documentId), page.Text<AttachDocumentsPage>(key, args)) },
            StatusCodes.Status422UnprocessableEntity);
    }

    static async Task<IResult> Remove(Guid applicationId, string documentId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        return await Change(db, draft, caller, clock.Now, "application.file-removed", documentId, row =>
        {
            if (row is not null) db.Remove(row);
        }, ct);
    }

    static async Task<IResult> Change(
        ApplicationsDb db, Draft draft, Caller caller, DateTimeOffset now, string action, string documentId, Action<DraftDocument?> change, CancellationToken ct)
    {
        var id = draft.Application.Id;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await Drafts.Touch(db, draft, now, ct)) return Results.LocalRedirect($"/applications/{id}");
        change(await db.DraftDocuments.SingleOrDefaultAsync(file => file.ApplicationId == draft.RowsId && file.DocumentId == documentId, ct));
        db.Audit(now, caller.PersonId, action, id, documentId);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/applications/{id}/documents");
    }
}

using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Applications.Features.Receipts;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Sealed;

/// <summary>The application as submitted, shown from the sealed bytes.</summary>
public static class ShowDossier
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/applications/{applicationId:guid}/dossier", Handle).SignedIn("member of the organisation, or programme officer, coordinator or auditor in scope");
        routes.MapGet("/applications/{applicationId:guid}/documents/{documentId}", Download)
            .SignedIn("member of the organisation, or programme officer, coordinator or auditor in scope once it is submitted");
    }

    static async Task<IResult> Handle(Guid applicationId, Caller caller, ApplicationsDb db, FileStore files, CancellationToken ct)
    {
        var draft = await Drafts.Of(db, applicationId, caller, ct);
        if (draft?.Application.State == ApplicationState.Draft) return Results.LocalRedirect($"/applications/{applicationId}");
        var application = draft?.Application ?? (await StaffApplications.Of(db, applicationId, caller, StaffApplications.Readers, ct))?.Application;
        if (application is null) return Pages.NotFound();
        // Under the application's own id, also while a copy is written: these are the sealed ones.
        var documents = await db.DraftDocuments.AsNoTracking().Where(file => file.ApplicationId == applicationId).ToListAsync(ct);
        return Pages.Show<DossierPage>(new { Application = application, Dossier = await Dossiers.Read(files, application, ct), Documents = documents, AsStaff = draft is null });
    }

    static async Task<IResult> Download(Guid applicationId, string documentId, Caller caller, ApplicationsDb db, FileStore files, CancellationToken ct)
    {
        // The files of a copy that is being written lie under its id; only members see them.
        var ofCopy = await db.Applications.Where(found => found.CopyId == applicationId).Select(found => (Guid?)found.Id).SingleOrDefaultAsync(ct);
        var isMember = await Drafts.Of(db, ofCopy ?? applicationId, caller, ct) is not null;
        if (!isMember && await StaffApplications.Of(db, applicationId, caller, StaffApplications.Readers, ct) is null) return Pages.NotFound();
        // After submission nobody can change the rows under the application's id, so they are the sealed ones; those of answers to clarifications stand beside them.
        var file = await db.DraftDocuments.AsNoTracking().SingleOrDefaultAsync(found => found.ApplicationId == applicationId && found.DocumentId == documentId, ct);
        // Bytes that were not checked, or were refused, are not among the attachments; but the same may have been let out of quarantine elsewhere.
        if (file is not { State: DocumentState.Attached } || await files.OpenAsync(FileArea.Attachments, file.Sha256, ct) is not { } content) return Pages.NotFound();
        return FileDownload.Result(content, file.FileName, file.ContentType);
    }
}

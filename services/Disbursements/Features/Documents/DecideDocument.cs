using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Preparation;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Documents;

/// <summary>The officer accepts a document of the grantee, or sends it back with a reason.</summary>
public static class DecideDocument
{
    const int LongestReason = 500;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/grants/{applicationId:guid}/documents/files/{fileId:guid}/decision", Handle)
        .ForRoles("programme officer in scope who is not tied to the grantee", Role.ProgrammeOfficer);

    static async Task<IResult> Handle(
        Guid applicationId, Guid fileId, PostedForm form, Caller caller, DisbursementsDb db, FileStore files, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("grant document decide", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsOfficer: true } seen) return Pages.NotFound();
        var newest = (await Outstanding.OfAsync(db, files, seen, ct)).Documents.FirstOrDefault(document => document.Given?.Id == fileId);
        if (newest is null && await db.Documents.AllAsync(known => known.Id != fileId || known.ApplicationId != applicationId, ct)) return Pages.NotFound();

        var file = await db.Documents.SingleAsync(known => known.Id == fileId, ct);
        var (sendBack, reason) = (form["do"] == "send-back", form[DocumentsPage.ReasonOf(fileId)]);
        // A second click finds the first.
        if (file.State == (sendBack ? GranteeDocumentState.SentBack : GranteeDocumentState.Accepted)) return Results.LocalRedirect($"/grants/{applicationId}/documents");
        var errors = new FieldErrors();
        if (!seen.IsIndependent) errors.Add("", page.Text<DocumentsPage>(seen.Tied is null ? "documents.membersUnknown" : "documents.tied"));
        // Sent back and replaced meanwhile, decided by a colleague, or still in quarantine.
        else if (newest is null || file.State != GranteeDocumentState.Uploaded || !seen.IsBeingPrepared) errors.Add("", page.Text<DocumentsPage>("documents.notWaiting"));
        else if (sendBack && ReasonText.Problem(reason, LongestReason) is { } problem)
            errors.Add(DocumentsPage.ReasonOf(fileId), page.Text<DocumentsPage>($"documents.reason.{problem}", LongestReason));
        if (!errors.None) return await GiveDocuments.PageAsync(db, files, seen, errors, StatusCodes.Status422UnprocessableEntity, ct);

        if (sendBack) file.SendBack(caller.PersonId, clock.Now, reason);
        else file.Accept(caller.PersonId, clock.Now);
        db.Audit(clock.Now, caller.PersonId, sendBack ? "grant.document-sent-back" : "grant.document-accepted", applicationId, sendBack ? $"{file.DocumentId}: {file.Reason}" : file.DocumentId);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}/documents");
    }
}

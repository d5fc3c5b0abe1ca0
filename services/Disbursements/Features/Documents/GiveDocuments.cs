using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Preparation;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Documents;

/// <summary>Documents that only the selected give, each with an upload of its own. What was given before stays; the newest counts.</summary>
public static class GiveDocuments
{
    /// <summary>Most bytes of one file.</summary>
    public const long Limit = 10 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/documents", Show).SignedIn("a member of the grantee that has been told, or staff in scope");
        routes.MapPost("/grants/{applicationId:guid}/documents/{documentId}/{partner:int}", Upload).SignedIn("a member of the grantee that has been told").TakesUpload(RequestLimits.Upload);
        routes.MapGet("/grants/{applicationId:guid}/documents/files/{fileId:guid}", Download).SignedIn("a member of the grantee that has been told, or staff in scope");
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct) =>
        await db.SeeAsync(caller, applicationId, ct) is { } seen ? await PageAsync(db, files, seen, new FieldErrors(), StatusCodes.Status200OK, ct) : Pages.NotFound();

    static async Task<IResult> Upload(
        Guid applicationId, string documentId, int partner, PostedForm form, Caller caller, DisbursementsDb db, FileStore files, FileScanner scanner, AppTime clock,
        PageContext page, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsMember: true } seen) return Pages.NotFound();
        var wanted = (await Outstanding.OfAsync(db, files, seen, ct)).Documents.FirstOrDefault(document => document.Wanted.Id == documentId && document.Partner == partner);
        if (wanted is null) return Pages.NotFound();
        if (!seen.IsBeingPrepared || wanted.IsAccepted) return await Refuse("documents.notNow");
        var file = form.Files.Count > 0 ? form.Files[0] : null;
        if (file is null || file.Length == 0) return await Refuse("documents.empty");
        if (file.Length > Limit) return await Refuse("documents.tooLarge", Limit / 1024 / 1024);
        var name = FileNames.Clean(file.FileName);
        await using var content = file.OpenReadStream();
        var check = FileKinds.Detect(content, name);
        if (check.Kind is null) return await Refuse("documents.kind");
        if (!check.NameAgrees) return await Refuse("documents.name", check.Kind.Name, name);
        if (await files.PutAsync(FileArea.GranteeQuarantine, content, Limit, ct) is not StoredFile stored) return await Refuse("documents.tooLarge", Limit / 1024 / 1024);

        using var span = Tracing.Start("grant document", applicationId);
        var state = await DocumentChecks.OfUpload(files, scanner, stored.Sha256, ct);
        var now = clock.Now;
        if (state == GranteeDocumentState.Refused)
        {
            db.Audit(now, caller.PersonId, "grant.document-refused", applicationId, $"{documentId} {stored.Sha256}");
            await db.SaveChangesAsync(ct);
            await DocumentChecks.DeleteRefused(db, files, stored.Sha256, ct);
            return await Refuse("documents.refused", name);
        }

        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        // While it was scanned the agreement may have been offered, the award may have lapsed, or an earlier upload may have been accepted.
        if (await db.SeeAsync(caller, applicationId, ct) is not { IsMember: true, IsBeingPrepared: true } held) return await Refuse("documents.notNow");
        await db.Entry(held.Grant).ReloadAsync(ct);
        var newest = await db.Documents.AsNoTracking().Where(known => known.ApplicationId == applicationId && known.DocumentId == documentId && known.Partner == partner)
            .OrderByDescending(known => known.UploadedAt).ThenByDescending(known => known.Id).FirstOrDefaultAsync(ct);
        if (!held.IsBeingPrepared || newest?.State == GranteeDocumentState.Accepted) return await Refuse("documents.notNow");
        db.Documents.Add(new GranteeDocument
        {
            Id = Guid.CreateVersion7(),
            ApplicationId = applicationId,
            DocumentId = documentId,
            Partner = partner,
            State = state,
            FileName = name,
            ContentType = check.Kind.MediaType,
            Size = stored.Length,
            Sha256 = stored.Sha256,
            UploadedBy = caller.PersonId,
            UploadedAt = now,
        });
        db.Audit(now, caller.PersonId, "grant.document-given", applicationId, documentId);
        await db.SaveChangesAsync(ct);
        // Everything that was owed is there: the term has been kept.
        if (held.Grant is { State: GrantState.AccountGiven, AnswerDueAt: not null } && !(await Outstanding.OfAsync(db, files, held, ct)).IsGranteesTurn)
        {
            held.Grant.SetTerm(null);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}/documents");

        Task<IResult> Refuse(string key, params object?[] args) => PageAsync(
            db, files, seen, new FieldErrors().Add(DocumentsPage.FieldOf(documentId, partner), page.Text<DocumentsPage>(key, args)), StatusCodes.Status422UnprocessableEntity, ct);
    }

    static async Task<IResult> Download(Guid applicationId, Guid fileId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is null) return Pages.NotFound();
        var file = await db.Documents.AsNoTracking().SingleOrDefaultAsync(known => known.Id == fileId && known.ApplicationId == applicationId, ct);
        if (file is null or { State: GranteeDocumentState.BeingChecked or GranteeDocumentState.Refused }) return Pages.NotFound();
        return await files.OpenAsync(FileArea.Agreements, file.Sha256, ct) is { } content ? FileDownload.Result(content, file.FileName) : Pages.NotFound();
    }

    /// <summary>The page, also after something was refused.</summary>
    internal static async Task<IResult> PageAsync(DisbursementsDb db, FileStore files, GrantSeen seen, FieldErrors errors, int status, CancellationToken ct)
    {
        var outstanding = await Outstanding.OfAsync(db, files, seen, ct);
        var people = outstanding.Documents.SelectMany(document => document.Given is { } given ? document.Earlier.Prepend(given) : []).SelectMany(file => new[] { file.UploadedBy, file.DecidedBy ?? Guid.Empty });
        return Pages.Show<DocumentsPage>(new { Seen = seen, Outstanding = outstanding, Names = await db.NamesAsync(people, ct), Errors = errors }, status);
    }
}

using Grants.Applications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>
/// Begins to change a submitted application, where the call allows it and until it closes: in a copy, while what was submitted stays valid. The copy takes its place when it is submitted.
/// </summary>
public static class ReopenApplication
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/applications/{applicationId:guid}/copy", Begin).SignedIn("member of the organisation");
        routes.MapPost("/applications/{applicationId:guid}/copy/removal", Discard).SignedIn("member of the organisation");
    }

    /// <summary>Whether a copy can be begun now.</summary>
    public static bool IsPossible(Draft draft, DateTimeOffset now) =>
        draft.Definition.Intake.Resubmission && draft.Application is { State: ApplicationState.Submitted, CopyId: null } && draft.Call.IsOpen(now);

    static async Task<IResult> Begin(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        // Begun already, by a colleague or by another click: everybody goes on with that copy.
        if (draft.Application.IsBeingWritten) return Results.LocalRedirect($"/applications/{applicationId}");
        if (!IsPossible(draft, clock.Now)) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<NotSubmitted>("copy.notPossible"));

        using var span = Tracing.Start("application reopen", applicationId);
        var (copy, now) = (Guid.CreateVersion7(), clock.Now);
        draft.Application.Reopen(copy);
        draft.Application.SavedAt = now;
        db.AddRange(draft.Fields.Select(field => new DraftField
        {
            ApplicationId = copy, Field = field.Field, Value = field.Value, Version = field.Version, SavedAt = field.SavedAt, SavedBy = field.SavedBy,
        }));
        db.AddRange(draft.Documents.Select(file => new DraftDocument
        {
            ApplicationId = copy, DocumentId = file.DocumentId, FileName = file.FileName, ContentType = file.ContentType, Size = file.Size, Sha256 = file.Sha256, State = file.State,
            UploadedAt = file.UploadedAt, UploadedBy = file.UploadedBy,
        }));
        db.AddRange(draft.Rows.Select(row => row.CopyTo(copy)));
        db.AddRange(draft.Partners.Select(partner => partner.CopyTo(copy)));
        db.Audit(now, caller.PersonId, "application.reopened", applicationId);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Reopened or checked by somebody else in this moment: the page shows which.
        }

        return Results.LocalRedirect($"/applications/{applicationId}");
    }

    static async Task<IResult> Discard(Guid applicationId, Caller caller, ApplicationsDb db, AppTime clock, CancellationToken ct)
    {
        if (await Drafts.Of(db, applicationId, caller, ct) is not { } draft) return Pages.NotFound();
        if (draft.Application.CopyId is not { } copy) return Results.LocalRedirect($"/applications/{applicationId}");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Applications.Where(found => found.Id == applicationId && found.CopyId == copy)
            .ExecuteUpdateAsync(set => set.SetProperty(found => found.CopyId, (Guid?)null).SetProperty(found => found.DraftRevision, found => found.DraftRevision + 1), ct) == 1)
        {
            await db.DraftFields.Where(row => row.ApplicationId == copy).ExecuteDeleteAsync(ct);
            await db.DraftDocuments.Where(row => row.ApplicationId == copy).ExecuteDeleteAsync(ct);
            await db.BudgetRows.Where(row => row.ApplicationId == copy).ExecuteDeleteAsync(ct);
            await db.Partners.Where(row => row.ApplicationId == copy).ExecuteDeleteAsync(ct);
            db.Audit(clock.Now, caller.PersonId, "application.copy-discarded", applicationId);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        return Results.LocalRedirect($"/applications/{applicationId}");
    }

    /// <summary>Inside the transaction of a second submission: what was written takes the place of what was submitted before, which is kept under an id of its own.</summary>
    public static async Task<Guid> Exchange(ApplicationsDb db, Guid applicationId, Guid copy, CancellationToken ct)
    {
        var archive = Guid.CreateVersion7();
        foreach (var (from, to) in new[] { (applicationId, archive), (copy, applicationId) })
        {
            await db.DraftFields.Where(row => row.ApplicationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.ApplicationId, to), ct);
            await db.DraftDocuments.Where(row => row.ApplicationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.ApplicationId, to), ct);
            await db.BudgetRows.Where(row => row.ApplicationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.ApplicationId, to), ct);
            await db.Partners.Where(row => row.ApplicationId == from).ExecuteUpdateAsync(set => set.SetProperty(row => row.ApplicationId, to), ct);
        }

        return archive;
    }
}

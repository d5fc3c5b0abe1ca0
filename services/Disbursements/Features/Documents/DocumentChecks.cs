using Grants.Disbursements.Domain;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Documents;

/// <summary>
/// Lets what grantees upload out of quarantine once the virus scanner has seen it: within the upload when it answers, otherwise later, by itself. Nothing in quarantine can
/// be downloaded by anybody.
/// </summary>
public static class DocumentChecks
{
    const int MostAtOnce = 100;

    // Longer than a scan takes, shorter than people wait for a page.
    static readonly TimeSpan PatienceOfPeople = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromMinutes(2);

    /// <summary>What became of an upload that was just put into quarantine; it stays there, to be checked later, when the scanner does not answer.</summary>
    public static async Task<GranteeDocumentState> OfUpload(FileStore files, FileScanner scanner, string sha256, CancellationToken ct)
    {
        try
        {
            return await CheckAsync(files, scanner, sha256, PatienceOfPeople, ct);
        }
        catch (ScannerUnavailableException)
        {
            return GranteeDocumentState.BeingChecked;
        }
    }

    /// <summary>Checks what waits. Fails when anything still does, after it has tried all, so that the loop slows down and says so.</summary>
    public static async Task Run(DisbursementsDb db, FileStore files, FileScanner scanner, AppTime clock, CancellationToken ct)
    {
        var waiting = await db.Documents.AsNoTracking().Where(file => file.State == GranteeDocumentState.BeingChecked).OrderBy(file => file.UploadedAt).Take(MostAtOnce).ToListAsync(ct);
        if (waiting.Count == 0) return;
        // When it is away, waiting for it once is enough.
        await scanner.PingAsync(PatienceOfPeople, ct);
        var failures = new List<Exception>();
        foreach (var row in waiting)
        {
            try
            {
                await SettleAsync(db, files, row, await CheckAsync(files, scanner, row.Sha256, Patience, ct), clock.Now, ct);
            }
            catch (Exception e) when (e is ScannerUnavailableException or FileStoreUnavailableException or InvalidDataException)
            {
                // This one waits on; it must not keep the others waiting.
                failures.Add(e);
            }
        }

        if (failures.Count > 0) throw new AggregateException($"{failures.Count} uploaded documents could not be checked.", failures);
    }

    /// <summary>Deletes refused bytes, unless another upload of the same still waits for its check, which then does it.</summary>
    public static async Task DeleteRefused(DisbursementsDb db, FileStore files, string sha256, CancellationToken ct)
    {
        if (!await db.Documents.AnyAsync(file => file.Sha256 == sha256 && file.State == GranteeDocumentState.BeingChecked, ct)) await files.DeleteAsync(FileArea.GranteeQuarantine, sha256, ct);
    }

    static async Task<GranteeDocumentState> CheckAsync(FileStore files, FileScanner scanner, string sha256, TimeSpan patience, CancellationToken ct)
    {
        await using var content = await files.OpenAsync(FileArea.GranteeQuarantine, sha256, ct);
        if (content is null)
        {
            // Another check of the same bytes has let them out, or has deleted them.
            await using var known = await files.OpenAsync(FileArea.Agreements, sha256, ct);
            return known is null ? GranteeDocumentState.Refused : GranteeDocumentState.Uploaded;
        }

        if ((await scanner.ScanAsync(content, patience, ct)).Verdict != ScanVerdict.Clean) return GranteeDocumentState.Refused;
        await files.MoveAsync(FileArea.GranteeQuarantine, FileArea.Agreements, sha256, ct);
        return GranteeDocumentState.Uploaded;
    }

    static async Task SettleAsync(DisbursementsDb db, FileStore files, GranteeDocument row, GranteeDocumentState state, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await db.Documents.Where(file => file.Id == row.Id && file.State == GranteeDocumentState.BeingChecked)
            .ExecuteUpdateAsync(set => set.SetProperty(file => file.State, state).SetProperty(file => file.Version, file => file.Version + 1), ct);
        // Settled by another replica.
        if (changed == 0) return;
        if (state == GranteeDocumentState.Refused) db.Audit(now, Guid.Empty, "grant.document-refused", row.ApplicationId, $"{row.DocumentId} {row.Sha256}");
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (state == GranteeDocumentState.Refused) await DeleteRefused(db, files, row.Sha256, ct);
    }
}

using Grants.Applications.Domain;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>
/// Lets uploaded documents out of quarantine once the virus scanner has seen them: within the upload when it answers, otherwise later, by itself. Nothing in
/// quarantine can be downloaded by anybody.
/// </summary>
public static class DocumentChecks
{
    const int MostAtOnce = 100;

    // Longer than a scan takes, shorter than people wait for a page.
    static readonly TimeSpan PatienceOfPeople = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromMinutes(2);

    /// <summary>What became of a checked document.</summary>
    /// <param name="State">Its state.</param>
    /// <param name="Found">What the scanner found.</param>
    public sealed record Outcome(DocumentState State, string Found = "");

    /// <summary>Checks a document that was just put into quarantine; it stays there, to be checked later, when the scanner does not answer.</summary>
    public static async Task<Outcome> OfUpload(FileStore files, FileScanner scanner, string sha256, CancellationToken ct)
    {
        try
        {
            return await CheckAsync(files, scanner, sha256, PatienceOfPeople, ct);
        }
        catch (ScannerUnavailableException)
        {
            return new Outcome(DocumentState.BeingChecked);
        }
    }

    /// <summary>Deletes refused bytes, unless they wait for a check in another application too, which then does it.</summary>
    public static async Task DeleteRefused(ApplicationsDb db, FileStore files, string sha256, CancellationToken ct)
    {
        if (!await db.DraftDocuments.AnyAsync(file => file.Sha256 == sha256 && file.State == DocumentState.BeingChecked, ct)) await files.DeleteAsync(FileArea.Quarantine, sha256, ct);
    }

    /// <summary>Checks what waits. Fails when anything still does, after it has tried all, so that the loop slows down and says so.</summary>
    public static async Task Run(ApplicationsDb db, FileStore files, FileScanner scanner, AppTime clock, CancellationToken ct)
    {
        var waiting = await db.DraftDocuments.Where(file => file.State == DocumentState.BeingChecked).GroupBy(file => file.Sha256)
            .OrderBy(same => same.Min(file => file.UploadedAt)).Select(same => same.Key).Take(MostAtOnce).ToListAsync(ct);
        if (waiting.Count == 0) return;
        // When it is away, waiting for it once is enough.
        await scanner.PingAsync(PatienceOfPeople, ct);
        var failures = new List<Exception>();
        foreach (var sha256 in waiting)
        {
            try
            {
                await SettleAsync(db, files, sha256, await CheckAsync(files, scanner, sha256, Patience, ct), clock.Now, ct);
            }
            catch (Exception e) when (e is ScannerUnavailableException or FileStoreUnavailableException or InvalidDataException)
            {
                // This one waits on; it must not keep the others waiting.
                failures.Add(e);
            }
        }

        if (failures.Count > 0) throw new AggregateException($"{failures.Count} uploaded documents could not be checked.", failures);
    }

    static async Task<Outcome> CheckAsync(FileStore files, FileScanner scanner, string sha256, TimeSpan patience, CancellationToken ct)
    {
        await using var content = await files.OpenAsync(FileArea.Quarantine, sha256, ct);
        if (content is null)
        {
            // Another check of the same bytes has let them out, or has deleted them.
            await using var attached = await files.OpenAsync(FileArea.Attachments, sha256, ct);
            return new Outcome(attached is null ? DocumentState.Infected : DocumentState.Attached);
        }

        var result = await scanner.ScanAsync(content, patience, ct);
        if (result.Verdict != ScanVerdict.Clean) return new Outcome(result.Verdict == ScanVerdict.Infected ? DocumentState.Infected : DocumentState.TooLargeToCheck, result.Found);
        await files.MoveAsync(FileArea.Quarantine, FileArea.Attachments, sha256, ct);
        return new Outcome(DocumentState.Attached);
    }

    static async Task SettleAsync(ApplicationsDb db, FileStore files, string sha256, Outcome outcome, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await db.DraftDocuments.AsNoTracking().Where(file => file.Sha256 == sha256 && file.State == DocumentState.BeingChecked).ToListAsync(ct);
        foreach (var row in rows)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            // Whoever submits this draft just now waits, and then looks at it again.
            await db.Applications.Where(found => found.Id == row.ApplicationId && found.State == ApplicationState.Draft || found.CopyId == row.ApplicationId)
                .ExecuteUpdateAsync(set => set.SetProperty(found => found.DraftRevision, found => found.DraftRevision + 1), ct);
            // Neither a draft, nor a copy that is being written, nor what was replaced since.
            var isSubmitted = await db.Applications.AnyAsync(found => found.Id == row.ApplicationId && found.State != ApplicationState.Draft, ct);
            var changed = await db.DraftDocuments
                .Where(file => file.ApplicationId == row.ApplicationId && file.DocumentId == row.DocumentId && file.Sha256 == sha256 && file.State == DocumentState.BeingChecked)
                .ExecuteUpdateAsync(set => set.SetProperty(file => file.State, outcome.State), ct);
            // Replaced meanwhile, or settled by another replica.
            if (changed == 0) continue;
            if (outcome.State != DocumentState.Attached)
            {
                db.Audit(now, Guid.Empty, "application.file-refused", row.ApplicationId, ReasonOf(row.DocumentId, sha256, outcome));
                if (isSubmitted) db.Add(TimelineEntry.Of(row.ApplicationId, now, TimelineKind.DocumentRefused, row.FileName));
            }

            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        if (outcome.State != DocumentState.Attached) await DeleteRefused(db, files, sha256, ct);
    }

    /// <summary>What the audit trail keeps of a refused document.</summary>
    public static string ReasonOf(string documentId, string sha256, Outcome outcome) => $"{documentId} {sha256}: {outcome.State} {outcome.Found}".TrimEnd();
}

using Grants.Contracts.Applications;
using Grants.Platform.Files;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Dossiers;

/// <summary>A dossier with what was asked and answered since, which stands beside it.</summary>
public sealed record Papers(Dossier Dossier, IReadOnlyList<Clarification> Clarifications)
{
    /// <summary>The papers of a case.</summary>
    public static async Task<Papers> ReadAsync(ReviewsDb db, FileStore files, ReviewCase held, CancellationToken ct) => new(
        await DossierReader.ReadAsync(files, held, ct),
        await db.Clarifications.AsNoTracking().Where(one => one.ApplicationId == held.ApplicationId).OrderBy(one => one.At).ThenBy(one => one.Id).ToListAsync(ct));
}

/// <summary>Reads applications as submitted: the same bytes as everybody else, found by their hash and compared with it.</summary>
public static class DossierReader
{
    /// <summary>The dossier of a case.</summary>
    /// <exception cref="InvalidDataException">It is missing, is not what was sealed, or belongs to another application.</exception>
    public static async Task<Dossier> ReadAsync(FileStore files, ReviewCase held, CancellationToken ct)
    {
        var bytes = await files.ReadAsync(FileArea.Dossiers, held.DossierSha256, ct)
            ?? throw new InvalidDataException($"The dossier of application {held.ApplicationId} is not in the file store.");
        var dossier = CanonicalJson.Deserialize<Dossier>(bytes);
        return dossier.ApplicationId == held.ApplicationId ? dossier : throw new InvalidDataException($"The dossier of application {held.ApplicationId} is of another one.");
    }

    /// <summary>A file of the dossier as a download; null when the dossier lists none of that hash, whatever the file store holds. A listed one may not be there: it was refused after the submission.</summary>
    public static async Task<IResult?> DownloadAsync(FileStore files, ReviewCase held, string sha256, PageContext page, CancellationToken ct)
    {
        var dossier = await ReadAsync(files, held, ct);
        if (dossier.Attachments.FirstOrDefault(attachment => string.Equals(attachment.Sha256, sha256, StringComparison.Ordinal)) is not { } listed) return null;
        return await files.OpenAsync(FileArea.Attachments, sha256, ct) is { } content
            ? FileDownload.Result(content, listed.FileName)
            : Pages.Problem(StatusCodes.Status404NotFound, page.Text<DossierView>("dossier.refused", listed.FileName));
    }
}

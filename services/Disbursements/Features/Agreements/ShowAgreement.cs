using System.Text;
using Grants.Disbursements.Domain;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Agreements;

/// <summary>Shows the agreement's text with its hash and who has accepted it.</summary>
public static class ShowAgreement
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/agreement", Show).SignedIn("a member of the grantee, or staff in scope");
        routes.MapGet("/grants/{applicationId:guid}/agreement/text", Download).SignedIn("a member of the grantee, or staff in scope");
    }

    /// <summary>What the page shows.</summary>
    public sealed record Shown(GrantSeen Seen, Agreement Agreement, string Text, IReadOnlyList<AgreementAcceptance> Acceptances, AgreementSide? MaySign);

    /// <summary>The agreement as the caller may see it, or null.</summary>
    public static async Task<Shown?> FindAsync(DisbursementsDb db, FileStore files, Caller caller, Guid applicationId, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { } seen) return null;
        var agreement = await db.Agreements.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == applicationId, ct);
        if (agreement is null) return null;
        // The store compares the bytes with the hash: what is shown, and accepted, is what was offered.
        var bytes = await files.ReadAsync(FileArea.Agreements, agreement.TextSha256, ct)
            ?? throw new InvalidDataException($"The text of the agreement of {applicationId} is not in the file store.");
        var acceptances = await db.Acceptances.AsNoTracking().Where(known => known.AgreementId == agreement.Id).OrderBy(known => known.At).ToListAsync(ct);
        AgreementSide? side = seen.CanAcceptForGrantee ? AgreementSide.Grantee : seen.CanAcceptForFunder ? AgreementSide.Funder : null;
        return new Shown(seen, agreement, Encoding.UTF8.GetString(bytes), acceptances, side);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct) =>
        await FindAsync(db, files, caller, applicationId, ct) is { } shown
            ? Pages.Show<AgreementPage>(new { Shown = shown, Typed = new AcceptAgreement.Typed("", "", false), Errors = new FieldErrors() })
            : Pages.NotFound();

    static async Task<IResult> Download(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct) =>
        await FindAsync(db, files, caller, applicationId, ct) is { } shown
            ? FileDownload.Result(new MemoryStream(Encoding.UTF8.GetBytes(shown.Text)), shown.Agreement.Number.Replace('/', '-') + ".txt", "text/plain; charset=utf-8")
            : Pages.NotFound();
}

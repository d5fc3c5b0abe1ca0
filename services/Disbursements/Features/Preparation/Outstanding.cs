using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform.Files;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Preparation;

/// <summary>What stands between a grant with its account and the offer of its agreement.</summary>
/// <param name="Correction">The newest corrected budget; null when there is none.</param>
/// <param name="IsCorrectionAccepted">Whether the grantee accepted it.</param>
/// <param name="Documents">Documents that the selected give; empty where the call asks for none.</param>
/// <param name="PartnersUnknown">Partners give documents, but the application that names them cannot be read: nothing is offered then.</param>
public sealed record Outstanding(BudgetCorrection? Correction, bool IsCorrectionAccepted, IReadOnlyList<WantedDocument> Documents, bool PartnersUnknown)
{
    /// <summary>Whether the grantee has a corrected budget to accept.</summary>
    public bool WaitsForBudget => Correction is not null && !IsCorrectionAccepted;

    /// <summary>Whether documents are missing that the agreement waits for.</summary>
    public bool WaitsForDocuments => PartnersUnknown || Documents.Any(document => document.IsMissing);

    /// <summary>Whether the grantee has something to do, apart from the account and the agreement.</summary>
    public bool IsGranteesTurn => WaitsForBudget || Documents.Any(document => document.IsOwed);

    /// <summary>Whether documents wait for the officer.</summary>
    public bool HasDocumentsToCheck => Documents.Any(document => document.Given?.State == GranteeDocumentState.Uploaded);

    public static async Task<Outstanding> OfAsync(DisbursementsDb db, FileStore files, GrantSeen seen, CancellationToken ct)
    {
        var grant = seen.Grant;
        var correction = await db.BudgetCorrections.AsNoTracking().SingleOrDefaultAsync(known => known.Id == grant.BudgetCorrectionId, ct);
        var accepted = correction is not null && await db.BudgetAcceptances.AnyAsync(known => known.CorrectionId == correction.Id, ct);
        var wanted = CallDefinitions.Read(seen.Call.Definition);
        var selected = wanted?.DocumentsAt(DocumentMoment.Selected).ToList() ?? [];
        if (selected.Count == 0) return new Outstanding(correction, accepted, [], false);

        var dossier = selected.Exists(document => document.PerPartner) ? await DossierReader.ReadAsync(files, grant, ct) : null;
        var given = await db.Documents.AsNoTracking().Where(file => file.ApplicationId == grant.ApplicationId).ToListAsync(ct);
        return new Outstanding(
            correction, accepted, WantedDocument.Of(wanted!, [.. dossier?.Partners?.Select(partner => partner.Name) ?? []], given),
            selected.Exists(document => document.PerPartner && document.Required) && dossier is null);
    }
}

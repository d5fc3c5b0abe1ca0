using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Disbursements.Features.Preparation;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Budget;

/// <summary>The budget of a grant as one person may see it.</summary>
/// <param name="Seen">The grant and who looks.</param>
/// <param name="Call">The call's rules.</param>
/// <param name="Submitted">The budget as submitted.</param>
/// <param name="Agreed">Its lines after all corrections that the grantee accepted.</param>
/// <param name="Reasons">Why lines were lowered: the last correction of each, waiting or accepted.</param>
/// <param name="Waiting">The correction that waits for the grantee, or null.</param>
/// <param name="WaitingLines">What it lowers.</param>
public sealed record BudgetSeen(
    GrantSeen Seen, CallDefinition Call, DossierBudget Submitted, CorrectedBudget Agreed, IReadOnlyDictionary<string, CorrectedLine> Reasons, BudgetCorrection? Waiting,
    IReadOnlyDictionary<string, CorrectedLine> WaitingLines)
{
    /// <summary>Whether the caller may correct it: until the agreement is offered.</summary>
    public bool CanCorrect => Seen.IsOfficer && Seen.IsIndependent && Seen.IsBeingPrepared;

    /// <summary>Whether the caller may accept the correction for the grantee.</summary>
    public bool CanAccept => Waiting is not null && Seen.IsMember && Seen.MayCommit && Seen.IsBeingPrepared;

    public Money Money(long minor) => new(minor, Seen.Grant.Currency);

    /// <summary>A line's sum after the correction that waits, or what it is.</summary>
    public long AfterMinor(CorrectedBudget.Line line) => WaitingLines.TryGetValue(line.Submitted.Id, out var lowered) ? lowered.TotalMinor : line.TotalMinor;
}

/// <summary>Reading budgets.</summary>
public static class Budgets
{
    /// <summary>The budget, or null when it is not the caller's to see or the application had none.</summary>
    public static async Task<BudgetSeen?> SeeBudgetAsync(this DisbursementsDb db, FileStore files, Caller caller, Guid applicationId, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { } seen || CallDefinitions.Read(seen.Call.Definition) is not { } call) return null;
        if ((await DossierReader.ReadAsync(files, seen.Grant, ct))?.Budget is not { } submitted) return null;

        var corrections = await db.BudgetCorrections.AsNoTracking().Where(known => known.ApplicationId == applicationId).OrderBy(known => known.Number).ToListAsync(ct);
        var ids = corrections.Select(known => known.Id).ToList();
        var accepted = (await db.BudgetAcceptances.AsNoTracking().Where(known => ids.Contains(known.CorrectionId)).Select(known => known.CorrectionId).ToListAsync(ct)).ToHashSet();
        var lowered = (await db.CorrectedLines.AsNoTracking().Where(line => ids.Contains(line.CorrectionId)).ToListAsync(ct)).ToLookup(line => line.CorrectionId);
        var agreed = new Dictionary<string, CorrectedLine>(StringComparer.Ordinal);
        foreach (var line in corrections.Where(known => accepted.Contains(known.Id)).SelectMany(known => lowered[known.Id])) agreed[line.LineId] = line;

        // What the grantee never accepted and was corrected again counts no more.
        var waiting = corrections.Find(known => known.Id == seen.Grant.BudgetCorrectionId && !accepted.Contains(known.Id));
        var waitingLines = waiting is null ? [] : lowered[waiting.Id].ToDictionary(line => line.LineId, StringComparer.Ordinal);
        var reasons = new Dictionary<string, CorrectedLine>(agreed, StringComparer.Ordinal);
        foreach (var (id, line) in waitingLines) reasons[id] = line;
        return new BudgetSeen(
            seen, call, submitted,
            new CorrectedBudget(
                [.. submitted.Lines.Select(line => new CorrectedBudget.Line(line, agreed.TryGetValue(line.Id, out var known) ? known.TotalMinor : line.TotalMinor))],
                submitted.OwnMinor, seen.Grant.Grantable.Minor),
            reasons, waiting, waitingLines);
    }
}

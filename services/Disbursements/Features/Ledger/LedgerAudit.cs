using Grants.Disbursements.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Ledger;

/// <summary>A counter that is not what the transfers say.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Held">What it holds.</param>
/// <param name="Recomputed">What its transfers sum to.</param>
public sealed record LedgerDifference(string AccountId, LedgerCounters Held, LedgerCounters Recomputed);

/// <summary>
/// A second, naive model of the ledger: reads the story of transfers from the beginning and compares. It shares no arithmetic with the first one on purpose.
/// </summary>
public static class LedgerAudit
{
    /// <summary>All differences; empty when the books are right.</summary>
    public static async Task<IReadOnlyList<LedgerDifference>> FindAsync(DisbursementsDb db, Guid? callId, CancellationToken ct)
    {
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(account => callId == null || account.CallId == callId).ToListAsync(ct);
        var transfers = await db.LedgerTransfers.AsNoTracking().Where(transfer => callId == null || transfer.CallId == callId).ToListAsync(ct);
        return Compare(accounts, transfers);
    }

    /// <summary>The same over data at hand.</summary>
    public static IReadOnlyList<LedgerDifference> Compare(IReadOnlyCollection<LedgerAccount> accounts, IReadOnlyCollection<LedgerTransfer> transfers)
    {
        var differences = new List<LedgerDifference>();
        foreach (var account in accounts)
        {
            var given = transfers.Where(transfer => transfer.DebitAccountId == account.Id).ToList();
            var taken = transfers.Where(transfer => transfer.CreditAccountId == account.Id).ToList();
            var recomputed = new LedgerCounters(Pending(given), Posted(given), Pending(taken), Posted(taken));
            if (recomputed != account.Counters) differences.Add(new LedgerDifference(account.Id, account.Counters, recomputed));
        }

        return differences;
    }

    /// <summary>Debits less credits over all accounts, pending and posted: zero, or money came from nowhere.</summary>
    public static (long Pending, long Posted) Sums(IReadOnlyCollection<LedgerAccount> accounts) => (
        accounts.Sum(account => account.DebitsPending - account.CreditsPending), accounts.Sum(account => account.DebitsPosted - account.CreditsPosted));

    // Reserved, and neither paid nor released since.
    static long Pending(List<LedgerTransfer> side) =>
        Of(side, LedgerTransferKind.Award) - Of(side, LedgerTransferKind.Payment) - Of(side, LedgerTransferKind.Void) + Of(side, LedgerTransferKind.Return);

    static long Posted(List<LedgerTransfer> side) =>
        Of(side, LedgerTransferKind.Payment) - Of(side, LedgerTransferKind.Return) - Of(side, LedgerTransferKind.Repayment) + Of(side, LedgerTransferKind.Budget) + Of(side, LedgerTransferKind.BudgetReduction);

    static long Of(List<LedgerTransfer> side, LedgerTransferKind kind) => side.Where(transfer => transfer.Kind == kind).Sum(transfer => transfer.AmountMinor);
}

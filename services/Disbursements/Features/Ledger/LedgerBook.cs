using Grants.Disbursements.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Ledger;

/// <summary>
/// The only door to the ledger. Asks the rules first; then changes the counters by atomic updates and adds the transfer, all in the caller's transaction,
/// so that either all of it is there or nothing. Whoever tries again with the same business key changes nothing.
/// </summary>
public static class LedgerBook
{
    /// <summary>Makes sure an account exists.</summary>
    public static async Task OpenAsync(this DisbursementsDb db, LedgerAccount account, CancellationToken ct)
    {
        if (await db.LedgerAccounts.AsNoTracking().AnyAsync(known => known.Id == account.Id, ct)) return;
        db.LedgerAccounts.Add(account);
        await db.SaveChangesAsync(ct);
        // Counters change behind the back of the change tracker; a tracked account would be a stale one.
        db.Entry(account).State = EntityState.Detached;
    }

    /// <summary>Reads an account as it is now.</summary>
    public static Task<LedgerAccount?> AccountAsync(this DisbursementsDb db, string id, CancellationToken ct) =>
        db.LedgerAccounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == id, ct);

    /// <summary>
    /// Holds an account until the transaction ends: whoever else wants to move its money waits, and what is read afterwards stays true. Works alike on both
    /// databases, because an update locks its row. An account that does not exist yet holds nobody.
    /// </summary>
    public static Task HoldAccountAsync(this DisbursementsDb db, string id, CancellationToken ct) =>
        db.LedgerAccounts.Where(account => account.Id == id).ExecuteUpdateAsync(set => set.SetProperty(account => account.DebitsPending, account => account.DebitsPending), ct);

    /// <summary>Records a transfer, or says why not. The caller saves and commits.</summary>
    /// <exception cref="InvalidOperationException">There is no transaction: counters and transfer could part.</exception>
    public static async Task<LedgerRefusal?> RecordAsync(this DisbursementsDb db, LedgerTransfer transfer, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("The ledger is written in a transaction only.");

        // Before anything is asked: an answer from before another's commit would let the CHECK refuse what the rules should have refused with a reason.
        foreach (var id in new[] { transfer.DebitAccountId, transfer.CreditAccountId }.Order(StringComparer.Ordinal)) await db.HoldAccountAsync(id, ct);
        var known = db.LedgerTransfers.Local.FirstOrDefault(t => t.Id == transfer.Id)
            ?? await db.LedgerTransfers.AsNoTracking().SingleOrDefaultAsync(t => t.Id == transfer.Id, ct);
        if (known is not null) return known.IsSameMovementAs(transfer) ? null : LedgerRefusal.KeyUsedDifferently;

        var debit = await db.AccountAsync(transfer.DebitAccountId, ct);
        var credit = await db.AccountAsync(transfer.CreditAccountId, ct);
        if (debit is null || credit is null) return LedgerRefusal.WrongAccounts;
        if (LedgerRules.Refuse(transfer, debit, credit) is { } refusal) return refusal;

        await db.WriteAsync(transfer, ct);
        return null;
    }

    /// <summary>Writes without asking the rules: what is left then is the database's own net. For <see cref="RecordAsync"/> and for tests of that net.</summary>
    internal static async Task WriteAsync(this DisbursementsDb db, LedgerTransfer transfer, CancellationToken ct)
    {
        var (debit, credit) = transfer.Movement();
        // In one order everywhere, so that two transfers between the same accounts never wait for each other crosswise.
        var changes = new[] { (transfer.DebitAccountId, debit), (transfer.CreditAccountId, credit) };
        foreach (var (id, change) in changes.OrderBy(pair => pair.Item1, StringComparer.Ordinal)) await db.ChangeAsync(id, change, ct);
        db.LedgerTransfers.Add(transfer);
    }

    static async Task ChangeAsync(this DisbursementsDb db, string id, LedgerCounters change, CancellationToken ct)
    {
        var rows = await db.LedgerAccounts.Where(account => account.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(account => account.DebitsPending, account => account.DebitsPending + change.DebitsPending)
            .SetProperty(account => account.DebitsPosted, account => account.DebitsPosted + change.DebitsPosted)
            .SetProperty(account => account.CreditsPending, account => account.CreditsPending + change.CreditsPending)
            .SetProperty(account => account.CreditsPosted, account => account.CreditsPosted + change.CreditsPosted), ct);
        if (rows != 1) throw new InvalidOperationException($"Ledger account {id} is missing.");
    }
}

using Grants.Disbursements.Domain;

namespace Grants.AllInOne.DryRun;

/// <summary>The books of the invented grant: the rules of the ledger without its database.</summary>
sealed class InventedLedger
{
    readonly Dictionary<string, LedgerAccount> accounts = new(StringComparer.Ordinal);

    public InventedLedger(params IEnumerable<LedgerAccount> opened)
    {
        foreach (var account in opened) accounts[account.Id] = account;
    }

    public LedgerAccount this[string id] => accounts[id];

    /// <summary>Records a transfer, unless the ledger refuses it.</summary>
    public LedgerRefusal? Record(LedgerTransfer transfer)
    {
        var (debit, credit) = (accounts[transfer.DebitAccountId], accounts[transfer.CreditAccountId]);
        if (LedgerRules.Refuse(transfer, debit, credit) is { } refusal) return refusal;
        var (debited, credited) = transfer.Movement();
        accounts[debit.Id] = debit.After(debited);
        accounts[credit.Id] = credit.After(credited);
        return null;
    }
}

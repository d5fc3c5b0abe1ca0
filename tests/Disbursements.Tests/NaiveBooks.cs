using Grants.Disbursements.Domain;

namespace Grants.Disbursements.Tests;

/// <summary>
/// The books kept a second time, as a bookkeeper would with a pencil: one pile of money for each purpose, moved transfer by transfer. It shares nothing with
/// the counters, their movements or the page that compares them.
/// </summary>
static class NaiveBooks
{
    public static void Check(long mostBudget, IReadOnlyCollection<LedgerAccount> accounts, IReadOnlyCollection<LedgerTransfer> transfers)
    {
        long free = 0, budget = 0;
        var (reserved, received) = (new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var transfer in transfers)
        {
            var (grant, amount) = (transfer.CreditAccountId, transfer.AmountMinor);
            switch (transfer.Kind)
            {
                case LedgerTransferKind.Budget:
                    (budget, free) = (budget + amount, free + amount);
                    break;
                case LedgerTransferKind.BudgetReduction:
                    (budget, free) = (budget - amount, free - amount);
                    break;
                case LedgerTransferKind.Award:
                    free -= amount;
                    reserved[grant] = reserved.GetValueOrDefault(grant) + amount;
                    break;
                case LedgerTransferKind.Void:
                    free += amount;
                    reserved[grant] = reserved.GetValueOrDefault(grant) - amount;
                    break;
                case LedgerTransferKind.Payment:
                    reserved[grant] = reserved.GetValueOrDefault(grant) - amount;
                    received[grant] = received.GetValueOrDefault(grant) + amount;
                    break;
                case LedgerTransferKind.Return:
                    reserved[grant] = reserved.GetValueOrDefault(grant) + amount;
                    received[grant] = received.GetValueOrDefault(grant) - amount;
                    break;
                case LedgerTransferKind.Repayment:
                    free += amount;
                    received[grant] = received.GetValueOrDefault(grant) - amount;
                    break;
                default:
                    Assert.Fail($"A bookkeeper does not know {transfer.Kind}.");
                    break;
            }
        }

        Assert.InRange(budget, 0, mostBudget);
        Assert.True(free >= 0, "More was awarded than the call has.");
        Assert.All(reserved.Values, pile => Assert.True(pile >= 0, "More was paid or released than was reserved."));
        Assert.All(received.Values, pile => Assert.True(pile >= 0, "More came back than was paid."));
        // No money comes from nowhere or gets lost.
        Assert.Equal(budget, free + reserved.Values.Sum() + received.Values.Sum());
        Assert.Equal(free, accounts.Single(account => account.Kind == LedgerAccountKind.Call).FreeMinor);
        foreach (var account in accounts.Where(account => account.Kind == LedgerAccountKind.Grant))
            Assert.Equal((reserved.GetValueOrDefault(account.Id), received.GetValueOrDefault(account.Id)), (account.CreditsPending, account.CreditsPosted));
    }
}

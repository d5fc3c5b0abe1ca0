using System.Security.Cryptography;
using System.Text;
using Grants.Platform;

namespace Grants.Disbursements.Domain;

/// <summary>What an account of the ledger stands for.</summary>
public enum LedgerAccountKind
{
    /// <summary>Where a call's money comes from; one for each call, so that every call sums to zero by itself.</summary>
    Funder,

    /// <summary>The budget of a call.</summary>
    Call,

    /// <summary>What one grantee is to receive and has received.</summary>
    Grant,
}

/// <summary>Why money is moved.</summary>
public enum LedgerTransferKind
{
    /// <summary>The funder gives a budget to a call: posted at once.</summary>
    Budget,

    /// <summary>A later version of the call has a smaller budget: the difference goes back, posted at once.</summary>
    BudgetReduction,

    /// <summary>A call reserves money for a grant: pending.</summary>
    Award,

    /// <summary>Posts a part of the award: the bank has paid.</summary>
    Payment,

    /// <summary>Releases what is left of an award.</summary>
    Void,

    /// <summary>A payment came back: what was posted is reserved again.</summary>
    Return,

    /// <summary>The grantee paid a part back: it is free for the call again.</summary>
    Repayment,
}

/// <summary>Why the ledger refuses a transfer. Each has a sentence for people.</summary>
public enum LedgerRefusal
{
    /// <summary>Amounts are above zero; the direction says the rest.</summary>
    NotAnAmount,

    /// <summary>The accounts hold another currency.</summary>
    OtherCurrency,

    /// <summary>The accounts do not fit the kind of the transfer.</summary>
    WrongAccounts,

    /// <summary>More than the call has left.</summary>
    BeyondBudget,

    /// <summary>More than the award has left.</summary>
    BeyondAward,

    /// <summary>More than was paid.</summary>
    BeyondPaid,

    /// <summary>The same business key was used for another movement.</summary>
    KeyUsedDifferently,
}

/// <summary>The four counters of an account, or a change of them. Minor units.</summary>
public readonly record struct LedgerCounters(long DebitsPending, long DebitsPosted, long CreditsPending, long CreditsPosted);

/// <summary>
/// An account: nothing but four counters, in one currency. They change only together with an inserted transfer, by an atomic update in the database;
/// nothing in the code can set them.
/// </summary>
public sealed class LedgerAccount
{
    LedgerAccount()
    {
    }

    /// <summary>Kind and owner in one, such as <c>call:0190…</c>.</summary>
    public string Id { get; private init; } = "";

    public LedgerAccountKind Kind { get; private init; }

    public Guid CallId { get; private init; }

    /// <summary>The grant, for a grant's account.</summary>
    public Guid? ApplicationId { get; private init; }

    public string Currency { get; private init; } = "";

    public long DebitsPending { get; private init; }

    public long DebitsPosted { get; private init; }

    public long CreditsPending { get; private init; }

    public long CreditsPosted { get; private init; }

    public LedgerCounters Counters => new(DebitsPending, DebitsPosted, CreditsPending, CreditsPosted);

    /// <summary>What may still be taken from a call: its credits less everything reserved or paid.</summary>
    public long FreeMinor => CreditsPosted - DebitsPending - DebitsPosted;

    /// <summary>The account as it would be after a change, to reckon ahead: what is stored is changed by the database only.</summary>
    public LedgerAccount After(LedgerCounters change) => new()
    {
        Id = Id,
        Kind = Kind,
        CallId = CallId,
        ApplicationId = ApplicationId,
        Currency = Currency,
        DebitsPending = checked(DebitsPending + change.DebitsPending),
        DebitsPosted = checked(DebitsPosted + change.DebitsPosted),
        CreditsPending = checked(CreditsPending + change.CreditsPending),
        CreditsPosted = checked(CreditsPosted + change.CreditsPosted),
    };

    public static string FunderOf(Guid callId) => $"funder:{callId}";

    public static string CallOf(Guid callId) => $"call:{callId}";

    public static string GrantOf(Guid applicationId) => $"grant:{applicationId}";

    public static LedgerAccount ForFunder(Guid callId, string currency) =>
        new() { Id = FunderOf(callId), Kind = LedgerAccountKind.Funder, CallId = callId, Currency = Currencies.Require(currency) };

    public static LedgerAccount ForCall(Guid callId, string currency) =>
        new() { Id = CallOf(callId), Kind = LedgerAccountKind.Call, CallId = callId, Currency = Currencies.Require(currency) };

    public static LedgerAccount ForGrant(Guid callId, Guid applicationId, string currency) => new()
    {
        Id = GrantOf(applicationId),
        Kind = LedgerAccountKind.Grant,
        CallId = callId,
        ApplicationId = applicationId,
        Currency = Currencies.Require(currency),
    };
}

/// <summary>
/// A movement of money between two accounts. Never changed, never deleted: a correction is another transfer. The id is made from the business key, so that
/// whoever tries again finds the transfer that is already there.
/// </summary>
public sealed record LedgerTransfer
{
    public Guid Id { get; private init; }

    /// <summary>What makes the movement unique in business terms, such as <c>payment:{instalment}</c>.</summary>
    public string BusinessKey { get; private init; } = "";

    public LedgerTransferKind Kind { get; private init; }

    public Guid CallId { get; private init; }

    public string DebitAccountId { get; private init; } = "";

    public string CreditAccountId { get; private init; } = "";

    public long AmountMinor { get; private init; }

    public string Currency { get; private init; } = "";

    /// <summary>The pending transfer that a payment posts or a void releases.</summary>
    public Guid? AwardId { get; private init; }

    public DateTimeOffset At { get; private init; }

    /// <summary>The person who caused it; empty for the system.</summary>
    public Guid By { get; private init; }

    public static LedgerTransfer Budget(Guid callId, int version, Money amount, DateTimeOffset at) => Budget(callId, version, "", amount, at);

    /// <summary>More budget; <paramref name="cause"/> tells apart the occasions on which one version of a call may give or take some.</summary>
    public static LedgerTransfer Budget(Guid callId, int version, string cause, Money amount, DateTimeOffset at) => Make(
        $"budget:{callId}:{version}{cause}", LedgerTransferKind.Budget, callId, LedgerAccount.FunderOf(callId), LedgerAccount.CallOf(callId), amount, null, at, Guid.Empty);

    public static LedgerTransfer BudgetReduction(Guid callId, int version, string cause, Money amount, DateTimeOffset at) => Make(
        $"budget:{callId}:{version}{cause}", LedgerTransferKind.BudgetReduction, callId, LedgerAccount.CallOf(callId), LedgerAccount.FunderOf(callId), amount, null, at,
        Guid.Empty);

    public static LedgerTransfer Award(Guid callId, Guid applicationId, Money amount, DateTimeOffset at, Guid by) => Make(
        AwardKey(applicationId), LedgerTransferKind.Award, callId, LedgerAccount.CallOf(callId), LedgerAccount.GrantOf(applicationId), amount, null, at, by);

    public static LedgerTransfer Payment(Guid callId, Guid applicationId, Guid instalmentId, Money amount, DateTimeOffset at, Guid by, int round = 0) => Make(
        $"payment:{instalmentId}{InRound(round)}", LedgerTransferKind.Payment, callId, LedgerAccount.CallOf(callId), LedgerAccount.GrantOf(applicationId), amount,
        IdOf(AwardKey(applicationId)), at, by);

    /// <summary>Releases a part of the award that will not be used; <paramref name="cause"/> tells apart the occasions on which that may happen.</summary>
    public static LedgerTransfer Void(Guid callId, Guid applicationId, string cause, Money amount, DateTimeOffset at, Guid by) => Make(
        $"void:{applicationId}:{cause}", LedgerTransferKind.Void, callId, LedgerAccount.CallOf(callId), LedgerAccount.GrantOf(applicationId), amount,
        IdOf(AwardKey(applicationId)), at, by);

    /// <summary>A payment came back that was made in this round of approvals.</summary>
    public static LedgerTransfer Return(Guid callId, Guid applicationId, Guid instalmentId, Money amount, DateTimeOffset at, Guid by, int round) => Make(
        $"return:{instalmentId}{InRound(round)}", LedgerTransferKind.Return, callId, LedgerAccount.CallOf(callId), LedgerAccount.GrantOf(applicationId), amount,
        IdOf(AwardKey(applicationId)), at, by);

    public static LedgerTransfer Repayment(Guid callId, Guid applicationId, Guid repaymentId, Money amount, DateTimeOffset at, Guid by) => Make(
        $"repayment:{repaymentId}", LedgerTransferKind.Repayment, callId, LedgerAccount.CallOf(callId), LedgerAccount.GrantOf(applicationId), amount,
        IdOf(AwardKey(applicationId)), at, by);

    /// <summary>What the transfer does to its two accounts.</summary>
    public (LedgerCounters Debit, LedgerCounters Credit) Movement() => Kind switch
    {
        LedgerTransferKind.Budget or LedgerTransferKind.BudgetReduction => (new(0, AmountMinor, 0, 0), new(0, 0, 0, AmountMinor)),
        LedgerTransferKind.Award => (new(AmountMinor, 0, 0, 0), new(0, 0, AmountMinor, 0)),
        LedgerTransferKind.Payment => (new(-AmountMinor, AmountMinor, 0, 0), new(0, 0, -AmountMinor, AmountMinor)),
        LedgerTransferKind.Void => (new(-AmountMinor, 0, 0, 0), new(0, 0, -AmountMinor, 0)),
        LedgerTransferKind.Return => (new(AmountMinor, -AmountMinor, 0, 0), new(0, 0, AmountMinor, -AmountMinor)),
        LedgerTransferKind.Repayment => (new(0, -AmountMinor, 0, 0), new(0, 0, 0, -AmountMinor)),
        _ => throw new InvalidOperationException($"No movement is known for {Kind}."),
    };

    /// <summary>Whether it is the same movement: when and by whom it was asked for again does not matter.</summary>
    public bool IsSameMovementAs(LedgerTransfer other) => this with { At = other.At, By = other.By } == other;

    /// <summary>The id of the transfer with this business key (a version 8 UUID of its hash).</summary>
    public static Guid IdOf(string businessKey)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(businessKey)).AsSpan(0, 16).ToArray();
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public static string AwardKey(Guid applicationId) => $"award:{applicationId}";

    static string InRound(int round) => round == 0 ? "" : $":{round}";

    static LedgerTransfer Make(
        string key, LedgerTransferKind kind, Guid callId, string debit, string credit, Money amount, Guid? awardId, DateTimeOffset at, Guid by) => new()
        {
            Id = IdOf(key),
            BusinessKey = key,
            Kind = kind,
            CallId = callId,
            DebitAccountId = debit,
            CreditAccountId = credit,
            AmountMinor = amount.Minor,
            Currency = amount.Currency,
            AwardId = awardId,
            At = at,
            By = by,
        };
}

/// <summary>The first net: says no with a reason before the database has to. The second net are the CHECK constraints of the tables.</summary>
public static class LedgerRules
{
    /// <summary>Why the transfer is not possible now, or null.</summary>
    public static LedgerRefusal? Refuse(LedgerTransfer transfer, LedgerAccount debit, LedgerAccount credit)
    {
        if (transfer.AmountMinor <= 0) return LedgerRefusal.NotAnAmount;
        if (debit.Currency != transfer.Currency || credit.Currency != transfer.Currency) return LedgerRefusal.OtherCurrency;
        if (debit.CallId != credit.CallId || debit.CallId != transfer.CallId || (debit.Kind, credit.Kind) != Ends(transfer.Kind)) return LedgerRefusal.WrongAccounts;
        return transfer.Kind switch
        {
            LedgerTransferKind.Award or LedgerTransferKind.BudgetReduction => transfer.AmountMinor > debit.FreeMinor ? LedgerRefusal.BeyondBudget : null,
            LedgerTransferKind.Payment or LedgerTransferKind.Void =>
                transfer.AmountMinor > credit.CreditsPending || transfer.AmountMinor > debit.DebitsPending ? LedgerRefusal.BeyondAward : null,
            LedgerTransferKind.Return or LedgerTransferKind.Repayment =>
                transfer.AmountMinor > credit.CreditsPosted || transfer.AmountMinor > debit.DebitsPosted ? LedgerRefusal.BeyondPaid : null,
            _ => null,
        };
    }

    static (LedgerAccountKind Debit, LedgerAccountKind Credit) Ends(LedgerTransferKind kind) => kind switch
    {
        LedgerTransferKind.Budget => (LedgerAccountKind.Funder, LedgerAccountKind.Call),
        LedgerTransferKind.BudgetReduction => (LedgerAccountKind.Call, LedgerAccountKind.Funder),
        _ => (LedgerAccountKind.Call, LedgerAccountKind.Grant),
    };
}

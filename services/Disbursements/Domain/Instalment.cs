using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.Disbursements.Domain;

/// <summary>One instalment of a grant; its id is the business key of its payment.</summary>
public sealed class Instalment
{
    Instalment()
    {
    }

    public Guid Id { get; private init; }

    public long Version { get; private set; }

    public Guid ApplicationId { get; private init; }

    public Guid CallId { get; private init; }

    /// <summary>1 for the first.</summary>
    public int Number { get; private init; }

    /// <summary>How many there are.</summary>
    public int Of { get; private init; }

    /// <summary>Such as <c>agreement-in-force</c>.</summary>
    public string Trigger { get; private init; } = "";

    public InstalmentState State { get; private set; }

    /// <summary>How often all its approvals were undone. Approvals, orders and transfers belong to the round they were made in.</summary>
    public int Round { get; private set; }

    public long AmountMinor { get; private init; }

    public string Currency { get; private init; } = "";

    public DateTimeOffset? RequestedAt { get; private set; }

    public DateTimeOffset? ApprovedAt { get; private set; }

    public DateTimeOffset? PaidAt { get; private set; }

    /// <summary>Number of the line on the bank's statement.</summary>
    public string? StatementLine { get; private set; }

    /// <summary>Booking date on the statement.</summary>
    public DateOnly? PaidOn { get; private set; }

    /// <summary>Who recorded the payment.</summary>
    public Guid? SettledBy { get; private set; }

    public Money Amount => new(AmountMinor, Currency);

    public const string AgreementInForce = "agreement-in-force", ReportAccepted = "report-accepted", FinalReportAccepted = "final-report-accepted";

    /// <summary>The schedule of a grant: the shares of the call's definition, to the cent.</summary>
    public static IReadOnlyList<Instalment> Plan(Guid applicationId, Guid callId, Money agreed, IReadOnlyList<InstalmentRule> rules)
    {
        var amounts = Split(agreed, rules);
        return [.. rules.Select((rule, index) => new Instalment
        {
            // Made from the key and not at random: two attempts to plan the same grant cannot both be stored.
            Id = LedgerTransfer.IdOf($"instalment:{applicationId}:{index + 1}"),
            Version = 1,
            ApplicationId = applicationId,
            CallId = callId,
            Number = index + 1,
            Of = rules.Count,
            Trigger = rule.Trigger,
            State = InstalmentState.Planned,
            AmountMinor = amounts[index].Minor,
            Currency = agreed.Currency,
        })];
    }

    /// <summary>Whether a schedule can be carried out: known triggers, shares above nothing that make up the whole.</summary>
    public static bool CanPlan(IReadOnlyList<InstalmentRule>? rules) =>
        rules is { Count: > 0 } && rules.All(rule => rule.ShareHundredths > 0 && rule.Trigger is AgreementInForce or ReportAccepted or FinalReportAccepted)
        && rules.Sum(rule => (long)rule.ShareHundredths) == 10_000;

    /// <summary>The amounts of a schedule; they always sum to the whole.</summary>
    public static IReadOnlyList<Money> Split(Money agreed, IReadOnlyList<InstalmentRule> rules) => agreed.Split([.. rules.Select(rule => rule.ShareHundredths)]);

    public void Request(DateTimeOffset at)
    {
        Move(InstalmentAction.Request, Actor.System);
        RequestedAt = at;
    }

    /// <summary>Counts an approval; true when it was the last one needed.</summary>
    public bool Approve(int approvalsNow, int needed, DateTimeOffset at)
    {
        var last = approvalsNow >= Math.Max(needed, PaymentRules.FewestApprovals);
        Move(last ? InstalmentAction.ApproveLast : InstalmentAction.Approve, Actor.FinanceOfficer);
        if (last) ApprovedAt = at;
        return last;
    }

    public void PutOnList() => Move(InstalmentAction.PutOnList, Actor.FinanceOfficer);

    public void MarkPaid(string statementLine, DateOnly paidOn, Guid by, DateTimeOffset at)
    {
        Move(InstalmentAction.MarkPaid, Actor.FinanceOfficer);
        (StatementLine, PaidOn, SettledBy, PaidAt) = (statementLine, paidOn, by, at);
    }

    /// <summary>The payment came back or was never made: it waits for approval again and all approvals are undone.</summary>
    public void Return()
    {
        Move(InstalmentAction.Return, Actor.FinanceOfficer);
        Round++;
        (ApprovedAt, StatementLine, PaidOn, SettledBy, PaidAt) = (null, null, null, null, null);
    }

    /// <summary>What was approved has changed: it waits for approval again and all approvals are undone.</summary>
    public void UndoApprovals()
    {
        Move(InstalmentAction.UndoApprovals, Actor.ProgrammeOfficer);
        Round++;
        ApprovedAt = null;
    }

    /// <summary>The award lapsed or the agreement ended before it was paid.</summary>
    public void Cancel() => Move(InstalmentAction.Cancel, Actor.System);

    void Move(InstalmentAction action, Actor actor)
    {
        State = InstalmentLifecycle.Table.Next(State, action, actor);
        Version++;
    }
}

/// <summary>That a person approved an instalment. Never changed.</summary>
public sealed record PaymentApproval
{
    public required Guid Id { get; init; }

    public required Guid InstalmentId { get; init; }

    /// <summary>The instalment's round: an approval of an earlier one counts no more.</summary>
    public required int Round { get; init; }

    public required Guid Approver { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A list of payments for the bank, in one currency. Never changed.</summary>
public sealed record PaymentList
{
    public required Guid Id { get; init; }

    public required string Currency { get; init; }

    public required Guid MadeBy { get; init; }

    public required DateTimeOffset MadeAt { get; init; }
}

/// <summary>That a payment came back or was never made, and all approvals of it were undone. Never changed.</summary>
public sealed record PaymentReturn
{
    public required Guid InstalmentId { get; init; }

    /// <summary>The round it was paid in, as in <see cref="PaymentApproval.Round"/>.</summary>
    public required int Round { get; init; }

    public required string Reason { get; init; }

    /// <summary>Line of the bank's statement on which the money came back; empty when the bank never sent it.</summary>
    public required string StatementLine { get; init; }

    /// <summary>Whether it had been recorded as paid.</summary>
    public required bool WasPaid { get; init; }

    public required Guid By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>That a grantee paid back a part of what it had received. Never changed.</summary>
public sealed record Repayment
{
    public required Guid Id { get; init; }

    public required Guid ApplicationId { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required string Reason { get; init; }

    public required string StatementLine { get; init; }

    public required DateOnly BookedOn { get; init; }

    public required Guid By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// A line of a payer's bank statement that stands for one movement of money. Numbers of statements begin anew each year, so the key is payer, year and number: the same
/// line cannot stand for two payments.
/// </summary>
public sealed record StatementLine
{
    public required string Payer { get; init; }

    public required int Year { get; init; }

    /// <summary>The number without spaces, in capital letters.</summary>
    public required string Number { get; init; }

    public required Guid ApplicationId { get; init; }

    /// <summary>The instalment that was paid or came back; the repayment otherwise.</summary>
    public required Guid About { get; init; }

    public required Guid By { get; init; }

    public required DateTimeOffset At { get; init; }

    public static string NumberOf(string typed) => string.Concat(typed.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
}

/// <summary>A payment on a list, as it was when the list was made.</summary>
public sealed record PaymentLine
{
    public required Guid InstalmentId { get; init; }

    /// <summary>The round it was ordered in, as in <see cref="PaymentApproval.Round"/>.</summary>
    public required int Round { get; init; }

    public required Guid ListId { get; init; }

    public required Guid ApplicationId { get; init; }

    public required string Reference { get; init; }

    public required string Holder { get; init; }

    public required string Iban { get; init; }

    public required string BankName { get; init; }

    public required string Bic { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    public required string Purpose { get; init; }
}

/// <summary>Why a person may not do something with a payment. Each has a sentence for people.</summary>
public enum PaymentRefusal
{
    /// <summary>Not a finance officer for this call.</summary>
    NotYourPlace,

    /// <summary>Acts or acted for the grantee.</summary>
    TiedToGrantee,

    /// <summary>Who belongs to the grantee is not known here yet: nobody may.</summary>
    MembersUnknown,

    /// <summary>Confirmed amount and account and offered the agreement.</summary>
    AskedForIt,

    /// <summary>Approved it before.</summary>
    ApprovedAlready,

    /// <summary>The state does not wait for this.</summary>
    NotWaiting,

    /// <summary>Approved once, but by too few people who still count.</summary>
    ApprovalsMissing,

    /// <summary>The call's rules cannot be read: nobody may.</summary>
    RulesUnreadable,

    /// <summary>The grantee gave another account and no officer has confirmed it yet.</summary>
    AccountUnconfirmed,
}

/// <summary>Four eyes, over people and not over roles: whoever holds every role is still one person.</summary>
public static class PaymentRules
{
    /// <summary>No call may ask for fewer.</summary>
    public const int FewestApprovals = 2;

    /// <summary>How many people must approve a payment of this amount by the strictest of the definitions, or null when that cannot be known: then nobody may.</summary>
    public static int? ApprovalsNeeded(long amountMinor, params IEnumerable<CallDefinition?> definitions)
    {
        var people = definitions.Select(definition => definition?.PeopleFor(amountMinor)).ToList();
        return people.Count == 0 || people.Contains(null) ? null : Math.Max(FewestApprovals, people.Max()!.Value);
    }

    /// <summary>
    /// The approvals that count: who turns out to belong to the grantee never approved, whenever that became known here. Nobody's counts while that is not known.
    /// </summary>
    public static int Counting(IEnumerable<Guid> approvers, IReadOnlySet<Guid>? tied) => tied is null ? 0 : approvers.Distinct().Count(approver => !tied.Contains(approver));

    /// <summary>Whether enough approvals count.</summary>
    public static bool IsApproved(IEnumerable<Guid> approvers, IReadOnlySet<Guid>? tied, int? needed) =>
        needed is { } enough && Counting(approvers, tied) >= Math.Max(enough, FewestApprovals);

    /// <summary>Why <paramref name="person"/> may not approve, or null.</summary>
    /// <param name="person">Who wants to.</param>
    /// <param name="holdsRole">Whether they are a finance officer for this call.</param>
    /// <param name="state">The instalment's state.</param>
    /// <param name="offeredBy">Who offered the agreement and so asked for the payment.</param>
    /// <param name="tied">Everybody who acts or acted for the grantee; null when not known.</param>
    /// <param name="approvers">Who approved before.</param>
    /// <param name="needed">How many approvals are needed; null when not known.</param>
    public static PaymentRefusal? RefuseApproval(
        Guid person, bool holdsRole, InstalmentState state, Guid offeredBy, IReadOnlySet<Guid>? tied, IReadOnlyCollection<Guid> approvers, int? needed)
    {
        if (!holdsRole) return PaymentRefusal.NotYourPlace;
        if (approvers.Contains(person)) return PaymentRefusal.ApprovedAlready;
        if (!InstalmentLifecycle.Table.Allows(state, InstalmentAction.Approve, Actor.FinanceOfficer)) return PaymentRefusal.NotWaiting;
        if (state == InstalmentState.Approved && IsApproved(approvers, tied, needed)) return PaymentRefusal.NotWaiting;
        if (needed is null) return PaymentRefusal.RulesUnreadable;
        if (tied is null) return PaymentRefusal.MembersUnknown;
        if (tied.Contains(person)) return PaymentRefusal.TiedToGrantee;
        return person == offeredBy ? PaymentRefusal.AskedForIt : null;
    }

    /// <summary>
    /// Why <paramref name="person"/> may not put it on a list or record that it was paid, or null. Approvals are counted again before money leaves; what the
    /// bank has paid is a fact and recorded in any case.
    /// </summary>
    public static PaymentRefusal? RefuseHandling(
        Guid person, bool holdsRole, InstalmentState state, InstalmentAction action, IReadOnlySet<Guid>? tied, IReadOnlyCollection<Guid> approvers, int? needed)
    {
        if (!holdsRole) return PaymentRefusal.NotYourPlace;
        if (!InstalmentLifecycle.Table.Allows(state, action, Actor.FinanceOfficer)) return PaymentRefusal.NotWaiting;
        if (tied is null) return PaymentRefusal.MembersUnknown;
        if (tied.Contains(person)) return PaymentRefusal.TiedToGrantee;
        return action == InstalmentAction.PutOnList && !IsApproved(approvers, tied, needed) ? PaymentRefusal.ApprovalsMissing : null;
    }
}

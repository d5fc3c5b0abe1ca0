using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Payments;

/// <summary>An instalment as one member of staff sees it, and what they may do with it.</summary>
/// <param name="Instalment">The instalment.</param>
/// <param name="Grant">Its grant and who looks.</param>
/// <param name="Agreement">The agreement it comes from.</param>
/// <param name="Account">The account it goes to: the agreement's, or the one confirmed since.</param>
/// <param name="Approvals">Who approved it, in order.</param>
/// <param name="Needed">How many approvals are needed; null when the rules cannot be read.</param>
/// <param name="PreparedBy">Who corrected the budget: they had a hand in the amount and approve no payment.</param>
public sealed record PaymentSeen(
    Instalment Instalment, GrantSeen Grant, Agreement Agreement, BankAccount Account, IReadOnlyList<PaymentApproval> Approvals, int? Needed, IReadOnlySet<Guid> PreparedBy)
{
    bool HoldsRole => Grant.Caller.Holds(Grant.Place, Role.FinanceOfficer);

    List<Guid> Approvers => [.. Approvals.Select(approval => approval.Approver)];

    /// <summary>How many approvals count.</summary>
    public int Counting => PaymentRules.Counting(Approvers, Grant.Tied);

    /// <summary>Whether this approval counts.</summary>
    public bool Counts(PaymentApproval approval) => PaymentRules.Counting([approval.Approver], Grant.Tied) == 1;

    /// <summary>What it waits for: approvals again, when some of those it had no longer count.</summary>
    public InstalmentState Stage =>
        Instalment.State == InstalmentState.Approved && !PaymentRules.IsApproved(Approvers, Grant.Tied, Needed) ? InstalmentState.Requested : Instalment.State;

    /// <summary>Whether the grantee gave another account that no officer has confirmed.</summary>
    public bool AccountWaits => Grant.Grant.BankAccountId != Account.Id;

    // Amount and account are what is approved: whoever set one of them asked for the payment.
    bool HadAHandInIt => PreparedBy.Contains(Grant.Caller.PersonId) || Grant.Grant.AccountConfirmedBy == Grant.Caller.PersonId;

    /// <summary>Why the caller may not approve, or null.</summary>
    public PaymentRefusal? RefuseApproval() =>
        PaymentRules.RefuseApproval(Grant.Caller.PersonId, HoldsRole, Instalment.State, Agreement.OfferedBy, Grant.Tied, Approvers, Needed)
        ?? (HadAHandInIt ? PaymentRefusal.AskedForIt : AccountWaits ? PaymentRefusal.AccountUnconfirmed : default(PaymentRefusal?));

    /// <summary>Why the caller may not put it on a list or record its payment, or null.</summary>
    public PaymentRefusal? RefuseHandling(InstalmentAction action) =>
        PaymentRules.RefuseHandling(Grant.Caller.PersonId, HoldsRole, Instalment.State, action, Grant.Tied, Approvers, Needed)
        ?? (action == InstalmentAction.PutOnList && AccountWaits ? PaymentRefusal.AccountUnconfirmed : default(PaymentRefusal?));

    /// <summary>Why what the instalment waits for is not the caller's to do; null when it is.</summary>
    public PaymentRefusal? RefuseNext() => Stage switch
    {
        InstalmentState.Requested => RefuseApproval(),
        InstalmentState.Approved => RefuseHandling(InstalmentAction.PutOnList),
        InstalmentState.Listed => RefuseHandling(InstalmentAction.MarkPaid),
        _ => PaymentRefusal.NotWaiting,
    };
}

/// <summary>Reading payments under their access rule.</summary>
public static class PaymentAccess
{
    /// <summary>The payment, or null when it is not the caller's to see. Grantees see their instalments on the page of the grant.</summary>
    public static async Task<PaymentSeen?> SeePaymentAsync(this DisbursementsDb db, Caller caller, Guid instalmentId, CancellationToken ct)
    {
        var instalment = await db.Instalments.SingleOrDefaultAsync(known => known.Id == instalmentId, ct);
        return instalment is null ? null : await db.SeePaymentAsync(caller, instalment, ct);
    }

    /// <summary>The same for an instalment at hand.</summary>
    public static async Task<PaymentSeen?> SeePaymentAsync(this DisbursementsDb db, Caller caller, Instalment instalment, CancellationToken ct)
    {
        if (instalment.State == InstalmentState.Planned || await db.SeeAsync(caller, instalment.ApplicationId, ct) is not { IsStaff: true } grant) return null;
        var agreement = await db.Agreements.AsNoTracking().SingleAsync(known => known.ApplicationId == instalment.ApplicationId, ct);
        var account = await db.BankAccounts.AsNoTracking().SingleAsync(known => known.Id == (grant.Grant.ConfirmedAccountId ?? agreement.BankAccountId), ct);
        var prepared = await db.BudgetCorrections.AsNoTracking().Where(known => known.ApplicationId == instalment.ApplicationId).Select(known => known.By).ToListAsync(ct);
        var approvals = await db.Approvals.AsNoTracking().Where(known => known.InstalmentId == instalment.Id && known.Round == instalment.Round).OrderBy(known => known.At).ToListAsync(ct);
        var agreed = await db.CallVersions.AsNoTracking().SingleOrDefaultAsync(known => known.CallId == instalment.CallId && known.Version == agreement.CallVersion, ct);
        // The stricter of the rules agreed on and the rules of today; what cannot be read lets nobody approve.
        var needed = PaymentRules.ApprovalsNeeded(instalment.AmountMinor, CallDefinitions.Read(agreed?.Definition), CallDefinitions.Read(grant.Call.Definition));
        return new PaymentSeen(instalment, grant, agreement, account, approvals, needed, prepared.ToHashSet());
    }

    /// <summary>The grant an instalment belongs to, or null: to hold it before anything is read for a change.</summary>
    public static Task<Guid?> ApplicationOfAsync(this DisbursementsDb db, Guid instalmentId, CancellationToken ct) =>
        db.Instalments.AsNoTracking().Where(known => known.Id == instalmentId).Select(known => (Guid?)known.ApplicationId).SingleOrDefaultAsync(ct);
}

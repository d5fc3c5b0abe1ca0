using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Disbursements.Features.Preparation;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Overview;

/// <summary>One grant: what is next and by whom, money, agreement, instalments.</summary>
public static class ShowGrant
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/grants/{applicationId:guid}", Handle).SignedIn("a member of the grantee that has been told, or staff in scope");

    /// <summary>What the page shows.</summary>
    /// <param name="Seen">The grant and who looks.</param>
    /// <param name="Account">The account given last.</param>
    /// <param name="Agreement">The agreement, once offered.</param>
    /// <param name="Instalments">The instalments, once agreed.</param>
    /// <param name="Received">What the ledger says was paid.</param>
    /// <param name="Incident">What people must look at, or null.</param>
    /// <param name="End">How it ended, or null.</param>
    /// <param name="Withdrawal">The applicant wanted out when it was too late; null otherwise.</param>
    /// <param name="Outstanding">What stands in the way of the agreement besides the account.</param>
    /// <param name="HasBudget">Whether the application has a budget.</param>
    /// <param name="AccountWaits">Whether an account given later waits for an officer.</param>
    /// <param name="Repaid">What came back from the grantee.</param>
    public sealed record Shown(
        GrantSeen Seen, BankAccount? Account, Agreement? Agreement, IReadOnlyList<Instalment> Instalments, Money Received, Incident? Incident,
        GrantEnd? End, Withdrawal? Withdrawal, Outstanding Outstanding, bool HasBudget, bool AccountWaits, Money Repaid);

    static async Task<IResult> Handle(Guid applicationId, Caller caller, DisbursementsDb db, FileStore files, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { } seen) return Pages.NotFound();
        var grant = seen.Grant;
        var ledger = await db.AccountAsync(LedgerAccount.GrantOf(applicationId), ct);
        var agreement = await db.Agreements.AsNoTracking().SingleOrDefaultAsync(agreement => agreement.ApplicationId == applicationId, ct);
        // Read only where somebody may still do something with it; what was corrected is shown for good.
        var hasBudget = grant.BudgetCorrectionId is not null || (seen.IsBeingPrepared && (await DossierReader.ReadAsync(files, grant, ct))?.Budget is not null);
        var repaid = await db.Repayments.AsNoTracking().Where(repayment => repayment.ApplicationId == applicationId).Select(repayment => repayment.AmountMinor).ToListAsync(ct);
        return Pages.Show<GrantPage>(new
        {
            Shown = new Shown(
                seen,
                await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == grant.BankAccountId, ct),
                agreement,
                await db.Instalments.AsNoTracking().Where(instalment => instalment.ApplicationId == applicationId).OrderBy(instalment => instalment.Number).ToListAsync(ct),
                new Money(ledger?.CreditsPosted ?? 0, grant.Currency),
                await db.Incidents.AsNoTracking().Where(i => i.ApplicationId == applicationId && i.ResolvedAt == null).OrderBy(i => i.At).FirstOrDefaultAsync(ct),
                await db.GrantEnds.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == applicationId, ct),
                await db.Withdrawals.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == applicationId && known.TooLate, ct),
                await Outstanding.OfAsync(db, files, seen, ct),
                hasBudget,
                grant.State == GrantState.InForce && grant.BankAccountId != (grant.ConfirmedAccountId ?? agreement?.BankAccountId),
                new Money(repaid.Sum(), grant.Currency)),
        });
    }
}

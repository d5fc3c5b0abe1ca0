using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
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
    public sealed record Shown(
        GrantSeen Seen, BankAccount? Account, Agreement? Agreement, IReadOnlyList<Instalment> Instalments, Money Received, Incident? Incident);

    static async Task<IResult> Handle(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        if (await db.SeeAsync(caller, applicationId, ct) is not { } seen) return Pages.NotFound();
        var grant = seen.Grant;
        var ledger = await db.AccountAsync(LedgerAccount.GrantOf(applicationId), ct);
        return Pages.Show<GrantPage>(new
        {
            Shown = new Shown(
                seen,
                await db.BankAccounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == grant.BankAccountId, ct),
                await db.Agreements.AsNoTracking().SingleOrDefaultAsync(agreement => agreement.ApplicationId == applicationId, ct),
                await db.Instalments.AsNoTracking().Where(instalment => instalment.ApplicationId == applicationId).OrderBy(instalment => instalment.Number).ToListAsync(ct),
                new Money(ledger?.CreditsPosted ?? 0, grant.Currency),
                await db.Incidents.AsNoTracking().Where(i => i.ApplicationId == applicationId && i.ResolvedAt == null).OrderBy(i => i.At).FirstOrDefaultAsync(ct)),
        });
    }
}

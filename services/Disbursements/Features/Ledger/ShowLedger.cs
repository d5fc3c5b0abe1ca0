using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Ledger;

/// <summary>Where each call's money is: budget, reserved, paid, free; every transfer; and whether the books are right.</summary>
public static class ShowLedger
{
    const int MostTransfers = 500;

    /// <summary>Who reads the budget of a call.</summary>
    public static readonly string[] Readers = [Role.FinanceOfficer, Role.Auditor, Role.ProgrammeOfficer];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ledger", ShowAll).ForRoles("lists only calls in scope", Readers);
        routes.MapGet("/ledger/{callId:guid}", ShowOne).ForRoles("the call in scope", Readers);
    }

    /// <summary>A call's money. Budget = reserved + paid + free.</summary>
    public sealed record CallMoney(CallVersion Call, string Title, Money Budget, Money Reserved, Money Paid, Money Free);

    /// <summary>A transfer as people read it.</summary>
    /// <param name="Transfer">The transfer.</param>
    /// <param name="ApplicationId">The grant it is about, if one.</param>
    /// <param name="Reference">Its reference.</param>
    /// <param name="By">Name of who caused it; null for the system.</param>
    public sealed record Line(LedgerTransfer Transfer, Guid? ApplicationId, string? Reference, string? By);

    static async Task<IResult> ShowAll(Caller caller, DisbursementsDb db, PageContext page, CancellationToken ct)
    {
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(account => account.Kind != LedgerAccountKind.Grant).ToListAsync(ct);
        var calls = (await db.NewestCallsAsync(ct)).Values.Where(call => caller.Holds(call.Place(), Readers)).Select(call => Of(call, accounts, page))
            .OrderBy(money => money.Title, StringComparer.Ordinal).ToList();
        return Pages.Show<LedgerPage>(new { Calls = calls });
    }

    static async Task<IResult> ShowOne(Guid callId, Caller caller, DisbursementsDb db, PageContext page, CancellationToken ct)
    {
        if (await db.NewestCallAsync(callId, ct) is not { } call || !caller.Holds(call.Place(), Readers)) return Pages.NotFound();
        var accounts = await db.LedgerAccounts.AsNoTracking().Where(account => account.CallId == callId).ToListAsync(ct);
        var transfers = await db.LedgerTransfers.AsNoTracking().Where(transfer => transfer.CallId == callId).OrderByDescending(transfer => transfer.At)
            .ThenByDescending(transfer => transfer.BusinessKey).ToListAsync(ct);
        var references = await db.AwardedGrants.AsNoTracking().Where(grant => grant.CallId == callId).ToDictionaryAsync(grant => grant.ApplicationId, grant => grant.Reference, ct);
        var names = await db.NamesAsync(transfers.Select(transfer => transfer.By), ct);
        var grants = accounts.Where(account => account.ApplicationId is not null).ToDictionary(account => account.Id, account => account.ApplicationId!.Value);
        return Pages.Show<CallLedgerPage>(new
        {
            Money = Of(call, accounts, page),
            Lines = transfers.Take(MostTransfers).Select(transfer => LineOf(transfer, grants, references, names)).ToList(),
            Total = transfers.Count,
            Sums = LedgerAudit.Sums(accounts),
            Differences = LedgerAudit.Compare(accounts, transfers),
            Incidents = await db.Incidents.AsNoTracking().Where(i => i.CallId == callId && i.ResolvedAt == null).OrderBy(i => i.At).ToListAsync(ct),
            References = references,
        });
    }

    static Line LineOf(LedgerTransfer transfer, Dictionary<string, Guid> grants, Dictionary<Guid, string> references, IReadOnlyDictionary<Guid, string> names)
    {
        var grant = grants.TryGetValue(transfer.CreditAccountId, out var id) ? id : default(Guid?);
        return new Line(transfer, grant, grant is null ? null : references.GetValueOrDefault(grant.Value), names.GetValueOrDefault(transfer.By));
    }

    static CallMoney Of(CallVersion call, IReadOnlyCollection<LedgerAccount> accounts, PageContext page)
    {
        var definition = CallDefinitions.Read(call.Definition);
        var title = definition is null ? call.CallId.ToString() : Preparation.AgreementText.In(definition.Title, page.Language, definition.Languages);
        var account = accounts.SingleOrDefault(known => known.Id == LedgerAccount.CallOf(call.CallId));
        // What a smaller budget gave back is neither budget nor paid.
        var returned = accounts.SingleOrDefault(known => known.Id == LedgerAccount.FunderOf(call.CallId))?.CreditsPosted ?? 0;
        Money Amount(long minor) => new(minor, call.Currency);
        return account is null
            ? new CallMoney(call, title, Amount(0), Amount(0), Amount(0), Amount(0))
            : new CallMoney(
                call, title, Amount(account.CreditsPosted - returned), Amount(account.DebitsPending), Amount(account.DebitsPosted - returned), Amount(account.FreeMinor));
    }
}

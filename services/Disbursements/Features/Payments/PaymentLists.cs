using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform;
using Grants.Platform.Exports;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Payments;

/// <summary>Payment lists for the bank: made from what is fully approved, one currency each, never changed.</summary>
public static class PaymentLists
{
    /// <summary>Heads of a list's columns in files, which other programs read: never translated.</summary>
    public static readonly IReadOnlyList<string> Columns = ["reference", "holder", "IBAN", "bank", "amount", "currency", "purpose"];

    /// <summary>A line's cells in the order of <see cref="Columns"/>.</summary>
    public static IReadOnlyList<object?> Cells(PaymentLine line) =>
        [line.Reference, line.Holder, line.Iban, line.BankName, new Money(line.AmountMinor, line.Currency), line.Currency, line.Purpose];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/payments/lists", Show).ForRoles("lists only what is in scope", Role.FinanceOfficer, Role.Auditor);
        routes.MapPost("/payments/lists", Make).ForRoles("takes only payments in scope of grantees the caller is not tied to", Role.FinanceOfficer);
        routes.MapGet("/payments/lists/{listId:guid}", ShowOne).ForRoles("every payment on it in scope", Role.FinanceOfficer, Role.Auditor);
        routes.MapGet("/payments/lists/{listId:guid}/{format:regex(^(csv|xlsx)$)}", Download)
            .ForRoles("every payment on it in scope", Role.FinanceOfficer, Role.Auditor);
    }

    /// <summary>What could go on a list now.</summary>
    public sealed record Ready(string Currency, int Count, Money Sum);

    /// <summary>A list with its lines.</summary>
    public sealed record Made(PaymentList List, IReadOnlyList<PaymentLine> Lines)
    {
        public Money Sum => Money.Sum(List.Currency, Lines.Select(line => new Money(line.AmountMinor, line.Currency)));
    }

    static async Task<IResult> Show(Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        var ready = (await ReadyAsync(db, caller, null, ct)).GroupBy(payment => payment.Instalment.Currency)
            .Select(group => new Ready(group.Key, group.Count(), Money.Sum(group.Key, group.Select(payment => payment.Instalment.Amount))))
            .OrderBy(found => found.Currency, StringComparer.Ordinal).ToList();
        var lines = (await db.PaymentLines.AsNoTracking().ToListAsync(ct)).ToLookup(line => line.ListId);
        var inScope = await InScopeAsync(db, caller, ct);
        var lists = (await db.PaymentLists.AsNoTracking().OrderByDescending(list => list.MadeAt).ToListAsync(ct))
            .Select(list => new Made(list, [.. lines[list.Id]])).Where(made => made.Lines.All(line => inScope.Contains(line.ApplicationId))).ToList();
        return Pages.Show<PaymentListsPage>(new { Ready = ready, Lists = lists, MayMake = caller.HoldsAny(Role.FinanceOfficer) });
    }

    static async Task<IResult> Make(PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, CancellationToken ct)
    {
        var currency = form["currency"];
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var held = await HoldApprovedAsync(db, currency, ct);
        // What is approved only now goes on the next list: it is not held, so somebody else's list may have it at the same time.
        var ready = (await ReadyAsync(db, caller, currency, ct)).Where(payment => held.Contains(payment.Instalment.Id)).ToList();
        if (ready.Count == 0) return Results.LocalRedirect("/payments/lists");

        var list = new PaymentList { Id = Guid.CreateVersion7(), Currency = currency, MadeBy = caller.PersonId, MadeAt = clock.Now };
        db.PaymentLists.Add(list);
        foreach (var payment in ready)
        {
            var (instalment, grant) = (payment.Instalment, payment.Grant.Grant);
            using var span = Tracing.Start("payment list", instalment.ApplicationId);
            span?.SetTag("grants.instalment_id", instalment.Id.ToString());
            instalment.PutOnList();
            db.PaymentLines.Add(new PaymentLine
            {
                InstalmentId = instalment.Id,
                Round = instalment.Round,
                ListId = list.Id,
                ApplicationId = instalment.ApplicationId,
                Reference = $"{grant.Reference}-{instalment.Number}",
                Holder = payment.Account.Holder,
                Iban = payment.Account.Iban,
                BankName = payment.Account.BankName,
                Bic = payment.Account.Bic,
                AmountMinor = instalment.AmountMinor,
                Currency = instalment.Currency,
                Purpose = $"{payment.Agreement.Number} {instalment.Number}/{instalment.Of}",
            });
            db.Audit(list.MadeAt, caller.PersonId, "payment.listed", instalment.Id);
        }

        db.Audit(list.MadeAt, caller.PersonId, "payment-list.made", list.Id);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/payments/lists/{list.Id}");
    }

    /// <summary>
    /// Holds what could be listed: whoever else makes a list now waits, and then finds these listed. One by one in the order of their ids, so that two who make
    /// lists never wait for each other crosswise.
    /// </summary>
    static async Task<HashSet<Guid>> HoldApprovedAsync(DisbursementsDb db, string currency, CancellationToken ct)
    {
        var approved = db.Instalments.Where(instalment => instalment.State == InstalmentState.Approved && instalment.Currency == currency);
        var held = new HashSet<Guid>();
        foreach (var id in await approved.Select(instalment => instalment.Id).OrderBy(id => id).ToListAsync(ct))
        {
            var one = approved.Where(instalment => instalment.Id == id);
            if (await one.ExecuteUpdateAsync(set => set.SetProperty(instalment => instalment.Version, instalment => instalment.Version), ct) == 1) held.Add(id);
        }

        return held;
    }

    static async Task<IResult> ShowOne(Guid listId, Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        if (await FindAsync(db, caller, listId, ct) is not { } made) return Pages.NotFound();
        var names = await db.NamesAsync([made.List.MadeBy], ct);
        return Pages.Show<PaymentListPage>(new { Made = made, MadeBy = names.GetValueOrDefault(made.List.MadeBy) });
    }

    static async Task<IResult> Download(Guid listId, string format, Caller caller, DisbursementsDb db, CancellationToken ct) => await FindAsync(db, caller, listId, ct) is { } made
        ? TableExport.Result(format, $"payments-{made.List.MadeAt:yyyy-MM-dd}-{made.List.Currency}", Columns, made.Lines.Select(Cells))
        : Pages.NotFound();

    static async Task<Made?> FindAsync(DisbursementsDb db, Caller caller, Guid listId, CancellationToken ct)
    {
        if (await db.PaymentLists.AsNoTracking().SingleOrDefaultAsync(known => known.Id == listId, ct) is not { } list) return null;
        var lines = await db.PaymentLines.AsNoTracking().Where(line => line.ListId == listId).OrderBy(line => line.Reference).ToListAsync(ct);
        var inScope = await InScopeAsync(db, caller, ct);
        return lines.TrueForAll(line => inScope.Contains(line.ApplicationId)) ? new Made(list, lines) : null;
    }

    static async Task<List<PaymentSeen>> ReadyAsync(DisbursementsDb db, Caller caller, string? currency, CancellationToken ct)
    {
        var approved = await db.Instalments.Where(instalment => instalment.State == InstalmentState.Approved && (currency == null || instalment.Currency == currency))
            .OrderBy(instalment => instalment.ApprovedAt).ThenBy(instalment => instalment.Id).ToListAsync(ct);
        var ready = new List<PaymentSeen>();
        foreach (var instalment in approved)
            if (await db.SeePaymentAsync(caller, instalment, ct) is { } payment && payment.RefuseHandling(InstalmentAction.PutOnList) is null) ready.Add(payment);
        return ready;
    }

    static async Task<HashSet<Guid>> InScopeAsync(DisbursementsDb db, Caller caller, CancellationToken ct)
    {
        var calls = await db.NewestCallsAsync(ct);
        var countries = await db.Organisations.AsNoTracking().ToDictionaryAsync(organisation => organisation.Id, organisation => organisation.Country, ct);
        return (await db.AwardedGrants.AsNoTracking().ToListAsync(ct))
            .Where(grant => caller.Holds(calls[grant.CallId].Place(countries.GetValueOrDefault(grant.OrganisationId)), Role.FinanceOfficer, Role.Auditor))
            .Select(grant => grant.ApplicationId).ToHashSet();
    }
}

using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Payments;

/// <summary>A finance officer records that the grantee paid a part back: what comes back is free for the call again.</summary>
public static class RecordRepayment
{
    const int LongestReason = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{applicationId:guid}/repayments", Show).ForRoles("finance officer in scope", Role.FinanceOfficer);
        routes.MapPost("/grants/{applicationId:guid}/repayments", Handle).ForRoles("finance officer in scope who is not tied to the grantee", Role.FinanceOfficer);
    }

    /// <summary>What was typed.</summary>
    public sealed record Typed(string Amount, string Reason, string StatementLine, string BookedOn);

    static async Task<IResult> Show(Guid applicationId, Caller caller, DisbursementsDb db, CancellationToken ct) =>
        await FindAsync(db, caller, applicationId, ct) is { } seen
            ? await PageAsync(db, seen, new Typed("", "", "", ""), new FieldErrors(), StatusCodes.Status200OK, ct)
            : Pages.NotFound();

    static async Task<IResult> Handle(Guid applicationId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        using var span = Tracing.Start("grant repay", applicationId);
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await FindAsync(db, caller, applicationId, ct) is not { } seen) return Pages.NotFound();

        var (grant, now) = (seen.Grant, clock.Now);
        var typed = new Typed(form["amount"], form["reason"], form["statementLine"], form["bookedOn"]);
        var errors = new FieldErrors();
        if (!seen.IsIndependent) errors.Add("", page.Text<RepaymentPage>(seen.Tied is null ? "refusal.MembersUnknown" : "refusal.TiedToGrantee"));
        if (!MoneyParser.TryParse(typed.Amount, grant.Currency, out var amount, out var unreadable)) errors.Add("amount", MoneyParser.Sentence(unreadable, page.Culture));
        else if (amount.IsZero) errors.Add("amount", page.Text<RepaymentPage>("repay.amount.nothing"));
        if (ReasonText.Problem(typed.Reason, LongestReason) is { } problem) errors.Add("reason", page.Text<RepaymentPage>($"return.reason.{problem}", LongestReason));
        var id = Guid.CreateVersion7();
        var day = StatementRegister.CheckDay("bookedOn", typed.BookedOn, seen.Call.TimeZone, now, null, errors, page);
        var line = await StatementRegister.TakeAsync(db, seen, "statementLine", typed.StatementLine, day, id, now, errors, page, ct);
        if (errors.None && await db.RecordAsync(LedgerTransfer.Repayment(grant.CallId, applicationId, id, amount, now, caller.PersonId), ct) is { } refusal)
            errors.Add("amount", page.Text<RepaymentPage>($"settle.ledger.{refusal}"));
        if (!errors.None) return await PageAsync(db, seen, typed, errors, StatusCodes.Status422UnprocessableEntity, ct);

        db.StatementLines.Add(line!);
        db.Repayments.Add(new Repayment
        {
            Id = id,
            ApplicationId = applicationId,
            AmountMinor = amount.Minor,
            Currency = amount.Currency,
            Reason = typed.Reason,
            StatementLine = typed.StatementLine,
            BookedOn = day,
            By = caller.PersonId,
            At = now,
        });
        grant.Touch();
        db.Audit(now, caller.PersonId, "grant.repaid", applicationId, $"{amount}: {typed.Reason}");
        if (!await StatementRegister.TrySaveAsync(db, "statementLine", errors, page, ct)) return await PageAsync(db, seen, typed, errors, StatusCodes.Status422UnprocessableEntity, ct);
        await Budgeting.AfterReleaseAsync(db, grant.CallId, $"repayment:{id}", now, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/grants/{applicationId}");
    }

    // Only what was paid can come back.
    static async Task<GrantSeen?> FindAsync(DisbursementsDb db, Caller caller, Guid applicationId, CancellationToken ct) =>
        await db.SeeAsync(caller, applicationId, ct) is { Grant.State: GrantState.InForce or GrantState.Cancelled } seen && caller.Holds(seen.Place, Role.FinanceOfficer) ? seen : null;

    static async Task<IResult> PageAsync(DisbursementsDb db, GrantSeen seen, Typed typed, FieldErrors errors, int status, CancellationToken ct)
    {
        // After a save that failed nothing more can be asked in the same transaction of PostgreSQL.
        if (db.Database.CurrentTransaction is { } transaction && errors.For("statementLine") is not null) await transaction.RollbackAsync(ct);
        var paid = (await db.AccountAsync(LedgerAccount.GrantOf(seen.Grant.ApplicationId), ct))?.CreditsPosted ?? 0;
        return Pages.Show<RepaymentPage>(new { Seen = seen, Paid = new Money(paid, seen.Grant.Currency), Typed = typed, Errors = errors }, status);
    }
}

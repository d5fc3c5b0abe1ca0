using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Payments;

/// <summary>A finance officer records that the bank's statement shows the payment: the ledger posts it, once.</summary>
public static class SettlePayment
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/payments/{instalmentId:guid}/settlement", Show).ForRoles("finance officer in scope", Role.FinanceOfficer);
        routes.MapPost("/payments/{instalmentId:guid}/settlement", Handle).ForRoles("finance officer in scope who is not tied to the grantee", Role.FinanceOfficer);
    }

    /// <summary>What was typed.</summary>
    public sealed record Typed(string StatementLine, string PaidOn);

    static async Task<IResult> Show(Guid instalmentId, Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        if (await FindAsync(db, caller, instalmentId, ct) is not { } payment) return Pages.NotFound();
        Tracing.Mark(payment.Instalment.ApplicationId);
        return payment.Instalment.State == InstalmentState.Listed
            ? Pages.Show<SettlePaymentPage>(new { Payment = payment, Typed = new Typed("", ""), Errors = new FieldErrors() })
            : Results.LocalRedirect($"/payments/{instalmentId}");
    }

    static async Task<IResult> Handle(Guid instalmentId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await db.ApplicationOfAsync(instalmentId, ct) is not { } applicationId) return Pages.NotFound();
        using var span = Tracing.Start("payment settle", applicationId);
        span?.SetTag("grants.instalment_id", instalmentId.ToString());
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await FindAsync(db, caller, instalmentId, ct) is not { } payment) return Pages.NotFound();
        // A second click finds the first.
        if (payment.Instalment.State == InstalmentState.Paid) return Results.LocalRedirect($"/payments/{instalmentId}");

        var now = clock.Now;
        var typed = new Typed(form["statementLine"], form["paidOn"]);
        var errors = new FieldErrors();
        if (payment.RefuseHandling(InstalmentAction.MarkPaid) is { } refused) errors.Add("", page.Text<SettlePaymentPage>($"refusal.{refused}"));
        var zone = payment.Grant.Call.TimeZone;
        var approvedOn = payment.Instalment.ApprovedAt is { } approvedAt ? DateOnly.FromDateTime(Dates.In(approvedAt, zone)) : default(DateOnly?);
        var paidOn = StatementRegister.CheckDay("paidOn", typed.PaidOn, zone, now, approvedOn, errors, page);
        var line = await StatementRegister.TakeAsync(db, payment.Grant, "statementLine", typed.StatementLine, paidOn, instalmentId, now, errors, page, ct);
        var transfer = LedgerTransfer.Payment(
            payment.Instalment.CallId, applicationId, instalmentId, payment.Instalment.Amount, now, caller.PersonId, payment.Instalment.Round);
        if (errors.None && await db.RecordAsync(transfer, ct) is { } refusal) errors.Add("", page.Text<SettlePaymentPage>($"settle.ledger.{refusal}"));
        if (!errors.None) return Pages.Show<SettlePaymentPage>(new { Payment = payment, Typed = typed, Errors = errors }, StatusCodes.Status422UnprocessableEntity);

        db.StatementLines.Add(line!);
        payment.Instalment.MarkPaid(typed.StatementLine, paidOn, caller.PersonId, now);
        db.Audit(now, caller.PersonId, "payment.settled", instalmentId, typed.StatementLine);
        db.Publish(new PaymentSettled(
            applicationId, payment.Grant.Grant.Touch(), now, payment.Instalment.CallId, payment.Grant.Grant.OrganisationId, instalmentId, payment.Instalment.AmountMinor,
            payment.Instalment.Currency, paidOn));
        if (!await StatementRegister.TrySaveAsync(db, "statementLine", errors, page, ct))
            return Pages.Show<SettlePaymentPage>(new { Payment = payment, Typed = typed, Errors = errors }, StatusCodes.Status422UnprocessableEntity);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/payments/{instalmentId}");
    }

    static async Task<PaymentSeen?> FindAsync(DisbursementsDb db, Caller caller, Guid instalmentId, CancellationToken ct) =>
        await db.SeePaymentAsync(caller, instalmentId, ct) is { } payment && caller.Holds(payment.Grant.Place, Role.FinanceOfficer) ? payment : null;
}

using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Payments;

/// <summary>
/// A finance officer records that a payment came back, or that the bank never made it: the instalment waits for approval again and all its approvals are undone, for
/// whatever was wrong with it must be looked at anew.
/// </summary>
public static class ReturnPayment
{
    const int LongestReason = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/payments/{instalmentId:guid}/return", Show).ForRoles("finance officer in scope", Role.FinanceOfficer);
        routes.MapPost("/payments/{instalmentId:guid}/return", Handle).ForRoles("finance officer in scope who is not tied to the grantee", Role.FinanceOfficer);
    }

    /// <summary>What was typed.</summary>
    /// <param name="Round">The round that was shown: a second click does not undo what was approved since.</param>
    /// <param name="Reason">Why it came back.</param>
    /// <param name="StatementLine">The line on which the money came back; empty when it never left.</param>
    /// <param name="BookedOn">Its booking day.</param>
    public sealed record Typed(string Round, string Reason, string StatementLine, string BookedOn);

    static async Task<IResult> Show(Guid instalmentId, Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        if (await FindAsync(db, caller, instalmentId, ct) is not { } payment) return Pages.NotFound();
        Tracing.Mark(payment.Instalment.ApplicationId);
        return payment.Instalment.State is InstalmentState.Listed or InstalmentState.Paid
            ? Page(payment, new Typed($"{payment.Instalment.Round}", "", "", ""), new FieldErrors(), StatusCodes.Status200OK)
            : Results.LocalRedirect($"/payments/{instalmentId}");
    }

    static async Task<IResult> Handle(Guid instalmentId, PostedForm form, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await db.ApplicationOfAsync(instalmentId, ct) is not { } applicationId) return Pages.NotFound();
        using var span = Tracing.Start("payment return", applicationId);
        span?.SetTag("grants.instalment_id", instalmentId.ToString());
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await FindAsync(db, caller, instalmentId, ct) is not { } payment) return Pages.NotFound();
        var (instalment, grant) = (payment.Instalment, payment.Grant.Grant);
        // A second click finds the first.
        if (form["round"] != $"{instalment.Round}") return Results.LocalRedirect($"/payments/{instalmentId}");

        var now = clock.Now;
        var wasPaid = instalment.State == InstalmentState.Paid;
        var typed = new Typed(form["round"], form["reason"], form["statementLine"], form["bookedOn"]);
        var errors = new FieldErrors();
        if (payment.RefuseHandling(InstalmentAction.Return) is { } refused) errors.Add("", page.Text<ReturnPaymentPage>($"refusal.{refused}"));
        else if (grant.State != GrantState.InForce) errors.Add("", page.Text<ReturnPaymentPage>("return.ended"));
        if (ReasonText.Problem(typed.Reason, LongestReason) is { } problem) errors.Add("reason", page.Text<ReturnPaymentPage>($"return.reason.{problem}", LongestReason));
        var line = default(StatementLine);
        // Money that was on the statement as paid can only have come back on another line of it.
        if (wasPaid || typed.StatementLine.Length > 0)
        {
            var day = StatementRegister.CheckDay("bookedOn", typed.BookedOn, payment.Grant.Call.TimeZone, now, instalment.PaidOn, errors, page);
            line = await StatementRegister.TakeAsync(db, payment.Grant, "statementLine", typed.StatementLine, day, instalmentId, now, errors, page, ct);
        }

        if (errors.None && wasPaid)
        {
            var transfer = LedgerTransfer.Return(instalment.CallId, applicationId, instalmentId, instalment.Amount, now, caller.PersonId, instalment.Round);
            if (await db.RecordAsync(transfer, ct) is { } refusal) errors.Add("", page.Text<ReturnPaymentPage>($"settle.ledger.{refusal}"));
        }

        if (!errors.None) return Page(payment, typed, errors, StatusCodes.Status422UnprocessableEntity);

        if (line is not null) db.StatementLines.Add(line);
        db.PaymentReturns.Add(new PaymentReturn
        {
            InstalmentId = instalmentId,
            Round = instalment.Round,
            Reason = typed.Reason,
            StatementLine = typed.StatementLine,
            WasPaid = wasPaid,
            By = caller.PersonId,
            At = now,
        });
        instalment.Return();
        db.Audit(now, caller.PersonId, "payment.returned", instalmentId, typed.Reason);
        db.Publish(new PaymentFailed(
            applicationId, grant.Touch(), now, instalment.CallId, grant.OrganisationId, instalmentId, instalment.AmountMinor, instalment.Currency, typed.Reason, caller.PersonId));
        if (!await StatementRegister.TrySaveAsync(db, "statementLine", errors, page, ct)) return Page(payment, typed, errors, StatusCodes.Status422UnprocessableEntity);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/payments/{instalmentId}");
    }

    static async Task<PaymentSeen?> FindAsync(DisbursementsDb db, Caller caller, Guid instalmentId, CancellationToken ct) =>
        await db.SeePaymentAsync(caller, instalmentId, ct) is { } payment && caller.Holds(payment.Grant.Place, Role.FinanceOfficer) ? payment : null;

    static IResult Page(PaymentSeen payment, Typed typed, FieldErrors errors, int status) =>
        Pages.Show<ReturnPaymentPage>(new { Payment = payment, Typed = typed, Errors = errors }, status);
}

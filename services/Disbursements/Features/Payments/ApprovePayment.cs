using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;

namespace Grants.Disbursements.Features.Payments;

/// <summary>A finance officer approves a payment: one of at least two people, none of whom asked for it or belongs to the grantee.</summary>
public static class ApprovePayment
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/payments/{instalmentId:guid}/approval", Handle)
        .ForRoles("finance officer in scope, not tied to the grantee, not who offered the agreement, once", Role.FinanceOfficer);

    static async Task<IResult> Handle(Guid instalmentId, Caller caller, DisbursementsDb db, AppTime clock, PageContext page, CancellationToken ct)
    {
        if (await db.ApplicationOfAsync(instalmentId, ct) is not { } applicationId) return Pages.NotFound();
        using var span = Tracing.Start("payment approve", applicationId);
        span?.SetTag("grants.instalment_id", instalmentId.ToString());
        await using var transaction = await db.HoldGrantAsync(applicationId, ct);
        if (await db.SeePaymentAsync(caller, instalmentId, ct) is not { } payment || !caller.Holds(payment.Grant.Place, Role.FinanceOfficer)) return Pages.NotFound();

        switch (payment.RefuseApproval())
        {
            case PaymentRefusal.ApprovedAlready:
                // A second click finds the first; the page says so.
                return Results.LocalRedirect($"/payments/{instalmentId}");
            case { } refusal:
                var errors = new FieldErrors().Add("", page.Text<PaymentPage>($"refusal.{refusal}"));
                return await ShowPayment.PageAsync(db, payment, errors, StatusCodes.Status409Conflict, ct);
        }

        var now = clock.Now;
        db.Approvals.Add(new PaymentApproval { Id = Guid.CreateVersion7(), InstalmentId = instalmentId, Round = payment.Instalment.Round, Approver = caller.PersonId, At = now });
        var count = payment.Counting + 1;
        var complete = payment.Instalment.Approve(count, payment.Needed!.Value, now);
        db.Audit(now, caller.PersonId, complete ? "payment.approved-last" : "payment.approved", instalmentId);
        db.Publish(new PaymentApproved(applicationId, payment.Grant.Grant.Touch(), now, payment.Instalment.CallId, instalmentId, caller.PersonId, count, complete));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.LocalRedirect($"/payments/{instalmentId}");
    }
}

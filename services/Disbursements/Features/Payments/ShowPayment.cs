using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Payments;

/// <summary>One payment: grant, amount, account, who approved, and what the reader may do.</summary>
public static class ShowPayment
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/payments/{instalmentId:guid}", Handle).ForRoles("staff in scope", GrantSeen.StaffRoles);

    static async Task<IResult> Handle(Guid instalmentId, Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        if (await db.SeePaymentAsync(caller, instalmentId, ct) is not { } payment) return Pages.NotFound();
        Tracing.Mark(payment.Instalment.ApplicationId);
        return await PageAsync(db, payment, new FieldErrors(), StatusCodes.Status200OK, ct);
    }

    public static async Task<IResult> PageAsync(DisbursementsDb db, PaymentSeen payment, FieldErrors errors, int status, CancellationToken ct)
    {
        var returns = await db.PaymentReturns.AsNoTracking().Where(known => known.InstalmentId == payment.Instalment.Id).OrderBy(known => known.Round).ToListAsync(ct);
        return Pages.Show<PaymentPage>(
            new
            {
                Payment = payment,
                Returns = returns,
                Names = await db.NamesAsync(
                    [
                        payment.Agreement.OfferedBy, payment.Account.GivenBy, payment.Instalment.SettledBy ?? Guid.Empty, .. payment.Approvals.Select(a => a.Approver),
                        .. returns.Select(known => known.By),
                    ], ct),
                Errors = errors,
            },
            status);
    }
}

using Grants.Disbursements.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Payments;

/// <summary>What waits for me and what waits for others, with the reason.</summary>
public static class PaymentsDesk
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/payments", Handle).ForRoles("lists only payments in scope", Role.FinanceOfficer, Role.Auditor);

    static async Task<IResult> Handle(Caller caller, DisbursementsDb db, CancellationToken ct)
    {
        var open = await db.Instalments.AsNoTracking()
            .Where(instalment => instalment.State == InstalmentState.Requested || instalment.State == InstalmentState.Approved || instalment.State == InstalmentState.Listed)
            .OrderBy(instalment => instalment.RequestedAt).ThenBy(instalment => instalment.Id).ToListAsync(ct);
        var seen = new List<PaymentSeen>();
        foreach (var instalment in open)
            if (await db.SeePaymentAsync(caller, instalment, ct) is { } payment && caller.Holds(payment.Grant.Place, Role.FinanceOfficer, Role.Auditor)) seen.Add(payment);
        return Pages.Show<PaymentsDeskPage>(new
        {
            Mine = seen.Where(payment => payment.RefuseNext() is null).ToList(),
            Others = seen.Where(payment => payment.RefuseNext() is not null).ToList(),
        });
    }
}

using Grants.Contracts.Reconciliation;
using Grants.Platform.Messaging;
using Grants.Platform.Reconciliation;
using Grants.Platform.Ui;
using MassTransit;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Platform.Operations;

/// <summary>GET /operations/{service}: how the service's messages do, and whether its figures agree with its neighbours'.</summary>
static class ShowService
{
    public static async Task<IResult> Handle(ServiceInView view, IBusControl bus, CancellationToken ct) => Pages.Show<ServicePage>(new
    {
        Service = view.Name,
        State = await OutboxState.ReadAsync(view.Db, ct),
        Connected = bus.CheckHealth().Status == BusHealthStatus.Healthy,
        Compares = view.Definition.Subscriptions.Any(subscription => subscription.MessageType == typeof(CallTotals)),
        ComparedAt = await view.Db.Set<TotalsTurn>().Select(turn => turn.ComparedAt).SingleOrDefaultAsync(ct),
    });
}

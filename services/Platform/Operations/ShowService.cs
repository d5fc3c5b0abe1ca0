using Grants.Platform.Messaging;
using Grants.Platform.Ui;
using MassTransit;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Operations;

/// <summary>GET /operations/{service}: how the service's messages do.</summary>
static class ShowService
{
    public static async Task<IResult> Handle(ServiceInView view, IBusControl bus, CancellationToken ct) => Pages.Show<ServicePage>(new
    {
        Service = view.Name,
        State = await OutboxState.ReadAsync(view.Db, ct),
        Connected = bus.CheckHealth().Status == BusHealthStatus.Healthy,
    });
}

using Grants.Platform.Messaging;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Operations;

/// <summary>GET /operations/{service}/parked: events the service could not send and gave up; what comes after them about the same thing waits.</summary>
static class ListParked
{
    public static async Task<IResult> Handle(ServiceInView view, string? done, CancellationToken ct) =>
        Pages.Show<ParkedPage>(new { Service = view.Name, Rows = await DeadLetters.ListParkedAsync(view.Db, ct), Done = done ?? "" });
}

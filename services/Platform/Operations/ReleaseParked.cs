using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Operations;

/// <summary>POST /operations/{service}/parked/{messageId}/release: lets an event that was given up try again.</summary>
static class ReleaseParked
{
    public static async Task<IResult> Handle(ServiceInView view, Guid messageId, Caller caller, AppTime clock, HttpContext http, CancellationToken ct) =>
        view.To(await DeadLetters.ReleaseParkedAsync(view.Db, clock, http.RequestServices, messageId, caller.PersonId, ct) ? "/parked?done=released" : "/parked?done=gone");
}

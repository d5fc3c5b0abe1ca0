using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Operations;

/// <summary>POST /operations/{service}/letters/{id}/retry: hands the message to its handler again. A second click finds it handled.</summary>
static class RetryDeadLetter
{
    public static async Task<IResult> Handle(ServiceInView view, Guid id, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (await DeadLetters.RetryAsync(http.RequestServices, view.Definition.DbType, id, caller.PersonId, ct)) return view.To("/letters?done=handled");
        // Either it failed again, and its reason is the new one, or somebody else was first.
        return view.To(await ShowDeadLetter.FindAsync(view, id, ct) is { ResolvedAt: null } ? $"/letters/{id}?failed=again" : "/letters?done=gone");
    }
}

using Grants.Contracts.Applications;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>From now on the call's applications may be recommended. The definition may arrive later: it comes through another queue.</summary>
public sealed class OnCallClosed(ReviewsDb db) : IHandle<CallClosed>
{
    public async Task Handle(CallClosed message, CancellationToken ct)
    {
        var call = await db.Calls.FindAsync([message.CallId], ct);
        if (call is null) db.Calls.Add(call = new CallRecord { Id = message.CallId });
        call.ClosedAt ??= message.At;
    }
}

using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Directory;

/// <summary>Keeps each version of a call: titles, time zone and programme of what inbox and letters tell about.</summary>
public sealed class OnCallPublished(NotificationsDb db) : IHandle<CallPublished>
{
    public async Task Handle(CallPublished message, CancellationToken ct)
    {
        var known = await db.Calls.FindAsync([message.CallId, message.Version], ct);
        if (known is null)
        {
            db.Calls.Add(CallVersion.Of(message.CallId, message.Version, message.Definition, message.DefinitionSha256, message.At));
            return;
        }

        if (known.Sha256 != message.DefinitionSha256)
            throw new InvalidOperationException($"Call {message.CallId} version {message.Version} came again with another hash, but a version never changes.");
    }
}

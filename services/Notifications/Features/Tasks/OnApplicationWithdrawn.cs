using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Letters;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Nobody is asked for anything about it any more, no letter about it goes out, and the officers know.</summary>
public sealed class OnApplicationWithdrawn(NotificationsDb db) : IHandle<ApplicationWithdrawn>
{
    public async Task Handle(ApplicationWithdrawn message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox withdrawn", message.ApplicationId);
        var application = await db.ApplicationAsync(message, message.CallId, ct);
        application.WithdrawnAt ??= message.At;
        await db.CloseAllAsync(message.ApplicationId, message.At, ct);
        await db.DropHeldLettersAsync(message.ApplicationId, letter => true, message.At, ct);
        await db.RefreshCommitteeTaskAsync(message.CallId, message.At, ct);
        await db.TellAsync(
            new(ItemTemplate.Withdrawn, Audience.Role(Role.ProgrammeOfficer), message.ApplicationId, message.CallId, $"/applications/{message.ApplicationId}/timeline"), message, ct);
    }
}

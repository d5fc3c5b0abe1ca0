using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Closes the check. Only a good outcome is told at once: a bad one reaches the applicant by letter.</summary>
public sealed class OnEligibilityDecided(NotificationsDb db) : IHandle<EligibilityDecided>
{
    public async Task Handle(EligibilityDecided message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox eligibility", message.ApplicationId);
        var application = await db.ApplicationAsync(message, message.CallId, ct);
        if (application.CheckedVersion >= message.SubjectVersion) return;
        application.CheckedVersion = message.SubjectVersion;
        application.Eligible = message.Eligible;
        application.CheckedAt = message.At;
        await db.CloseAsync(ItemTemplate.Check, message.ApplicationId, message.At, ct);
        if (message.Eligible)
        {
            await db.OpenAsync(
                new(ItemTemplate.Assign, Audience.Role(Role.ProgrammeOfficer), message.ApplicationId, message.CallId,
                    $"/reviews/assign/{message.ApplicationId}"), message, ct);
            await db.RefreshAssignTasksAsync(application, message.At, ct);
            await db.TellEligibleAsync(application, ct);
        }

        await db.RefreshCommitteeTaskAsync(message.CallId, message.At, ct);
    }
}

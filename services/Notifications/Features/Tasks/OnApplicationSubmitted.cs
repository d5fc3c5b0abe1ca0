using Grants.Contracts.Applications;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Tells the applicants that it has arrived, and asks the officers to check it.</summary>
public sealed class OnApplicationSubmitted(NotificationsDb db) : IHandle<ApplicationSubmitted>
{
    public async Task Handle(ApplicationSubmitted message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox submitted", message.ApplicationId);
        var application = await db.ApplicationAsync(message, message.CallId, ct);
        if (application.SubmittedVersion < message.SubjectVersion)
        {
            application.SubmittedVersion = message.SubjectVersion;
            application.Reference = message.Reference;
            application.Title = message.Title;
            application.OrganisationId = message.OrganisationId;
            application.OrganisationName = message.OrganisationName;
        }

        await db.CloseAsync(ItemTemplate.DraftDue, message.ApplicationId, message.At, ct);
        await db.TellAsync(
            new(ItemTemplate.Submitted, Audience.Organisation(message.OrganisationId), message.ApplicationId, message.CallId,
                $"/applications/{message.ApplicationId}/receipt"),
            message, ct, message.Reference);
        await db.TellEligibleAsync(application, ct); // the check's outcome may have come first, when it was not known whom to tell
        await db.OpenAsync(
            new(ItemTemplate.Check, Audience.Role(Role.ProgrammeOfficer), message.ApplicationId, message.CallId,
                $"/desk/applications/{message.ApplicationId}"), message, ct);
    }
}

using Grants.Applications.Domain;
using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>The application was rejected; the applicant sees it once the letter was released.</summary>
public sealed class OnApplicationRejected(ApplicationsDb db) : IHandle<ApplicationRejected>
{
    /// <inheritdoc />
    public Task Handle(ApplicationRejected message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.Rejected));
        return Task.CompletedTask;
    }
}

using System.Globalization;
using Grants.Applications.Domain;
using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>The application was put on the reserve list; the applicant sees it once the letter was released.</summary>
public sealed class OnPutOnReserve(ApplicationsDb db) : IHandle<PutOnReserve>
{
    /// <inheritdoc />
    public Task Handle(PutOnReserve message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.OnReserve, message.Place.ToString(CultureInfo.InvariantCulture)));
        return Task.CompletedTask;
    }
}

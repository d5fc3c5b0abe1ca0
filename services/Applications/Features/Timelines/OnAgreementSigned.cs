using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>A side accepted the agreement; with the second it is in force.</summary>
public sealed class OnAgreementSigned(ApplicationsDb db) : IHandle<AgreementSigned>
{
    /// <inheritdoc />
    public Task Handle(AgreementSigned message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.AgreementAccepted, message.Side));
        // A moment later than the acceptance it follows from, so that the two never change places.
        if (message.InForce) db.Add(TimelineEntry.Of(message.ApplicationId, message.At.AddMilliseconds(1), TimelineKind.AgreementInForce));
        return Task.CompletedTask;
    }
}

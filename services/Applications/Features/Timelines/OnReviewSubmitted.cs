using Grants.Applications.Domain;
using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>A review came in, or an evaluator stepped back; for staff, without name and score.</summary>
public sealed class OnReviewSubmitted(ApplicationsDb db) : IHandle<ReviewSubmitted>
{
    /// <inheritdoc />
    public Task Handle(ReviewSubmitted message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(
            message.ApplicationId, message.At,
            message.ConflictDeclared ? TimelineKind.ConflictDeclared : message.Declined ? TimelineKind.EvaluatorDeclined : TimelineKind.ReviewReceived));
        return Task.CompletedTask;
    }
}

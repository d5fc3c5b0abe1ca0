using Grants.Applications.Domain;
using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>An evaluator was assigned; who it is stays out of the timeline.</summary>
public sealed class OnReviewsAssigned(ApplicationsDb db) : IHandle<ReviewsAssigned>
{
    /// <inheritdoc />
    public Task Handle(ReviewsAssigned message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.EvaluatorAssigned));
        return Task.CompletedTask;
    }
}

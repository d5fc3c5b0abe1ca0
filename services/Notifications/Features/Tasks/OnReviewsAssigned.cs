using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Asks the evaluator for a review, and the officers no longer for an evaluator.</summary>
public sealed class OnReviewsAssigned(NotificationsDb db) : IHandle<ReviewsAssigned>
{
    public async Task Handle(ReviewsAssigned message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox assigned", message.ApplicationId);
        var application = await db.ApplicationAsync(message, message.CallId, ct);
        var assignment = await db.Assignments.FindAsync([message.AssignmentId], ct);
        if (assignment is null)
        {
            db.Assignments.Add(assignment = new AssignmentCopy
            {
                Id = message.AssignmentId,
                ApplicationId = message.ApplicationId,
                EvaluatorId = message.EvaluatorId,
            });
        }

        assignment.AssignedVersion = message.SubjectVersion;
        assignment.Evaluation = message.Evaluation ?? 0;
        await db.OpenAsync(
            new(ItemTemplate.Review, Audience.Person(message.EvaluatorId), message.AssignmentId, message.CallId,
                $"/reviews/{message.AssignmentId}"), message, ct);
        await db.RefreshAssignTasksAsync(application, message.At, ct);
    }
}

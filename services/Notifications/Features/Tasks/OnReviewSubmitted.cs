using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Closes the evaluator's task. After a declared conflict somebody else must be assigned.</summary>
public sealed class OnReviewSubmitted(NotificationsDb db) : IHandle<ReviewSubmitted>
{
    public async Task Handle(ReviewSubmitted message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox review", message.ApplicationId);
        await db.CloseAsync(ItemTemplate.Review, message.AssignmentId, message.At, ct);
        if (!message.ConflictDeclared) return;

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

        assignment.ConflictVersion = message.SubjectVersion;
        if (await db.RefreshAssignTasksAsync(application, message.At, ct)) return; // somebody else is assigned already
        await db.OpenAsync(
            new(ItemTemplate.AssignAnother, Audience.Role(Role.ProgrammeOfficer), message.AssignmentId, message.CallId,
                $"/reviews/assign/{message.ApplicationId}"), message, ct);
    }
}

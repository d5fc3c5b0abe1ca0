using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>
/// Closes the evaluator's task. After a declared conflict, or when the evaluator declined, somebody else must be assigned; where the reviews lie too far apart, one more;
/// where another evaluation follows, its evaluators.
/// </summary>
public sealed class OnReviewSubmitted(NotificationsDb db) : IHandle<ReviewSubmitted>
{
    public async Task Handle(ReviewSubmitted message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox review", message.ApplicationId);
        await db.CloseAsync(ItemTemplate.Review, message.AssignmentId, message.At, ct);
        if (!message.ConflictDeclared && !message.Declined && !message.ThirdNeeded && message.NextEvaluation is null) return;

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

        assignment.Evaluation = message.Evaluation ?? 0;
        assignment.NextEvaluation = message.NextEvaluation;
        assignment.Declined = message.Declined && !message.ConflictDeclared;
        assignment.ThirdNeeded = message.ThirdNeeded;
        if (message.ConflictDeclared || message.Declined) assignment.ConflictVersion = message.SubjectVersion;
        if (await db.RefreshAssignTasksAsync(application, message.At, ct, message.NextEvaluation ?? assignment.Evaluation)) return; // somebody is assigned already
        var why = message.ConflictDeclared ? ItemTemplate.AssignAnother
            : message.Declined ? ItemTemplate.AssignDeclined
            : message.ThirdNeeded ? ItemTemplate.AssignThird
            : ItemTemplate.AssignNext;
        await db.OpenAsync(
            new(why, Audience.Role(Role.ProgrammeOfficer), message.AssignmentId, message.CallId, $"/reviews/assign/{message.ApplicationId}"), message, ct);
    }
}

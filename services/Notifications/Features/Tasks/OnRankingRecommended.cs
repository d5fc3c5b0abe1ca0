using Grants.Contracts.Reviews;
using Grants.Notifications.Domain;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>Asks the decision-makers. What is recommended stays among staff.</summary>
public sealed class OnRankingRecommended(NotificationsDb db) : IHandle<RankingRecommended>
{
    public async Task Handle(RankingRecommended message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox recommended", message.ApplicationId);
        var application = await db.ApplicationAsync(message, message.CallId, ct);
        application.Recommended = true;
        await db.RefreshAssignTasksAsync(application, message.At, ct);
        await db.RefreshCommitteeTaskAsync(message.CallId, message.At, ct);
        await db.OpenAsync(
            new(ItemTemplate.Decide, Audience.Role(Role.DecisionMaker), message.ApplicationId, message.CallId,
                $"/decisions/{message.ApplicationId}"), message, ct);
    }
}

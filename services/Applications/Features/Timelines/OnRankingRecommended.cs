using Grants.Applications.Domain;
using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>The committee recommended an outcome; for staff.</summary>
public sealed class OnRankingRecommended(ApplicationsDb db) : IHandle<RankingRecommended>
{
    /// <inheritdoc />
    public Task Handle(RankingRecommended message, CancellationToken ct)
    {
        db.Add(message.Fund
            ? TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.RecommendedForFunding, amountMinor: message.AmountMinor, currency: message.Currency)
            : TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.RecommendedAgainst));
        return Task.CompletedTask;
    }
}

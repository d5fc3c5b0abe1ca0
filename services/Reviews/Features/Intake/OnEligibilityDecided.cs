using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>Eligible applications wait for evaluators; the others are rejected with the officer's reason.</summary>
public sealed class OnEligibilityDecided(ReviewsDb db, AppTime clock) : IHandle<EligibilityDecided>
{
    public async Task Handle(EligibilityDecided message, CancellationToken ct)
    {
        using var span = Tracing.Start("review eligibility", message.ApplicationId);
        var outcome = await db.EligibilityOutcomes.FindAsync([message.ApplicationId], ct);
        if (outcome is null)
            db.EligibilityOutcomes.Add(outcome = new EligibilityOutcome { ApplicationId = message.ApplicationId });
        else if (message.SubjectVersion <= outcome.ApplicationVersion)
            return;

        outcome.ApplicationVersion = message.SubjectVersion;
        outcome.Eligible = message.Eligible;
        outcome.Reason = message.Reason;
        outcome.DecidedBy = message.DecidedBy;
        outcome.DecidedAt = message.At;
        if (await db.Cases.FindAsync([message.ApplicationId], ct) is { } held) Eligibility.Apply(db, held, outcome, clock.Now);
    }
}

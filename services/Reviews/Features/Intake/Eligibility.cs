using Grants.Contracts.Reviews;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>What follows from the check once both the submission and its outcome are here, in whichever order they came.</summary>
static class Eligibility
{
    public static void Apply(ReviewsDb db, ReviewCase held, EligibilityOutcome outcome, DateTimeOffset now)
    {
        if (held.State != CaseState.Received) return; // it has moved on: a later outcome cannot take back an evaluation
        if (outcome.Eligible)
        {
            held.Do(CaseAction.FindEligible, CaseActor.System);
            return;
        }

        held.Do(CaseAction.FindIneligible, CaseActor.System);
        held.Do(CaseAction.Reject, CaseActor.System);
        var decision = Sealing.Seal(held, "not-eligible", 0, outcome.Reason, null, outcome.DecidedBy, now);
        db.Decisions.Add(decision);
        db.Audit(now, outcome.DecidedBy, "application.rejected", held.ApplicationId, outcome.Reason);
        db.Publish(new ApplicationRejected(
            held.ApplicationId, held.Version, now, held.CallId, held.Reference, held.OrganisationId, held.OrganisationName, held.Title, outcome.Reason,
            outcome.DecidedBy, decision.Sha256));
    }
}

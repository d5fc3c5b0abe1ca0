using Grants.Contracts.Reconciliation;
using Grants.Platform.Reconciliation;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Reconciliation;

/// <summary>What this service knows of a call's applications: the cases it received and what was decided on them.</summary>
static class Figures
{
    public static readonly (string, Func<ReviewsDb, IQueryable<Fact>>)[] All =
    [
        (CallFigures.Definitions, db => db.CallVersions.Select(version => new Fact
        {
            CallId = version.CallId, At = version.PublishedAt, Note = version.Version + " " + version.Sha256,
        })),
        (CallFigures.Submitted, db => db.Cases.Select(one => new Fact { CallId = one.CallId, ApplicationId = one.ApplicationId, At = one.SubmittedAt })),
        (CallFigures.Dossiers, db => db.Cases.Select(one => new Fact
        {
            CallId = one.CallId, ApplicationId = one.ApplicationId, At = one.SubmittedAt, AmountMinor = one.RequestedMinor, Currency = one.Currency, Note = one.DossierSha256,
        })),
        (CallFigures.Checked, db => db.EligibilityOutcomes.Join(db.Cases, outcome => outcome.ApplicationId, one => one.ApplicationId, (outcome, one) => new Fact
        {
            CallId = one.CallId, ApplicationId = one.ApplicationId, At = outcome.DecidedAt, Note = outcome.Eligible ? "eligible" : "ineligible",
        })),
        (CallFigures.Awarded, db => db.Decisions.Where(decision => decision.Outcome == DecisionOutcome.Award)
            .Join(db.Cases, decision => decision.ApplicationId, one => one.ApplicationId, (decision, one) => new Fact
            {
                CallId = one.CallId, ApplicationId = one.ApplicationId, At = decision.DecidedAt, AmountMinor = decision.AmountMinor, Currency = decision.Currency,
            })),
        (CallFigures.Rejected, db => db.Decisions.Where(decision => decision.Outcome == DecisionOutcome.Rejection)
            .Join(db.Cases, decision => decision.ApplicationId, one => one.ApplicationId, (decision, one) => new Fact
            {
                CallId = one.CallId, ApplicationId = one.ApplicationId, At = decision.DecidedAt,
            })),
    ];
}

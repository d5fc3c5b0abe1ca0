using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Platform.Hosting;
using Grants.Platform.Reconciliation;
using Grants.Reviews.Features.Assign;
using Grants.Reviews.Features.Committee;
using Grants.Reviews.Features.Conflicts;
using Grants.Reviews.Features.Decide;
using Grants.Reviews.Features.Intake;
using Grants.Reviews.Features.Ranking;
using Grants.Reviews.Features.Reconciliation;
using Grants.Reviews.Features.Reserve;
using Grants.Reviews.Features.Review;

namespace Grants.Reviews;

/// <summary>Table of contents of the evaluation: what it listens to and what it shows.</summary>
public static class ReviewsService
{
    public static readonly ServiceDefinition Definition = ServiceDefinition.For<ReviewsDb, SqliteReviewsDb, PostgresReviewsDb>("reviews")
        .Subscribe<CallPublished, OnCallPublished>()
        .Subscribe<CallClosed, OnCallClosed>()
        .Subscribe<ApplicationSubmitted, OnApplicationSubmitted>()
        .Subscribe<ApplicationWithdrawn, OnApplicationWithdrawn>()
        .Subscribe<ClarificationAnswered, OnClarificationAnswered>()
        .Subscribe<EligibilityDecided, OnEligibilityDecided>()
        .Subscribe<OrganisationChanged, OnOrganisationChanged>()
        .Subscribe<PersonChanged, OnPersonChanged>()
        .Subscribe<RoleGranted, OnRoleGranted>()
        .Subscribe<RoleRevoked, OnRoleRevoked>()
        .Subscribe<AwardLapsed, OnAwardLapsed>()
        .Reconcile<ReviewsDb, OnCallTotals>(Figures.All)
        .Map(AssignEvaluator.Map, AssignEvenly.Map)
        .Map(DeclareConflicts.Map, RuleOnConflict.Map)
        .Map(MyReviews.Map, OpenReview.Map, Declare.Map, ScoreReview.Map, SubmitReview.Map)
        .Map(ShowRanking.Map, Recommend.Map)
        .Map(ShowCommittee.Map, RecordMeeting.Map, Recuse.Map, RecommendList.Map)
        .Map(DecisionsToMake.Map, DecideList.Map, DecideApplication.Map)
        .Map(ShowReserve.Map);
}

using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Contracts.Reviews;
using Grants.Notifications.Features.Directory;
using Grants.Notifications.Features.Inbox;
using Grants.Notifications.Features.Letters;
using Grants.Notifications.Features.Mails;
using Grants.Notifications.Features.Reconciliation;
using Grants.Notifications.Features.Tasks;
using Grants.Platform.Hosting;
using Grants.Platform.Reconciliation;

namespace Grants.Notifications;

/// <summary>Table of contents: what the service listens to and which routes it answers.</summary>
public static class NotificationsService
{
    public static readonly ServiceDefinition Definition = ServiceDefinition
        .For<NotificationsDb, SqliteNotificationsDb, PostgresNotificationsDb>("notifications")
        // Who and where: copies that say whose inbox an item is in.
        .Subscribe<CallPublished, OnCallPublished>()
        .Subscribe<OrganisationChanged, OnOrganisationChanged>()
        .Subscribe<PersonChanged, OnPersonChanged>()
        .Subscribe<RoleGranted, OnRoleGranted>()
        .Subscribe<RoleRevoked, OnRoleRevoked>()
        // From draft to decision.
        .Subscribe<DraftDeadlineNear, OnDraftDeadlineNear>()
        .Subscribe<ApplicationSubmitted, OnApplicationSubmitted>()
        .Subscribe<ApplicationWithdrawn, OnApplicationWithdrawn>()
        .Subscribe<ClarificationAsked, OnClarificationAsked>()
        .Subscribe<ClarificationAnswered, OnClarificationAnswered>()
        .Subscribe<EligibilityDecided, OnEligibilityDecided>()
        .Subscribe<ReviewsAssigned, OnReviewsAssigned>()
        .Subscribe<ReviewSubmitted, OnReviewSubmitted>()
        .Subscribe<CallClosed, OnCallClosed>()
        .Subscribe<RankingRecommended, OnRankingRecommended>()
        // Outcome letters.
        .Subscribe<AwardDecided, OnAwardDecided>()
        .Subscribe<ApplicationRejected, OnApplicationRejected>()
        .Subscribe<PutOnReserve, OnPutOnReserve>()
        // From award to money.
        .Subscribe<AgreementOffered, OnAgreementOffered>()
        .Subscribe<AgreementSigned, OnAgreementSigned>()
        .Subscribe<InstalmentRequested, OnInstalmentRequested>()
        .Subscribe<PaymentApproved, OnPaymentApproved>()
        .Subscribe<PaymentSettled, OnPaymentSettled>()
        .Subscribe<PaymentFailed, OnPaymentFailed>()
        .Subscribe<AwardLapsed, OnAwardLapsed>()
        // Mails.
        .Subscribe<MailWithSecretRequested, OnMailWithSecretRequested>()
        // Figures of each call, compared with the neighbours'.
        .Reconcile<NotificationsDb, OnCallTotals>(Figures.All)
        .With(MailDelivery.Register)
        .Map(ShowInbox.Map, CountInbox.Map, MarkAsRead.Map, ReadLetter.Map)
        .Map(ListLetters.Map, PreviewLetter.Map, ReleaseLetter.Map, ReleaseLetters.Map)
        .Map(ListMails.Map, ListApplicationMails.Map);
}

using Grants.Applications.Domain;
using Grants.Applications.Features.Apply;
using Grants.Applications.Features.Apply.Budgets;
using Grants.Applications.Features.Apply.Partners;
using Grants.Applications.Features.Calls;
using Grants.Applications.Features.Calls.Editing;
using Grants.Applications.Features.Check;
using Grants.Applications.Features.Clarifications;
using Grants.Applications.Features.Exports;
using Grants.Applications.Features.Organisations;
using Grants.Applications.Features.Receipts;
using Grants.Applications.Features.Reconciliation;
using Grants.Applications.Features.Registered;
using Grants.Applications.Features.Sealed;
using Grants.Applications.Features.Timelines;
using Grants.Applications.Features.Withdrawing;
using Grants.Contracts.Accounts;
using Grants.Contracts.Disbursements;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications;

/// <summary>Applications: calls, organisations, drafts and dossiers, checks and the timeline. This is its table of contents.</summary>
public static class ApplicationsService
{
    /// <summary>What a host needs to run it.</summary>
    public static readonly ServiceDefinition Definition = ServiceDefinition.For<ApplicationsDb, SqliteApplicationsDb, PostgresApplicationsDb>("applications")
        .Subscribe<PersonChanged, OnPersonChanged>()
        .Subscribe<ReviewsAssigned, OnReviewsAssigned>()
        .Subscribe<ReviewSubmitted, OnReviewSubmitted>()
        .Subscribe<RankingRecommended, OnRankingRecommended>()
        .Subscribe<AwardDecided, OnAwardDecided>()
        .Subscribe<ApplicationRejected, OnApplicationRejected>()
        .Subscribe<PutOnReserve, OnPutOnReserve>()
        .Subscribe<NotificationDelivered, OnNotificationDelivered>()
        .Subscribe<AgreementOffered, OnAgreementOffered>()
        .Subscribe<AgreementSigned, OnAgreementSigned>()
        .Subscribe<InstalmentRequested, OnInstalmentRequested>()
        .Subscribe<PaymentApproved, OnPaymentApproved>()
        .Subscribe<PaymentSettled, OnPaymentSettled>()
        .Subscribe<PaymentFailed, OnPaymentFailed>()
        .Subscribe<AwardLapsed, OnAwardLapsed>()
        .Reconcile<ApplicationsDb, OnCallTotals>(Figures.All)
        .With(services => services
            .AddDueLoop("applications.closing", (provider, ct) =>
                CloseCalls.Run(provider.GetRequiredService<ApplicationsDb>(), provider.GetRequiredService<AppTime>(), ct))
            .AddDueLoop("applications.clarifications", (provider, ct) =>
                ExpireClarifications.Run(provider.GetRequiredService<ApplicationsDb>(), provider.GetRequiredService<AppTime>(), ct))
            .AddDueLoop("applications.reminders", (provider, ct) =>
                RemindOfDrafts.Run(provider.GetRequiredService<ApplicationsDb>(), provider.GetRequiredService<AppTime>(), ct))
            .AddDueLoop("applications.document-checks", (provider, ct) => DocumentChecks.Run(
                provider.GetRequiredService<ApplicationsDb>(), provider.GetRequiredService<FileStore>(), provider.GetRequiredService<FileScanner>(), provider.GetRequiredService<AppTime>(), ct))
            .AddFileSweep<ApplicationsDb>(FileArea.Quarantine, (db, sha256) => db.DraftDocuments.AnyAsync(found => found.Sha256 == sha256 && found.State == DocumentState.BeingChecked))
            .AddFileSweep<ApplicationsDb>(FileArea.Dossiers, async (db, sha256) =>
                await db.Applications.AnyAsync(found => found.DossierSha256 == sha256) || await db.SupersededDossiers.AnyAsync(found => found.DossierSha256 == sha256))
            .AddFileSweep<ApplicationsDb>(FileArea.Attachments, (db, sha256) => db.DraftDocuments.AnyAsync(found => found.Sha256 == sha256)))
        .Map(ListCalls.Map, ShowCall.Map, ShowSchema.Map)
        .Map(ListDrafts.Map, NewCall.Map, AmendCall.Map, EditDefinition.Map, PreviewDraft.Map, ListVersions.Map, PublishDraft.Map, DeleteDraft.Map, CallsApi.Map, DraftsApi.Map)
        .Map(RegisterOrganisation.Map, ShowOrganisation.Map, EditOrganisation.Map)
        .Map(StartApplication.Map, ShowApplication.Map, EditDraft.Map, SaveField.Map, AttachDocuments.Map, PrintStatement.Map, CheckAnswers.Map, SubmitApplication.Map, ReopenApplication.Map)
        .Map(EditBudget.Map, SaveBudgetRow.Map, EditPartners.Map, AnswerPartnership.Map, WithdrawApplication.Map)
        .Map(ShowReceipt.Map, ShowDossier.Map)
        .Map(ShowDesk.Map, ShowCallDesk.Map, CheckApplication.Map, SaveCheck.Map, DoMany.Map, ExportDesk.Map)
        .Map(AskClarification.Map, AnswerClarification.Map, ClarificationFiles.Map)
        .Map(RegisterArrival.Map, SealArrival.Map)
        .Map(ListApplications.Map, ShowTimeline.Map);
}

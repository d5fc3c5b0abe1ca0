using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Agreements;
using Grants.Disbursements.Features.Budget;
using Grants.Disbursements.Features.Documents;
using Grants.Disbursements.Features.Endings;
using Grants.Disbursements.Features.Intake;
using Grants.Disbursements.Features.Ledger;
using Grants.Disbursements.Features.Overview;
using Grants.Disbursements.Features.Payments;
using Grants.Disbursements.Features.Preparation;
using Grants.Disbursements.Features.Reconciliation;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;
using Grants.Platform.Reconciliation;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements;

/// <summary>Composition root and table of contents of the service.</summary>
public static class DisbursementsService
{
    public static readonly ServiceDefinition Definition = ServiceDefinition.For<DisbursementsDb, SqliteDisbursementsDb, PostgresDisbursementsDb>("disbursements")
        .Subscribe<CallPublished, OnCallPublished>()
        .Subscribe<OrganisationChanged, OnOrganisationChanged>()
        .Subscribe<PersonChanged, OnPersonChanged>()
        .Subscribe<AwardDecided, OnAwardDecided>()
        .Subscribe<ApplicationWithdrawn, OnApplicationWithdrawn>()
        .Subscribe<NotificationDelivered, OnNotificationDelivered>()
        .Reconcile<DisbursementsDb, OnCallTotals>(Figures.All)
        .With(services => services
            .AddDueLoop("disbursements.terms", (provider, ct) => ExpireTerms.Run(provider.GetRequiredService<DisbursementsDb>(), provider.GetRequiredService<AppTime>(), ct))
            .AddDueLoop("disbursements.document-checks", (provider, ct) => DocumentChecks.Run(
                provider.GetRequiredService<DisbursementsDb>(), provider.GetRequiredService<FileStore>(), provider.GetRequiredService<FileScanner>(), provider.GetRequiredService<AppTime>(), ct))
            .AddFileSweep<DisbursementsDb>(FileArea.GranteeQuarantine, (db, sha256) => db.Documents.AnyAsync(file => file.Sha256 == sha256 && file.State == GranteeDocumentState.BeingChecked))
            .AddFileSweep<DisbursementsDb>(FileArea.Agreements, async (db, sha256) =>
                await db.Agreements.AnyAsync(agreement => agreement.TextSha256 == sha256) || await db.Documents.AnyAsync(file => file.Sha256 == sha256)))
        .Map(ListGrants.Map, ShowGrant.Map)
        .Map(GiveAccount.Map, ConfirmAccount.Map, CorrectBudget.Map, AcceptBudget.Map, GiveDocuments.Map, DecideDocument.Map, PrepareAward.Map)
        .Map(RefuseAward.Map, FailPreparation.Map, SetTerm.Map, CancelGrant.Map)
        .Map(ShowAgreement.Map, AcceptAgreement.Map)
        .Map(PaymentsDesk.Map, ShowPayment.Map, ApprovePayment.Map, PaymentLists.Map, SettlePayment.Map, ReturnPayment.Map, RecordRepayment.Map)
        .Map(ShowLedger.Map);
}

sealed class SqliteDisbursementsFactory : DesignTimeFactory<SqliteDisbursementsDb>;

sealed class PostgresDisbursementsFactory : DesignTimeFactory<PostgresDisbursementsDb>;

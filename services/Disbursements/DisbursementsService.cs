using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Contracts.Notifications;
using Grants.Contracts.Reviews;
using Grants.Disbursements.Features.Intake;
using Grants.Platform.Hosting;
using Grants.Platform.Persistence;

namespace Grants.Disbursements;

/// <summary>Composition root and table of contents of the service.</summary>
public static class DisbursementsService
{
    public static readonly ServiceDefinition Definition = ServiceDefinition.For<DisbursementsDb, SqliteDisbursementsDb, PostgresDisbursementsDb>("disbursements")
        .Subscribe<CallPublished, OnCallPublished>()
        .Subscribe<OrganisationChanged, OnOrganisationChanged>()
        .Subscribe<PersonChanged, OnPersonChanged>()
        .Subscribe<AwardDecided, OnAwardDecided>()
        .Subscribe<NotificationDelivered, OnNotificationDelivered>();
}

sealed class SqliteDisbursementsFactory : DesignTimeFactory<SqliteDisbursementsDb>;

sealed class PostgresDisbursementsFactory : DesignTimeFactory<PostgresDisbursementsDb>;

using Grants.Contracts.Reconciliation;
using Grants.Disbursements.Domain;
using Grants.Platform.Reconciliation;

namespace Grants.Disbursements.Features.Reconciliation;

/// <summary>What this service knows of a call's money: grants awarded and instalments paid.</summary>
static class Figures
{
    public static readonly (string, Func<DisbursementsDb, IQueryable<Fact>>)[] All =
    [
        (CallFigures.Definitions, db => db.CallVersions.Select(version => new Fact
        {
            CallId = version.CallId, At = version.PublishedAt, Note = version.Version + " " + version.DefinitionSha256,
        })),
        (CallFigures.Awarded, db => db.AwardedGrants.Select(grant => new Fact
        {
            CallId = grant.CallId, ApplicationId = grant.ApplicationId, At = grant.AwardedAt, AmountMinor = grant.AwardedMinor, Currency = grant.Currency,
        })),
        (CallFigures.Paid, db => db.Instalments.Where(instalment => instalment.State == InstalmentState.Paid).Select(instalment => new Fact
        {
            CallId = instalment.CallId, ApplicationId = instalment.ApplicationId, At = instalment.PaidAt!.Value, AmountMinor = instalment.AmountMinor,
            Currency = instalment.Currency,
        })),
    ];
}

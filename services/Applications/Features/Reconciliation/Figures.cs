using Grants.Applications.Domain;
using Grants.Contracts.Reconciliation;
using Grants.Platform.Reconciliation;

namespace Grants.Applications.Features.Reconciliation;

/// <summary>What this service knows of a call's applications: its own, and what its timelines were told.</summary>
static class Figures
{
    public static readonly (string, Func<ApplicationsDb, IQueryable<Fact>>)[] All =
    [
        (CallFigures.Definitions, db => db.CallVersions.Select(version => new Fact
        {
            CallId = version.CallId, At = version.PublishedAt, Note = version.Number + " " + version.DefinitionSha256,
        })),
        (CallFigures.Submitted, db => Submitted(db).Select(one => new Fact { CallId = one.CallId, ApplicationId = one.Id, At = one.SubmittedAt!.Value })),
        (CallFigures.Dossiers, db => Submitted(db).Select(one => new Fact
        {
            CallId = one.CallId, ApplicationId = one.Id, At = one.SubmittedAt!.Value, AmountMinor = one.RequestedMinor, Currency = one.Currency, Note = one.DossierSha256!,
        })),
        (CallFigures.Checked, db => db.EligibilityChecks.Join(db.Applications, check => check.ApplicationId, one => one.Id, (check, one) => new Fact
        {
            CallId = one.CallId, ApplicationId = one.Id, At = check.DecidedAt, Note = check.Eligible ? "eligible" : "ineligible",
        })),
        (CallFigures.Awarded, db => Told(db, TimelineKind.Awarded)),
        (CallFigures.Rejected, db => Told(db, TimelineKind.Rejected)),
        (CallFigures.Told, db => Told(db, TimelineKind.LetterReleased)),
        (CallFigures.Paid, db => Told(db, TimelineKind.Paid)),
    ];

    static IQueryable<Application> Submitted(ApplicationsDb db) => db.Applications.Where(one => one.State != ApplicationState.Draft);

    static IQueryable<Fact> Told(ApplicationsDb db, TimelineKind kind) => db.TimelineEntries.Where(entry => entry.Kind == kind)
        .Join(db.Applications, entry => entry.ApplicationId, one => one.Id, (entry, one) => new Fact
        {
            CallId = one.CallId, ApplicationId = one.Id, At = entry.At, AmountMinor = entry.AmountMinor ?? 0, Currency = entry.Currency ?? "",
        });
}

using Grants.Contracts.Reconciliation;
using Grants.Notifications.Domain;
using Grants.Platform.Reconciliation;

namespace Grants.Notifications.Features.Reconciliation;

/// <summary>What this service knows of a call's applications: whom it told what, and what it holds until it may tell.</summary>
static class Figures
{
    public static readonly (string, Func<NotificationsDb, IQueryable<Fact>>)[] All =
    [
        (CallFigures.Definitions, db => db.Calls.Select(version => new Fact
        {
            CallId = version.CallId, At = version.PublishedAt, Note = version.Version + " " + version.Sha256,
        })),
        (CallFigures.Submitted, db => db.Items.Where(item => item.Template == ItemTemplate.Submitted).Select(item => new Fact
        {
            CallId = item.CallId!.Value, ApplicationId = item.ApplicationId!.Value, At = item.CreatedAt,
        })),
        (CallFigures.Awarded, db => db.Letters.Where(letter => letter.Kind == LetterKind.Award).Select(letter => new Fact
        {
            CallId = letter.CallId, ApplicationId = letter.ApplicationId, At = letter.DecidedAt, AmountMinor = letter.AmountMinor!.Value, Currency = letter.Currency!,
        })),
        (CallFigures.Rejected, db => db.Letters.Where(letter => letter.Kind == LetterKind.Rejection).Select(letter => new Fact
        {
            CallId = letter.CallId, ApplicationId = letter.ApplicationId, At = letter.DecidedAt,
        })),
        (CallFigures.Told, db => db.Letters.Where(letter => letter.State == LetterState.Released).Select(letter => new Fact
        {
            CallId = letter.CallId, ApplicationId = letter.ApplicationId, At = letter.ReleasedAt!.Value,
        })),
    ];
}

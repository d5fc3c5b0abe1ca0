using System.Globalization;
using Grants.Contracts.Reviews;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Conflicts;
using Grants.Reviews.Features.Parts;
using Grants.Reviews.Features.Ranking;

namespace Grants.Reviews.Features.Committee;

/// <summary>
/// The chair records what the committee recommends for all applications of a call. What the rules propose is filled in; whatever the committee changes of
/// rank, outcome or amount has a reason. From the list a recommendation for each application follows.
/// </summary>
public static class RecommendList
{
    const int LongestReason = 3000;

    const string Path = "/ranking/{callId:guid}/committee/list";

    /// <summary>One application as it was typed, or as the rules propose it.</summary>
    /// <param name="Row">The application.</param>
    /// <param name="Place">Place in its lot, as typed.</param>
    /// <param name="Outcome"><c>fund</c>, <c>reserve</c> or <c>reject</c>.</param>
    /// <param name="Amount">Amount, as typed.</param>
    /// <param name="Reason">Why it differs from the proposal.</param>
    public sealed record Entry(RankingView.Row Row, string Place, string Outcome, string Amount, string Reason)
    {
        /// <summary>Its part of the field names.</summary>
        public string Id => Row.Case.ApplicationId.ToString();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).ForRoles("call in scope", Role.Chair);
        routes.MapPost(Path, Handle).ForRoles("call in scope, tied to no applicant of the call", Role.Chair);
    }

    /// <summary>Key of the sentence that says why the list cannot be recorded now; null when it can.</summary>
    public static string? WhyNot(CommitteeView view) =>
        view.Ranking.Call.ClosedAt is null ? "recommendList.wait.open"
        : view.Ranking.Recused.Count > 0 ? "recommendList.wait.recused"
        : view.Ranking.Rows.Any(row => !row.IsDecided && !row.CanBeRecommended) ? "recommendList.wait.reviews"
        : view.Ranking.Stage.Quorum > 0 && view.QuorateMeeting is null ? "recommendList.wait.meeting"
        : null;

    /// <summary>What the rules propose, as it stands in the form.</summary>
    public static IReadOnlyList<Entry> Proposed(RankingView ranking, CultureInfo culture) =>
    [
        .. ranking.Definition.Lots.SelectMany(lot => ranking.Of(lot).Select((row, index) => new Entry(
            row, $"{index + 1}", Word(row), ProposedMinor(row) is > 0 and var minor ? MoneyFormat.Number(new Money(minor, ranking.Definition.Currency), culture) : "", ""))
            .Where(entry => !entry.Row.IsDecided)),
    ];

    static string Word(RankingView.Row row) => row.Placed.Outcome switch { ProposedOutcome.Fund => "fund", ProposedOutcome.Reserve => "reserve", _ => "reject" };

    // Who is on the reserve list may get what was asked for, when money is free.
    static long ProposedMinor(RankingView.Row row) => row.Placed.Outcome == ProposedOutcome.Reserve ? row.Case.RequestedMinor : row.Placed.AmountMinor;

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, PageContext page, CancellationToken ct) =>
        await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view || !view.IsChair(caller) ? Pages.NotFound()
            : view.Ranking.Undeclared ? DeclareConflicts.First(callId, $"/ranking/{callId}/committee/list")
            : Pages.Show<RecommendListPage>(new { View = view, Entries = Proposed(view.Ranking, page.Culture) });

    static Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view || !view.IsChair(caller)) return Pages.NotFound();
            if (view.Ranking.Undeclared) return DeclareConflicts.First(callId, $"/ranking/{callId}/committee/list");
            if (WhyNot(view) is { } why) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<RecommendListPage>(why, view.Ranking.Stage.Quorum));

            var proposed = Proposed(view.Ranking, page.Culture);
            var entries = proposed.Select(entry => entry with
            {
                Place = form[$"place-{entry.Id}"], Outcome = form[$"outcome-{entry.Id}"], Amount = form.Raw($"amount-{entry.Id}"), Reason = form[$"reason-{entry.Id}"],
            }).ToList();
            // An application that came in, or was decided on, since the page was shown was not before the committee.
            if (entries.Exists(entry => !form.Has($"outcome-{entry.Id}"))) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<RecommendListPage>("recommendList.changed"));

            var errors = new FieldErrors();
            var read = entries.ToDictionary(entry => entry.Id, entry => Read(view.Ranking, entry, proposed.Single(one => one.Id == entry.Id), errors, page));
            CheckWhole(view.Ranking, entries, read, errors, page);
            if (!errors.None) return Pages.Show<RecommendListPage>(new { View = view, Entries = entries, Problems = errors }, StatusCodes.Status422UnprocessableEntity);

            foreach (var entry in entries)
            {
                var (held, before) = (entry.Row.Case, entry.Row.Recommendation);
                var (fund, reserve, amount, place) = (entry.Outcome == "fund", entry.Outcome == "reserve", read[entry.Id].Minor, read[entry.Id].Place);
                var reason = entry.Reason.Length > 0 ? entry.Reason : ProposalWords.Why(page, entry.Row.Placed, view.Call.Currency);
                var meeting = view.QuorateMeeting?.Id;
                // The second click of a double click brings the same list.
                if (before is not null && held.State == CaseState.Recommended
                    && (before.Fund, before.Reserve, before.AmountMinor, before.Place, before.Reason, before.MeetingId) == (fund, reserve, amount, place, reason, meeting))
                {
                    continue;
                }

                using var span = Tracing.Start("recommendation record", held.ApplicationId);
                held.Do(CaseAction.Recommend, CaseActor.Chair);
                db.Recommendations.Add(new Recommendation
                {
                    Id = Guid.CreateVersion7(),
                    ApplicationId = held.ApplicationId,
                    Number = (before?.Number ?? 0) + 1,
                    Fund = fund,
                    Reserve = reserve,
                    AmountMinor = amount,
                    Currency = held.Currency,
                    Reason = reason,
                    ScoreHundredths = entry.Row.ScoreHundredths!.Value,
                    Place = place,
                    MeetingId = meeting,
                    RecordedBy = caller.PersonId,
                    RecordedAt = clock.Now,
                });
                db.Audit(clock.Now, caller.PersonId, "recommendation.recorded", held.ApplicationId, reason);
                db.Publish(new RankingRecommended(held.ApplicationId, held.Version, clock.Now, callId, fund, amount, held.Currency, caller.PersonId));
            }

            await db.SaveChangesAsync(ct);
            return Results.Redirect($"/ranking/{callId}");
        });

    static (int Place, long Minor) Read(RankingView ranking, Entry entry, Entry proposed, FieldErrors errors, PageContext page)
    {
        var row = entry.Row;
        var lot = ranking.Definition.Lots.Single(lot => lot.Id == row.Placed.Contender.Lot);
        if (!int.TryParse(entry.Place, NumberStyles.None, CultureInfo.InvariantCulture, out var place) || place < 1)
            errors.Add($"place-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.place", row.Case.Reference));
        if (entry.Outcome is not ("fund" or "reject") && !(entry.Outcome == "reserve" && ranking.Stage.ReserveList))
            errors.Add($"outcome-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.outcome", row.Case.Reference));
        else if (entry.Outcome != "reject" && row.Placed.Outcome == ProposedOutcome.Below)
            errors.Add($"outcome-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.below", row.Case.Reference));
        var amount = Money.Zero(row.Case.Currency);
        if (entry.Outcome != "reject")
        {
            var (least, most) = (new Money(lot.MinGrantMinor, amount.Currency), new Money(Math.Min(lot.MaxGrantMinor, row.Case.RequestedMinor), amount.Currency));
            if (!MoneyParser.TryParse(entry.Amount, row.Case.Currency, out amount, out var problem)) errors.Add($"amount-{entry.Id}", MoneyParser.Sentence(problem, page.Culture));
            else if (amount < least || amount > most) errors.Add($"amount-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.amount", row.Case.Reference, least, most));
        }

        if (entry.Reason.Length > LongestReason) errors.Add($"reason-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.long", LongestReason));
        if (entry.Reason.Length == 0 && (entry.Outcome != proposed.Outcome || amount.Minor != (entry.Outcome == "reject" ? 0 : ProposedMinor(row))))
            errors.Add($"reason-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.reason", row.Case.Reference));
        return (place, amount.Minor);
    }

    /// <summary>What can only be seen of all together: places, budgets of lots, caps and numbers of organisations.</summary>
    static void CheckWhole(RankingView ranking, IReadOnlyList<Entry> entries, Dictionary<string, (int Place, long Minor)> read, FieldErrors errors, PageContext page)
    {
        foreach (var lot in ranking.Definition.Lots)
        {
            var mine = entries.Where(entry => entry.Row.Placed.Contender.Lot == lot.Id).ToList();
            foreach (var twice in mine.GroupBy(entry => read[entry.Id].Place).Where(group => group.Key > 0 && group.Count() > 1))
                errors.Add($"place-{twice.Last().Id}", page.Text<RecommendListPage>("recommendList.error.twice", twice.Key));
            // Those without a reason stand as the rules have them, whoever was moved between them.
            var last = 0;
            foreach (var entry in mine.Where(entry => entry.Reason.Length == 0 && read[entry.Id].Place > 0))
            {
                if (read[entry.Id].Place < last) errors.Add($"reason-{entry.Id}", page.Text<RecommendListPage>("recommendList.error.moved", entry.Row.Case.Reference));
                last = Math.Max(last, read[entry.Id].Place);
            }

            var budget = ranking.Budgets.Single(budget => budget.LotId == lot.Id);
            var (sum, rest) = (mine.Where(entry => entry.Outcome == "fund").Sum(entry => read[entry.Id].Minor), budget.BudgetMinor - budget.AwardedMinor);
            if (sum > rest && mine.LastOrDefault(entry => entry.Outcome == "fund") is { } funded)
                errors.Add($"amount-{funded.Id}", page.Text<RecommendListPage>("recommendList.error.budget", new Money(sum, budget.Currency), new Money(rest, budget.Currency)));
        }

        var rules = ranking.Definition.Allocation;
        foreach (var organisation in entries.Where(entry => entry.Outcome == "fund").GroupBy(entry => entry.Row.Case.OrganisationId))
        {
            var awards = ranking.Rows.Where(row => row.Case.OrganisationId == organisation.Key && row.Case.State == CaseState.Awarded).ToList();
            var field = $"outcome-{organisation.Last().Id}";
            if (organisation.Count() + awards.Count > rules.MaxAwardsPerOrganisation)
                errors.Add(field, page.Text<RecommendListPage>("recommendList.error.number", organisation.First().Row.Case.OrganisationName, rules.MaxAwardsPerOrganisation));
            if (organisation.Sum(entry => read[entry.Id].Minor) + awards.Sum(row => row.Decision!.AmountMinor) > (rules.CapPerOrganisationMinor ?? long.MaxValue))
                errors.Add(field, page.Text<RecommendListPage>("recommendList.error.cap", organisation.First().Row.Case.OrganisationName, new Money(rules.CapPerOrganisationMinor!.Value, ranking.Definition.Currency)));
        }
    }
}

using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Decide;

/// <summary>
/// The whole recommended list of a call decided in one act, as it was recommended. The page names everything first, and what is decided is what was named: if
/// anything changed meanwhile, or the money does not reach, nothing is decided.
/// </summary>
public static class DecideList
{
    const int LongestReason = 3000;

    const string Path = "/decisions/calls/{callId:guid}";

    /// <summary>An application with what is recommended for it.</summary>
    public sealed record Line(CaseFile File, Recommendation Recommendation)
    {
        /// <summary>What is decided when the recommendation is followed.</summary>
        public DecisionOutcome Outcome => Recommendation.Fund ? DecisionOutcome.Award : Recommendation.Reserve ? DecisionOutcome.Reserve : DecisionOutcome.Rejection;
    }

    /// <summary>What the page shows.</summary>
    /// <param name="Call">The call's definition.</param>
    /// <param name="Lines">What the reader may decide on, in the order of the recommended places.</param>
    /// <param name="Others">How many more wait that the reader does not decide on.</param>
    public sealed record View(CallDefinition Call, IReadOnlyList<Line> Lines, int Others)
    {
        /// <summary>Stands for everything that was named, to notice when something else is decided on.</summary>
        public string Sha256 => CanonicalJson.Sha256Hex(CanonicalJson.Serialize(Lines.Select(line => line.Recommendation.Id).Order().ToList()));

        /// <summary>Lines with an outcome.</summary>
        public IReadOnlyList<Line> With(DecisionOutcome outcome) => [.. Lines.Where(line => line.Outcome == outcome)];

        /// <summary>What all awards cost together.</summary>
        public Money Sum => new(With(DecisionOutcome.Award).Sum(line => line.Recommendation.AmountMinor), Call.Currency);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).ForRoles("call in scope; applications the reader may not decide on are left out", Role.DecisionMaker);
        routes.MapPost(Path, Handle).ForRoles("call in scope; applications the reader may not decide on are left out", Role.DecisionMaker);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, callId, caller, ct) is { } view ? Pages.Show<DecideListPage>(new { View = view }) : Pages.NotFound();

    static Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await Deciding.HoldLotsAsync(db, callId, ct);
            var done = Results.Redirect("/decisions");
            if (await LoadAsync(db, callId, caller, ct) is not { } view) return Pages.NotFound();
            // The second click of a double click finds nothing left of what the page had named.
            if (view.Lines.Count == 0) return done;
            if (!string.Equals(form["list"], view.Sha256, StringComparison.Ordinal)) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<DecideListPage>("list.changed"));

            var reasons = new Dictionary<DecisionOutcome, string>();
            var errors = new FieldErrors();
            foreach (var outcome in Enum.GetValues<DecisionOutcome>().Where(outcome => view.With(outcome).Count > 0))
            {
                var reason = reasons[outcome] = form[$"reason-{outcome}"];
                if (reason.Length == 0) errors.Add($"reason-{outcome}", page.Text<DecideListPage>("decide.error.reason"));
                if (reason.Length > LongestReason) errors.Add($"reason-{outcome}", page.Text<DecideListPage>("decide.error.long", LongestReason));
            }

            if (form["sure"] != "yes") errors.Add("sure", page.Text<DecideListPage>("list.error.sure"));
            IResult Again422() => Pages.Show<DecideListPage>(
                new { View = view, Reasons = reasons, Sure = form["sure"] == "yes", Problems = errors }, StatusCodes.Status422UnprocessableEntity);
            if (!errors.None) return Again422();

            foreach (var line in view.Lines)
            {
                using var span = Tracing.Start("list decide", line.File.Case.ApplicationId);
                if (line.Outcome == DecisionOutcome.Award && !await Deciding.TakeAsync(db, line.File, line.Recommendation.AmountMinor, ct))
                {
                    errors.Add("sure", page.Text<DecideListPage>("list.error.budget", line.File.Case.Reference, new Money(line.Recommendation.AmountMinor, line.Recommendation.Currency)));
                    return Again422(); // the transaction ends without a commit: nothing of it was decided
                }

                await Deciding.RecordAsync(db, line.File, line.Recommendation, line.Outcome, reasons[line.Outcome], caller.PersonId, clock.Now, ct);
                // Each is written before the next, which looks for its own place on the reserve list.
                await db.SaveChangesAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return done;
        });

    static async Task<View?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await db.Calls.FindAsync([callId], ct) is not { NewestVersion: > 0 } call) return null;
        var definition = (await Definitions.FindAsync(db, callId, call.NewestVersion, ct))!.Value.Definition;
        if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, callId, country), Role.DecisionMaker))) return null;

        var lines = new List<Line>();
        var waiting = await db.Cases.AsNoTracking().Where(one => one.CallId == callId && one.State == CaseState.Recommended).Select(one => one.ApplicationId).ToListAsync(ct);
        foreach (var id in waiting)
        {
            if (await CaseFile.LoadAsync(db, id, ct) is not { } file || !file.Open(caller, Role.DecisionMaker)) continue;
            if ((await Deciding.RecommendersAsync(db, id, ct)).Contains(caller.PersonId)) continue;
            var recommendation = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == id).OrderByDescending(one => one.Number).FirstAsync(ct);
            if (await Deciding.StandsAsync(db, file, recommendation, ct)) lines.Add(new Line(file, recommendation));
        }

        return new View(definition,
        [
            .. lines.OrderBy(line => line.Outcome).ThenBy(line => line.Recommendation.Place ?? int.MaxValue).ThenByDescending(line => line.Recommendation.ScoreHundredths)
                .ThenBy(line => line.File.Case.SubmittedAt).ThenBy(line => line.File.Case.Reference, StringComparer.Ordinal),
        ], waiting.Count - lines.Count);
    }
}

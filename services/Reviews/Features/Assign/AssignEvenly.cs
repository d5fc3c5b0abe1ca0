using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Assign;

/// <summary>
/// Proposes evaluators for everything in a call that lacks them, evenly by load and never against a tie, a language or a country. Nothing is assigned before the
/// officer has looked at it, changed what should be otherwise and applied it; each pair is checked again then.
/// </summary>
public static class AssignEvenly
{
    const string Prefix = "place-";

    /// <summary>A place to fill.</summary>
    /// <param name="View">The application.</param>
    /// <param name="Field">Name of its field.</param>
    /// <param name="Proposed">Who is proposed; null when nobody can be.</param>
    public sealed record Row(AssignEvaluator.View View, string Field, Guid? Proposed);

    /// <summary>What the page shows.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Definition">Its newest definition.</param>
    /// <param name="Rows">Places to fill, by reference.</param>
    public sealed record Preview(Guid CallId, CallDefinition Definition, IReadOnlyList<Row> Rows);

    /// <summary>What became of a chosen pair.</summary>
    /// <param name="Reference">The application.</param>
    /// <param name="Name">The evaluator; empty when it is nobody who could be chosen.</param>
    /// <param name="Skipped">Why it was left out; null when it was assigned.</param>
    public sealed record Outcome(string Reference, string Name, string? Skipped);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews/assign/calls/{callId:guid}", Show).ForRoles(AssignEvaluator.Relation, AssignEvaluator.Assigning);
        routes.MapPost("/reviews/assign/calls/{callId:guid}", Handle).ForRoles(AssignEvaluator.Relation, AssignEvaluator.Assigning);
    }

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, callId, caller, ct) is { } preview ? Pages.Show<AssignEvenlyPage>(new { Preview = preview }) : Pages.NotFound();

    static Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await LoadAsync(db, callId, caller, ct) is null) return Pages.NotFound();
            var outcomes = new List<Outcome>();
            foreach (var chosen in Chosen(form))
            {
                if (await AssignEvaluator.LoadAsync(db, chosen.Key, caller, ct) is not { } view || view.File.Case.CallId != callId) continue;
                var added = 0;
                foreach (var person in chosen.Distinct(StringComparer.OrdinalIgnoreCase))
                {
                    var choice = view.Choices.FirstOrDefault(choice => string.Equals(choice.PersonId.ToString(), person, StringComparison.OrdinalIgnoreCase));
                    var skipped = !view.File.Case.Allows(CaseAction.Assign, CaseActor.ProgrammeOfficer) ? page.Text<AssignEvenlyPage>("assign.closed")
                        : choice is null ? page.Text<AssignEvenlyPage>("assign.error.nobody")
                        : choice.Barred is { } bar ? page.Text<AssignEvenlyPage>($"assign.error.{bar}", choice.Name, view.File.Place.Country)
                        : view.Active + added >= view.Needed ? page.Text<AssignEvenlyPage>("evenly.error.full")
                        : null;
                    if (skipped is null)
                    {
                        AssignEvaluator.Make(db, view, choice!.PersonId, caller.PersonId, clock.Now, "");
                        added++;
                    }

                    outcomes.Add(new Outcome(view.File.Case.Reference, choice?.Name ?? "", skipped));
                }
            }

            await db.SaveChangesAsync(ct);
            return Pages.Show<AssignEvenlyPage>(new { Preview = await LoadAsync(db, callId, caller, ct), Outcomes = outcomes.OrderBy(one => one.Reference, StringComparer.Ordinal).ToList() });
        });

    /// <summary>The people chosen for each application. A place left open posts nothing for it.</summary>
    static IEnumerable<IGrouping<Guid, string>> Chosen(PostedForm form) =>
        from field in form.Fields.Where(field => field.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        let parts = field[Prefix.Length..].Split('.')
        where parts.Length == 2 && Guid.TryParse(parts[0], out _) && form[field].Length > 0
        group form[field] by Guid.Parse(parts[0]);

    static async Task<Preview?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await db.Calls.AsNoTracking().SingleOrDefaultAsync(one => one.Id == callId, ct) is not { NewestVersion: > 0 } call) return null;
        var definition = (await Definitions.FindAsync(db, callId, call.NewestVersion, ct))!.Value.Definition;
        if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, callId, country), AssignEvaluator.Assigning))) return null;

        var ids = await db.Cases.AsNoTracking()
            .Where(one => one.CallId == callId && (one.State == CaseState.ReadyForReview || one.State == CaseState.InReview || one.State == CaseState.Reviewed))
            .OrderBy(one => one.Reference).Select(one => one.ApplicationId).ToListAsync(ct);
        var views = new List<AssignEvaluator.View>();
        foreach (var id in ids)
        {
            if (await AssignEvaluator.LoadAsync(db, id, caller, ct) is { MoreThanNeeded: false } view) views.Add(view);
        }

        var proposals = EvenAssignment.Propose(
            views.Select(view => new OpenPlaces(
                view.File.Case.ApplicationId, view.File.Case.Reference, view.Needed - view.Active, [.. view.Choices.Where(choice => choice.Offered && choice.Reads).Select(choice => choice.PersonId)])),
            views.SelectMany(view => view.Choices).DistinctBy(choice => choice.PersonId).ToDictionary(choice => choice.PersonId, choice => choice.Load));
        return new Preview(callId, definition,
        [
            .. from view in views
               from place in Enumerable.Range(0, view.Needed - view.Active)
               let proposed = proposals[view.File.Case.ApplicationId]
               select new Row(
                   view, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{view.File.Case.ApplicationId}.{place}"), place < proposed.Count ? proposed[place] : null),
        ]);
    }
}

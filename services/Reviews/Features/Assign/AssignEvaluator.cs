using Grants.Contracts.Reviews;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Assign;

/// <summary>The officer assigns evaluators to an application: one by one, seeing everybody's load, never somebody tied to the applicant.</summary>
public static class AssignEvaluator
{
    const int LongestReason = 500;

    /// <summary>What the access rules of the routes say in words.</summary>
    public const string Relation = "officer or national coordinator in scope, not tied to the application";

    /// <summary>Who assigns.</summary>
    public static readonly string[] Assigning = [Role.ProgrammeOfficer, Role.NationalCoordinator];

    /// <summary>An evaluator whose role reaches the application.</summary>
    /// <param name="PersonId">The evaluator.</param>
    /// <param name="Name">Name.</param>
    /// <param name="Load">Open reviews now, in all calls.</param>
    /// <param name="Barred">Why they cannot be assigned; null when they can.</param>
    /// <param name="Reads">Whether they read the language the application is written in.</param>
    public sealed record Choice(Guid PersonId, string Name, int Load, Bar? Barred, bool Reads)
    {
        public bool Offered => Barred is null;
    }

    /// <summary>Why somebody cannot be assigned.</summary>
    public enum Bar
    {
        /// <summary>A member of the applicant or a partner, or once one.</summary>
        Tied,

        /// <summary>Declared a conflict of interest that the chair has not dismissed.</summary>
        Conflict,

        /// <summary>Assigned in this evaluation already.</summary>
        Assigned,

        /// <summary>Declined this application.</summary>
        Declined,

        /// <summary>Took part in an earlier evaluation of the same application.</summary>
        Earlier,

        /// <summary>The evaluation is national, and the role is not held for the applicant's country.</summary>
        OtherCountry,
    }

    /// <summary>An assignment with the evaluator's name.</summary>
    public sealed record Line(Assignment Assignment, string Name, Grid Grid);

    /// <summary>What the page shows.</summary>
    public sealed record View(CaseFile File, string Eligibility, IReadOnlyList<Line> Lines, IReadOnlyList<Choice> Choices)
    {
        /// <summary>Assignments of the evaluation the application is at that lead, or have led, to a review.</summary>
        public int Active => Lines.Count(line =>
            line.Assignment.Evaluation == File.Grid.Number && line.Assignment.HoldsPlace && !File.Ties.Members.Contains(line.Assignment.EvaluatorId));

        /// <summary>How many reviews the call wants of it: one more when those it has lie far apart.</summary>
        public int Needed => File.Grid.Needed(Lines.Select(line => line.Assignment), File.KeptOut);

        /// <summary>Whether the reviews lie far apart and one more is awaited.</summary>
        public bool AwaitsThird => File.Grid.AwaitsThird(Lines.Select(line => line.Assignment), File.KeptOut);

        /// <summary>Whether one more would be more than the call wants.</summary>
        public bool MoreThanNeeded => Active >= Needed;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews/assign/{applicationId:guid}", Show)
            .ForRoles(Relation, Assigning);
        routes.MapPost("/reviews/assign/{applicationId:guid}", Handle)
            .ForRoles(Relation, Assigning);
    }

    static async Task<IResult> Show(Guid applicationId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, applicationId, caller, ct) is { } view ? Pages.Show<AssignEvaluatorPage>(new { View = view }) : Pages.NotFound();

    static Task<IResult> Handle(Guid applicationId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await LoadAsync(db, applicationId, caller, ct) is not { } view) return Pages.NotFound();
            var held = view.File.Case;
            if (!held.Allows(CaseAction.Assign, CaseActor.ProgrammeOfficer)) return Pages.Problem(StatusCodes.Status409Conflict, page.Text<AssignEvaluatorPage>("assign.closed"));

            var errors = new FieldErrors();
            var choice = view.Choices.FirstOrDefault(choice => string.Equals(choice.PersonId.ToString(), form["evaluator"], StringComparison.OrdinalIgnoreCase));
            if (choice is null) errors.Add("evaluator", page.Text<AssignEvaluatorPage>("assign.error.nobody"));
            else if (choice.Barred is { } bar) errors.Add("evaluator", page.Text<AssignEvaluatorPage>($"assign.error.{bar}", choice.Name, view.File.Place.Country));
            var reason = form["reason"];
            if (view.MoreThanNeeded && reason.Length == 0) errors.Add("reason", page.Text<AssignEvaluatorPage>("assign.error.reason", view.Needed));
            if (reason.Length > LongestReason) errors.Add("reason", page.Text<AssignEvaluatorPage>("assign.error.long", LongestReason));
            if (!errors.None)
                return Pages.Show<AssignEvaluatorPage>(new { View = view, Chosen = form["evaluator"], Reason = reason, Problems = errors }, StatusCodes.Status422UnprocessableEntity);

            Make(db, view, choice!.PersonId, caller.PersonId, clock.Now, reason);
            await db.SaveChangesAsync(ct);
            return Results.Redirect($"/reviews/assign/{applicationId}");
        });

    /// <summary>Assigns somebody who may be assigned; nothing is saved.</summary>
    internal static void Make(ReviewsDb db, View view, Guid evaluator, Guid assignedBy, DateTimeOffset now, string reason)
    {
        var held = view.File.Case;
        using var span = Tracing.Start("review assign", held.ApplicationId);
        var assignment = Assignment.Make(held.ApplicationId, view.File.Grid.Number, evaluator, assignedBy, now, reason);
        db.Assignments.Add(assignment);
        held.Do(CaseAction.Assign, CaseActor.ProgrammeOfficer);
        db.Audit(now, assignedBy, "review.assigned", assignment.Id, reason.Length == 0 ? null : reason);
        db.Publish(new ReviewsAssigned(held.ApplicationId, held.Version, now, held.CallId, assignment.Id, evaluator, assignedBy, assignment.Evaluation));
    }

    internal static async Task<View?> LoadAsync(ReviewsDb db, Guid applicationId, Caller caller, CancellationToken ct)
    {
        if (await CaseFile.LoadAsync(db, applicationId, ct) is not { } file || !file.Open(caller, Assigning)) return null;
        var assignments = await db.Assignments.Include(assignment => assignment.Scores).Where(assignment => assignment.ApplicationId == applicationId).OrderBy(assignment => assignment.AssignedAt).ToListAsync(ct);
        var grants = await db.EvaluatorGrants.AsNoTracking().Where(grant => !grant.Revoked).ToListAsync(ct);
        var inScope = grants.Where(grant => file.Place.IsIn(grant.Scope)).Select(grant => grant.PersonId).ToHashSet();
        var wanted = inScope.Union(assignments.Select(assignment => assignment.EvaluatorId)).ToList();
        var people = await db.People.AsNoTracking().Where(person => wanted.Contains(person.Id)).ToDictionaryAsync(person => person.Id, ct);
        var loads = await db.Assignments.AsNoTracking()
            .Where(assignment => assignment.State == AssignmentState.Assigned || assignment.State == AssignmentState.Declared || assignment.State == AssignmentState.Draft)
            .GroupBy(assignment => assignment.EvaluatorId).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        // Somebody whose name has not arrived cannot be chosen: the officer would not know whom.
        var choices = inScope.Where(id => people.TryGetValue(id, out var person) && person.Active)
            .Select(id => new Choice(id, people[id].Name, loads.GetValueOrDefault(id), BarOf(id), Reading.Reads(people[id].Language, file.Case.Language)))
            .OrderBy(choice => choice.Load).ThenBy(choice => choice.Name, StringComparer.Ordinal).ToList();
        var lines = assignments.Select(assignment => new Line(assignment, people.GetValueOrDefault(assignment.EvaluatorId)?.Name ?? assignment.EvaluatorId.ToString(), file.GridOf(assignment)))
            .ToList();
        var eligibility = await db.EligibilityOutcomes.AsNoTracking().SingleOrDefaultAsync(outcome => outcome.ApplicationId == applicationId, ct);
        return new View(file, eligibility?.Reason ?? "", lines, choices);

        Bar? BarOf(Guid id)
        {
            // Somebody may belong to both: as a reason to be kept out, the tie weighs more.
            if (file.Ties.Members.Contains(id)) return Bar.Tied;
            if (assignments.Find(assignment => assignment.EvaluatorId == id) is { } before)
            {
                return before.Evaluation != file.Grid.Number ? Bar.Earlier : before.State switch
                {
                    AssignmentState.Declined => Bar.Declined,
                    AssignmentState.Conflicted => Bar.Conflict,
                    _ => Bar.Assigned,
                };
            }

            if (file.Ties.Conflicted.Contains(id) || file.Ties.Recused.Contains(id)) return Bar.Conflict;
            return file.Grid.IsNational && !grants.Exists(grant => grant.PersonId == id && grant.Scope == $"country:{file.Place.Country}") ? Bar.OtherCountry : null;
        }
    }
}

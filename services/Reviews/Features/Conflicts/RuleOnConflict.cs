using Grants.Contracts.Calls;
using Grants.Contracts.Reviews;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Conflicts;

/// <summary>
/// The chair rules on declared conflicts. Upheld, the person's reviews of the organisation's applications end and scores already given count no longer;
/// dismissed, with a reason, the person may go on. Nobody rules on their own, and membership cannot be dismissed.
/// </summary>
public static class RuleOnConflict
{
    const int LongestReason = 1000;

    const string Relation = "chair with the call in scope, neither the declaring person nor tied to the organisation";

    /// <summary>A declared conflict with the name of who declared it.</summary>
    /// <param name="Declaration">The declaration.</param>
    /// <param name="Name">The person.</param>
    /// <param name="IsMember">Whether the person belongs to the organisation, or once did.</param>
    public sealed record Line(ConflictDeclaration Declaration, string Name, bool IsMember);

    /// <summary>What the page shows.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Definition">Its newest definition.</param>
    /// <param name="Lines">Conflicts the reader may rule on, or that were ruled on.</param>
    /// <param name="ForOthers">How many another chair has to rule on.</param>
    public sealed record View(Guid CallId, CallDefinition Definition, IReadOnlyList<Line> Lines, int ForOthers);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ranking/{callId:guid}/conflicts", Show).ForRoles(Relation, Role.Chair);
        routes.MapPost("/ranking/{callId:guid}/conflicts/{declarationId:guid}", Handle).ForRoles(Relation, Role.Chair);
    }

    /// <summary>Name of the field with the ruling.</summary>
    public static string RulingField(Guid declaration) => $"ruling-{declaration}";

    /// <summary>Name of the field with the reason.</summary>
    public static string ReasonField(Guid declaration) => $"reason-{declaration}";

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await LoadAsync(db, callId, caller, ct) is { } view ? Pages.Show<RuleOnConflictPage>(new { View = view }) : Pages.NotFound();

    static Task<IResult> Handle(Guid callId, Guid declarationId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await LoadAsync(db, callId, caller, ct) is not { } view || view.Lines.FirstOrDefault(line => line.Declaration.Id == declarationId) is not { } line) return Pages.NotFound();
            var (ruling, reason) = (form[RulingField(declarationId)], form[ReasonField(declarationId)]);
            var declaration = line.Declaration;
            var done = Results.Redirect($"/ranking/{callId}/conflicts");
            if (!declaration.Allows(DeclarationAction.Uphold, DeclarationActor.Chair))
            {
                var again = declaration.RuledBy == caller.PersonId && declaration.Ruling == reason; // the second click
                return again ? done : Pages.Problem(StatusCodes.Status409Conflict, page.Text<RuleOnConflictPage>("rule.late"));
            }

            var errors = new FieldErrors();
            if (ruling is not ("uphold" or "dismiss")) errors.Add(RulingField(declarationId), page.Text<RuleOnConflictPage>("rule.error.choose", line.Name));
            if (ruling == "dismiss" && line.IsMember)
                errors.Add(RulingField(declarationId), page.Text<RuleOnConflictPage>("rule.error.member", line.Name, declaration.PartyName));
            if (reason.Length == 0) errors.Add(ReasonField(declarationId), page.Text<RuleOnConflictPage>("rule.error.reason", line.Name));
            if (reason.Length > LongestReason) errors.Add(ReasonField(declarationId), page.Text<RuleOnConflictPage>("rule.error.long", LongestReason));
            if (!errors.None) return Pages.Show<RuleOnConflictPage>(new { View = view, Typed = form, Problems = errors }, StatusCodes.Status422UnprocessableEntity);

            declaration.Rule(ruling == "uphold", reason, caller.PersonId, clock.Now);
            db.Audit(clock.Now, caller.PersonId, ruling == "uphold" ? "conflict.upheld" : "conflict.dismissed", declaration.Id, reason);
            foreach (var (held, assignment, ties) in await ReviewsOfAsync(db, declaration, ct))
            {
                if (declaration.State == DeclarationState.Upheld) End(db, held, assignment, declaration, clock.Now, caller.PersonId);
                else await CountAgainAsync(db, held, assignment, ties, clock.Now, ct);
            }

            await db.SaveChangesAsync(ct);
            return done;
        });

    /// <summary>The person's reviews, open or sent, of the applications in which the organisation takes part. The ruling is not saved yet, so it does not count in the ties.</summary>
    static async Task<IReadOnlyList<(ReviewCase Case, Assignment Assignment, Ties Ties)>> ReviewsOfAsync(ReviewsDb db, ConflictDeclaration declaration, CancellationToken ct)
    {
        var mine = await db.Assignments.Include(assignment => assignment.Scores).Where(assignment => assignment.EvaluatorId == declaration.PersonId)
            .Join(db.Cases.Where(one => one.CallId == declaration.CallId), assignment => assignment.ApplicationId, one => one.ApplicationId, (assignment, one) => new { Assignment = assignment, Case = one })
            .ToListAsync(ct);
        var ties = await Ties.OfAsync(db, [.. mine.Select(one => one.Case)], ct);
        return
        [
            .. mine.Where(one => one.Assignment.HoldsPlace && ties[one.Case.ApplicationId].Parties.Any(party => party.Id == declaration.PartyId))
                .Select(one => (one.Case, one.Assignment, ties[one.Case.ApplicationId])),
        ];
    }

    /// <summary>The review ends, also one that was sent.</summary>
    static void End(ReviewsDb db, ReviewCase held, Assignment assignment, ConflictDeclaration declaration, DateTimeOffset now, Guid chair)
    {
        using var span = Tracing.Start("review conflict upheld", held.ApplicationId);
        assignment.DeclareConflict(AssignmentActor.Chair, declaration.Reason, now);
        db.Audit(now, chair, "review.conflict-upheld", assignment.Id);
        // After the decision there is nobody left to tell: the audit trail keeps it.
        if (!held.Allows(CaseAction.TakeConflict, CaseActor.Chair)) return;
        held.Do(CaseAction.TakeConflict, CaseActor.Chair);
        db.Publish(new ReviewSubmitted(held.ApplicationId, held.Version, now, held.CallId, assignment.Id, assignment.EvaluatorId, ConflictDeclared: true, assignment.Evaluation));
    }

    /// <summary>The review counts again; with those that came in meanwhile it may be enough, or lie far apart from them.</summary>
    static async Task CountAgainAsync(ReviewsDb db, ReviewCase held, Assignment assignment, Ties ties, DateTimeOffset now, CancellationToken ct)
    {
        if (assignment.State != AssignmentState.Submitted || assignment.Evaluation != held.Evaluation || held.State is not (CaseState.InReview or CaseState.Reviewed)) return;
        // Another conflict of the same person, with a partner, may still be open.
        var still = await db.ConflictDeclarations.AsNoTracking().Where(one => one.CallId == held.CallId && one.PersonId == assignment.EvaluatorId).ToListAsync(ct);
        var dismissed = db.ChangeTracker.Entries<ConflictDeclaration>().Where(entry => entry.Entity.State == DeclarationState.Dismissed).Select(entry => entry.Entity.Id).ToHashSet();
        if (still.Exists(one => one.KeepsOut && !dismissed.Contains(one.Id) && ties.Parties.Any(party => party.Id == one.PartyId))) return;
        if (await Definitions.FindAsync(db, held.CallId, held.CallVersion, ct) is not { } version) return;

        using var span = Tracing.Start("review counts again", held.ApplicationId);
        var keptOut = ties.Members.Concat(ties.Conflicted.Where(person => person != assignment.EvaluatorId)).Concat(ties.Left).ToHashSet();
        var grid = new Grid(version.Definition, held.Evaluation);
        var all = await db.Assignments.Include(one => one.Scores).Where(one => one.ApplicationId == held.ApplicationId).ToListAsync(ct);
        var goesOn = held.CountAgain(grid, all, keptOut);
        var third = grid.AwaitsThird(all, keptOut);
        // Whoever assigns is told when there is something to do.
        if (!goesOn && !third) return;
        if (third) held.Do(CaseAction.TakeReview, CaseActor.Chair);
        db.Publish(new ReviewSubmitted(held.ApplicationId, held.Version, now, held.CallId, assignment.Id, assignment.EvaluatorId, ConflictDeclared: false, assignment.Evaluation,
            goesOn ? held.Evaluation : null, ThirdNeeded: third));
    }

    static async Task<View?> LoadAsync(ReviewsDb db, Guid callId, Caller caller, CancellationToken ct)
    {
        if (await db.Calls.AsNoTracking().SingleOrDefaultAsync(one => one.Id == callId, ct) is not { NewestVersion: > 0 } call) return null;
        var definition = (await Definitions.FindAsync(db, callId, call.NewestVersion, ct))!.Value.Definition;
        if (!definition.Countries.Any(country => caller.Holds(new Place(call.Programme, callId, country), Role.Chair))) return null;

        var all = await db.ConflictDeclarations.Where(one => one.CallId == callId && one.State != DeclarationState.NoConflict).OrderBy(one => one.DeclaredAt).ToListAsync(ct);
        var inScope = all.Where(one => caller.Holds(new Place(call.Programme, callId, one.PartyCountry.Length == 0 ? null : one.PartyCountry), Role.Chair)).ToList();
        var parties = inScope.Select(one => one.PartyId).Distinct().ToList();
        var members = (await db.Members.AsNoTracking().Where(member => parties.Contains(member.OrganisationId)).ToListAsync(ct)).Select(member => (member.OrganisationId, member.PersonId)).ToHashSet();
        var people = inScope.Select(one => one.PersonId).Distinct().ToList();
        var names = await db.People.AsNoTracking().Where(person => people.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, ct);
        var tied = inScope.Where(one => one.PersonId == caller.PersonId && one.KeepsOut).Select(one => one.PartyId).ToHashSet();
        var lines = inScope.Where(one => one.PersonId != caller.PersonId && !tied.Contains(one.PartyId) && !members.Contains((one.PartyId, caller.PersonId)))
            .Select(one => new Line(one, names.GetValueOrDefault(one.PersonId, one.PersonId.ToString()), members.Contains((one.PartyId, one.PersonId)))).ToList();
        return new View(callId, definition, lines, inScope.Count(one => one.State == DeclarationState.Pending) - lines.Count(line => line.Declaration.State == DeclarationState.Pending));
    }
}

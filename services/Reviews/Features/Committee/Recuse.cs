using Grants.Contracts.Reviews;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Conflicts;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Committee;

/// <summary>
/// Somebody takes no part in an application because of a tie: members of the committee say so of themselves, the chair of anybody. From then on the person
/// sees nothing of it, counts for no quorum, and no score of theirs counts. A recommendation that was made already goes back to the committee.
/// </summary>
public static class Recuse
{
    const int LongestReason = 1000;

    const string Path = "/ranking/{callId:guid}/committee/recusal";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).ForRoles("call in scope", Role.CommitteeMember, Role.Chair);
        routes.MapPost(Path, Handle).ForRoles("call in scope, the person or the chair, application visible to them", Role.CommitteeMember, Role.Chair);
    }

    /// <summary>Whom the caller may recuse: the chair everybody who could take part, others themselves.</summary>
    public static IReadOnlyList<CommitteeView.Member> People(CommitteeView view, Caller caller) => view.IsChair(caller)
        ? [.. view.Members.Concat(view.Evaluators).Append(new(caller.PersonId, caller.Name)).DistinctBy(one => one.PersonId).OrderBy(one => one.Name, StringComparer.Ordinal)]
        : [new(caller.PersonId, caller.Name)];

    static async Task<IResult> Show(Guid callId, Caller caller, ReviewsDb db, CancellationToken ct) =>
        await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view || !view.IsMember(caller) ? Pages.NotFound()
            : view.Ranking.Undeclared ? DeclareConflicts.First(callId, $"/ranking/{callId}/committee/recusal")
            : Pages.Show<RecusePage>(new { View = view });

    static Task<IResult> Handle(Guid callId, Caller caller, ReviewsDb db, AppTime clock, PageContext page, PostedForm form, CancellationToken ct) =>
        Again.IfChangedAsync(db, async () =>
        {
            if (await CommitteeView.LoadAsync(db, callId, caller, ct) is not { } view || !view.IsMember(caller)) return Pages.NotFound();
            if (view.Ranking.Undeclared) return DeclareConflicts.First(callId, $"/ranking/{callId}/committee/recusal");
            var (application, person, reason) = (form["application"], form["person"], form["reason"]);
            var done = Results.Redirect($"/ranking/{callId}/committee");
            // The second click of somebody who recused themselves no longer sees the application.
            if (Guid.TryParse(application, out var id) && Guid.TryParse(person, out var who)
                && await db.Set<Recusal>().AnyAsync(recusal => recusal.CallId == callId && recusal.ApplicationId == id && recusal.PersonId == who, ct))
            {
                return done;
            }

            var row = view.Ranking.Rows.FirstOrDefault(row => row.Case.ApplicationId.ToString() == application);
            var chosen = People(view, caller).FirstOrDefault(one => one.PersonId.ToString() == person);
            var errors = new FieldErrors();
            if (row is null) errors.Add("application", page.Text<RecusePage>("recuse.error.application"));
            else if (row.IsDecided) errors.Add("application", page.Text<RecusePage>("recuse.error.decided"));
            if (chosen is null) errors.Add("person", page.Text<RecusePage>("recuse.error.person"));
            if (reason.Length == 0) errors.Add("reason", page.Text<RecusePage>("recuse.error.reason"));
            if (reason.Length > LongestReason) errors.Add("reason", page.Text<RecusePage>("recuse.error.long", LongestReason));
            if (!errors.None)
            {
                return Pages.Show<RecusePage>(
                    new { View = view, Application = application, Person = person, Reason = form.Raw("reason"), Problems = errors }, StatusCodes.Status422UnprocessableEntity);
            }

            var held = row!.Case;
            using var span = Tracing.Start("recusal record", held.ApplicationId);
            db.Add(new Recusal
            {
                ApplicationId = held.ApplicationId, PersonId = chosen!.PersonId, CallId = callId, Reason = reason, RecordedBy = caller.PersonId, RecordedAt = clock.Now,
            });
            db.Audit(clock.Now, caller.PersonId, "committee.recused", held.ApplicationId, reason);
            foreach (var assignment in await db.Assignments.Where(one => one.ApplicationId == held.ApplicationId && one.EvaluatorId == chosen.PersonId).ToListAsync(ct))
            {
                if (!assignment.IsOpen || !held.Allows(CaseAction.TakeConflict, CaseActor.System)) continue;
                assignment.DeclareConflict(AssignmentActor.System, reason, clock.Now);
                held.Do(CaseAction.TakeConflict, CaseActor.System);
                db.Publish(new ReviewSubmitted(
                    held.ApplicationId, held.Version, clock.Now, callId, assignment.Id, assignment.EvaluatorId, ConflictDeclared: true, assignment.Evaluation));
            }

            if (held.Allows(CaseAction.ReturnToCommittee, CaseActor.System)) held.Do(CaseAction.ReturnToCommittee, CaseActor.System);
            await db.SaveChangesAsync(ct);
            return done;
        });
}

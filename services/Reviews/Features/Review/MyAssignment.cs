using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>An assignment with its application. Only the evaluator who holds it ever gets one; everybody else finds nothing.</summary>
public sealed record MyAssignment(Assignment Assignment, CaseFile File)
{
    /// <summary>What the access rules of the routes say in words.</summary>
    public const string Relation = "own assignment, role in scope, declared and not tied to the application";

    public Guid Id => Assignment.Id;

    public ReviewCase Case => File.Case;

    /// <summary>The grid it is scored by.</summary>
    public Grid Grid => File.GridOf(Assignment);

    /// <summary>The applicant's name; null when the call hides it from evaluators.</summary>
    public string? Applicant => Grid.NamesApplicantTo(Role.Evaluator) ? Case.OrganisationName : null;

    /// <summary>True while reviews of this evaluation of the application still count.</summary>
    public bool EvaluationOpen => Case.State is CaseState.InReview or CaseState.Reviewed && Case.Evaluation == Assignment.Evaluation;

    /// <summary>True while points and comments may be given.</summary>
    public bool MayScore => EvaluationOpen && Assignment.Allows(AssignmentAction.Save);

    /// <summary>What was given for a criterion.</summary>
    public Score? Given(string criterionId) => Assignment.Scores.Find(score => string.Equals(score.CriterionId, criterionId, StringComparison.Ordinal));

    /// <summary>Whether the caller must declare about the organisations of the call before anything of it is shown.</summary>
    public bool MustDeclare(Caller caller) => File.Ties.MustDeclare(caller, File.Place, Role.Evaluator);

    /// <summary>The caller's own assignment with that id, or null. One whose organisations the caller has not declared about is found only when that is asked for.</summary>
    public static async Task<MyAssignment?> LoadAsync(ReviewsDb db, Guid assignmentId, Caller caller, CancellationToken ct, bool evenUndeclared = false)
    {
        var held = await db.Assignments.Include(assignment => assignment.Scores)
            .SingleOrDefaultAsync(assignment => assignment.Id == assignmentId && assignment.EvaluatorId == caller.PersonId, ct);
        if (held is null || await CaseFile.LoadAsync(db, held.ApplicationId, ct) is not { } file) return null;
        // The other click of a double click may have ended it after it was read and before the ties were.
        if (held.State != AssignmentState.Conflicted && file.Ties.Left.Contains(caller.PersonId)) await db.Entry(held).ReloadAsync(ct);
        var mine = new MyAssignment(held, file);
        return mine.IsFor(caller) && (evenUndeclared || !mine.MustDeclare(caller)) ? mine : null;
    }

    // Whoever left with a conflict may read that they did; of the application they see no more than before.
    bool IsFor(Caller caller)
    {
        var left = Assignment.State == AssignmentState.Conflicted && File.Ties.Left.Contains(caller.PersonId);
        return left
            ? caller.Holds(File.Place, Role.Evaluator) && File.Ties.Known && !File.Ties.Members.Contains(caller.PersonId) && !File.Ties.Conflicted.Contains(caller.PersonId)
            : File.Reaches(caller, Role.Evaluator);
    }
}

using Grants.Platform.Http;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>An assignment with its application. Only the evaluator who holds it ever gets one; everybody else finds nothing.</summary>
public sealed record MyAssignment(Assignment Assignment, CaseFile File)
{
    /// <summary>What the access rules of the routes say in words.</summary>
    public const string Relation = "own assignment, role in scope, no member of the applicant";

    public Guid Id => Assignment.Id;

    public ReviewCase Case => File.Case;

    /// <summary>The grid it is scored by.</summary>
    public Grid Grid => File.GridOf(Assignment);

    /// <summary>True while reviews of this evaluation of the application still count.</summary>
    public bool EvaluationOpen => Case.State is CaseState.InReview or CaseState.Reviewed && Case.Evaluation == Assignment.Evaluation;

    /// <summary>True while points and comments may be given.</summary>
    public bool MayScore => EvaluationOpen && Assignment.Allows(AssignmentAction.Save);

    /// <summary>What was given for a criterion.</summary>
    public Score? Given(string criterionId) => Assignment.Scores.Find(score => string.Equals(score.CriterionId, criterionId, StringComparison.Ordinal));

    /// <summary>The caller's own assignment with that id, or null.</summary>
    public static async Task<MyAssignment?> LoadAsync(ReviewsDb db, Guid assignmentId, Caller caller, CancellationToken ct)
    {
        var held = await db.Assignments.Include(assignment => assignment.Scores)
            .SingleOrDefaultAsync(assignment => assignment.Id == assignmentId && assignment.EvaluatorId == caller.PersonId, ct);
        if (held is null || await CaseFile.LoadAsync(db, held.ApplicationId, ct) is not { } file || !file.Open(caller, Role.Evaluator)) return null;
        return new MyAssignment(held, file);
    }
}

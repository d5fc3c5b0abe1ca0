using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Grants.Reviews.Features.Conflicts;
using Grants.Reviews.Features.Dossiers;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Review;

/// <summary>One assignment: the declaration first, then application and scores side by side, at the end what was sent.</summary>
public static class OpenReview
{
    /// <summary>Another evaluator's review.</summary>
    /// <param name="Review">The review.</param>
    /// <param name="Name">Whose it is; null when the call does not tell evaluators.</param>
    public sealed record Other(Assignment Review, string? Name);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews/{assignmentId:guid}", Show).ForRoles(MyAssignment.Relation, Role.Evaluator);
        routes.MapGet("/reviews/{assignmentId:guid}/documents/{sha256}", Download).ForRoles(MyAssignment.Relation, Role.Evaluator);
    }

    static async Task<IResult> Show(Guid assignmentId, Caller caller, ReviewsDb db, FileStore files, CancellationToken ct)
    {
        if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct, evenUndeclared: true) is not { } mine) return Pages.NotFound();
        if (mine.MustDeclare(caller)) return DeclareConflicts.First(mine.Case.CallId, $"/reviews/{assignmentId}");
        return mine.Assignment.State switch
        {
            AssignmentState.Assigned => Pages.Show<DeclarePage>(new { Mine = mine }),
            AssignmentState.Conflicted or AssignmentState.Declined or AssignmentState.Ended => Pages.Show<EndedPage>(new { Mine = mine }),
            AssignmentState.Submitted => Pages.Show<SentPage>(new { Mine = mine, Others = await OthersAsync(db, mine, ct) }),
            _ => Pages.Show<ScorePage>(new { Mine = mine, Papers = await Papers.ReadAsync(db, files, mine.Case, ct) }),
        };
    }

    /// <summary>The others' reviews, as far as the call lets evaluators see them; never before the own one was sent. They stand in an order that does not tell whose they are.</summary>
    static async Task<IReadOnlyList<Other>> OthersAsync(ReviewsDb db, MyAssignment mine, CancellationToken ct)
    {
        var all = await db.Assignments.AsNoTracking().Include(one => one.Scores).Where(one => one.ApplicationId == mine.Case.ApplicationId).ToListAsync(ct);
        var counting = mine.Grid.Counting(all, mine.File.KeptOut).ToList();
        var allIn = counting.Count >= mine.Grid.Needed(all, mine.File.KeptOut) && !all.Exists(one => one.Evaluation == mine.Assignment.Evaluation && one.IsOpen);
        // Evaluators are not at the meeting of the committee.
        var open = mine.Grid.PhasesOf(Role.Evaluator).Where(phase => phase.OthersScores == Sees.AfterOwn || phase.OthersScores == Sees.WhenAllIn && allIn).ToList();
        if (open.Count == 0) return [];

        var others = counting.Where(one => one.Id != mine.Id).OrderByDescending(one => one.TotalHundredths)
            .ThenBy(one => string.Join('\n', one.Scores.OrderBy(score => score.CriterionId, StringComparer.Ordinal).Select(score => score.Comment)), StringComparer.Ordinal).ToList();
        if (!open.Exists(phase => phase.EvaluatorNames)) return [.. others.Select(one => new Other(one, null))];
        var ids = others.Select(one => one.EvaluatorId).ToList();
        var names = await db.People.AsNoTracking().Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, ct);
        return [.. others.Select(one => new Other(one, names.GetValueOrDefault(one.EvaluatorId)))];
    }

    static async Task<IResult> Download(Guid assignmentId, string sha256, Caller caller, ReviewsDb db, FileStore files, PageContext page, CancellationToken ct)
    {
        if (await MyAssignment.LoadAsync(db, assignmentId, caller, ct) is not { Assignment.MayRead: true, Applicant: not null } mine) return Pages.NotFound();
        return await DossierReader.DownloadAsync(files, mine.Case, sha256, page, ct) ?? Pages.NotFound();
    }
}

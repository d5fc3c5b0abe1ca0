using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Decide;

/// <summary>What waits for the decision-maker's decision, and what was decided last.</summary>
public static class DecisionsToMake
{
    const int MostDecided = 20;

    /// <summary>A recommended application, or one that was decided.</summary>
    public sealed record Line(ReviewCase Case, Recommendation? Recommendation, Decision? Decision, bool RecordedByReader, CallDefinition Call);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/decisions", Show).ForRoles("calls in scope, no member of the applicant", Role.DecisionMaker, Role.Auditor);

    static async Task<IResult> Show(Caller caller, ReviewsDb db, CancellationToken ct)
    {
        var waiting = await db.Cases.AsNoTracking().Where(one => one.State == CaseState.Recommended).OrderBy(one => one.Reference).Select(one => one.ApplicationId).ToListAsync(ct);
        var decided = await db.Decisions.AsNoTracking().OrderByDescending(decision => decision.DecidedAt).Take(MostDecided).Select(decision => decision.ApplicationId).ToListAsync(ct);
        return Pages.Show<DecisionsPage>(new { Waiting = await LinesAsync(db, waiting, caller, ct), Decided = await LinesAsync(db, [.. decided.Distinct()], caller, ct) });
    }

    static async Task<IReadOnlyList<Line>> LinesAsync(ReviewsDb db, IReadOnlyList<Guid> applications, Caller caller, CancellationToken ct)
    {
        var lines = new List<Line>();
        foreach (var id in applications)
        {
            if (await CaseFile.LoadAsync(db, id, ct) is not { } file || !file.Open(caller, Role.DecisionMaker, Role.Auditor)) continue;
            var recommendation = await db.Recommendations.AsNoTracking().Where(one => one.ApplicationId == id).OrderByDescending(one => one.Number).FirstOrDefaultAsync(ct);
            var decision = await db.Decisions.AsNoTracking().Where(one => one.ApplicationId == id).OrderByDescending(one => one.Number).FirstOrDefaultAsync(ct);
            lines.Add(new Line(file.Case, recommendation, decision, (await Deciding.RecommendersAsync(db, id, ct)).Contains(caller.PersonId), file.Definition));
        }

        return lines;
    }
}

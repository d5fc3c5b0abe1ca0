using System.Collections.Concurrent;
using System.Text.Json;
using Grants.Contracts.Calls;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features;

/// <summary>What a handler must know of an application before it looks at anybody's rights.</summary>
/// <param name="Case">The case.</param>
/// <param name="Call">Its call.</param>
/// <param name="Definition">The definition that the dossier was made with.</param>
/// <param name="Place">Where roles must reach.</param>
/// <param name="Members">Everybody who acts for the applicant or once did, and who is recused: they are kept out, whatever their role, and no score of theirs counts.</param>
/// <param name="MembersKnown">False until the applicant's organisation has arrived: nobody can be told to be independent of it, so nobody acts.</param>
public sealed record CaseFile(ReviewCase Case, CallRecord Call, CallDefinition Definition, Place Place, IReadOnlySet<Guid> Members, bool MembersKnown)
{
    /// <summary>Evaluators who declared a conflict: they see how their own assignment ended, and nothing else of the application in whatever role.</summary>
    public IReadOnlySet<Guid> Conflicted { get; init; } = new HashSet<Guid>();

    /// <summary>Everybody who takes no part in the application: they count for no quorum.</summary>
    public IReadOnlySet<Guid> KeptOut => Members.Union(Conflicted).ToHashSet();

    /// <summary>The lot it is for.</summary>
    public Lot Lot => LotOf(Definition, Case);

    /// <summary>How the call decides.</summary>
    public DecisionStage Decision => Definition.Stages.First(stage => stage.Decision is not null).Decision!;

    /// <summary>The lot that an application is for; the first where the submission named none.</summary>
    public static Lot LotOf(CallDefinition definition, ReviewCase held) => definition.Lots.FirstOrDefault(lot => lot.Id == held.Lot) ?? definition.Lots[0];

    /// <summary>The grid of the evaluation that the case is at.</summary>
    public Grid Grid => new(Definition, Case.Evaluation);

    /// <summary>The grid that a review was made with.</summary>
    public Grid GridOf(Assignment assignment) => new(Definition, assignment.Evaluation);

    /// <summary>Whether the caller may act in one of the roles: in scope, and neither member of the applicant nor recused nor in conflict.</summary>
    public bool Open(Caller caller, params string[] roles) => caller.Holds(Place, roles) && MembersKnown && !Members.Contains(caller.PersonId)
        && (roles is [Role.Evaluator] || !Conflicted.Contains(caller.PersonId));

    /// <summary>Reads the file of an application and marks the request as being about it; null when there is none, or its call has not arrived yet.</summary>
    public static async Task<CaseFile?> LoadAsync(ReviewsDb db, Guid applicationId, CancellationToken ct)
    {
        Tracing.Mark(applicationId);
        if (await db.Cases.SingleOrDefaultAsync(one => one.ApplicationId == applicationId, ct) is not { } held) return null;
        if (await db.Calls.FindAsync([held.CallId], ct) is not { } call) return null;
        if (await Definitions.FindAsync(db, held.CallId, held.CallVersion, ct) is not { } version) return null;
        if (version.Sha256 != held.DefinitionSha256)
            throw new InvalidDataException($"Application {applicationId} was made with another definition of call {held.CallId} version {held.CallVersion} than the published one.");

        var organisation = await db.Organisations.Include(one => one.Members).AsNoTracking().SingleOrDefaultAsync(one => one.Id == held.OrganisationId, ct);
        var recused = await db.Set<Recusal>().AsNoTracking().Where(recusal => recusal.ApplicationId == applicationId).Select(recusal => recusal.PersonId).ToListAsync(ct);
        var conflicted = await db.Assignments.AsNoTracking().Where(one => one.ApplicationId == applicationId && one.State == AssignmentState.Conflicted)
            .Select(one => one.EvaluatorId).ToListAsync(ct);
        return new CaseFile(
            held, call, version.Definition, new Place(call.Programme, call.Id, organisation?.Country),
            organisation?.Members.Select(member => member.PersonId).Union(recused).ToHashSet() ?? [], organisation is not null) { Conflicted = conflicted.ToHashSet() };
    }
}

/// <summary>Reading published definitions.</summary>
static class Definitions
{
    // By hash: a definition never changes, so what was read once stays right.
    static readonly ConcurrentDictionary<string, CallDefinition> Read = new(StringComparer.Ordinal);

    /// <summary>A version of a call's definition, or null when it has not arrived.</summary>
    public static async Task<(CallDefinition Definition, string Sha256)?> FindAsync(ReviewsDb db, Guid callId, int version, CancellationToken ct)
    {
        var versions = db.CallVersions.AsNoTracking().Where(one => one.CallId == callId && one.Version == version);
        if (await versions.Select(one => one.Sha256).SingleOrDefaultAsync(ct) is not { } hash) return null;
        if (!Read.TryGetValue(hash, out var definition))
            Read[hash] = definition = JsonSerializer.Deserialize<CallDefinition>(await versions.Select(one => one.Definition).SingleAsync(ct), MessageJson.Options)!;
        return (definition, hash);
    }
}

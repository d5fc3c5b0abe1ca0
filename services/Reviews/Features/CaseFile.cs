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
/// <param name="Ties">Who is tied to it: they are kept out, whatever their role.</param>
public sealed record CaseFile(ReviewCase Case, CallRecord Call, CallDefinition Definition, Place Place, Ties Ties)
{
    /// <summary>The grid of the evaluation that the case is at.</summary>
    public Grid Grid => new(Definition, Case.Evaluation);

    /// <summary>Who is kept out, and whose scores never count.</summary>
    public IReadOnlySet<Guid> KeptOut => Ties.KeptOut;

    /// <summary>The lot it is for.</summary>
    public Lot Lot => LotOf(Definition, Case);

    /// <summary>How the call decides.</summary>
    public DecisionStage Decision => Definition.Stages.First(stage => stage.Decision is not null).Decision!;

    /// <summary>The lot that an application is for; the first where the submission named none.</summary>
    public static Lot LotOf(CallDefinition definition, ReviewCase held) => definition.Lots.FirstOrDefault(lot => lot.Id == held.Lot) ?? definition.Lots[0];

    /// <summary>The grid that a review was made with.</summary>
    public Grid GridOf(Assignment assignment) => new(Definition, assignment.Evaluation);

    /// <summary>Whether the caller is in scope with one of the roles and not tied to it: they may know of it, and read names.</summary>
    public bool Reaches(Caller caller, params string[] roles) => caller.Holds(Place, roles) && Ties.Known && !KeptOut.Contains(caller.PersonId);

    /// <summary>Whether the caller may act in one of the roles: in scope, not tied to it, and declared so where the role asks for that.</summary>
    public bool Open(Caller caller, params string[] roles) => Reaches(caller, roles) && !Ties.MustDeclare(caller, Place, roles);

    /// <summary>Reads the file of an application and marks the request as being about it; null when there is none, or its call has not arrived yet.</summary>
    public static async Task<CaseFile?> LoadAsync(ReviewsDb db, Guid applicationId, CancellationToken ct)
    {
        Tracing.Mark(applicationId);
        if (await db.Cases.SingleOrDefaultAsync(one => one.ApplicationId == applicationId, ct) is not { } held) return null;
        if (await db.Calls.FindAsync([held.CallId], ct) is not { } call) return null;
        if (await Definitions.FindAsync(db, held.CallId, held.CallVersion, ct) is not { } version) return null;
        if (version.Sha256 != held.DefinitionSha256)
            throw new InvalidDataException($"Application {applicationId} was made with another definition of call {held.CallId} version {held.CallVersion} than the published one.");

        var ties = (await Ties.OfAsync(db, [held], ct))[applicationId];
        return new CaseFile(held, call, version.Definition, new Place(call.Programme, call.Id, ties.Country), ties);
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

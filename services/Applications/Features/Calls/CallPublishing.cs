using System.Text;
using Grants.Applications.Domain;
using Grants.Applications.Features.Calls.Rules;
using Grants.Contracts.Applications;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Grants.Platform.Hosting;
using Grants.Platform.Localisation;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls;

/// <summary>Publishes versions of a call. A version is what was published, byte for byte; to change anything is to publish the next.</summary>
public static class CallPublishing
{
    /// <summary>Publishes a definition on behalf of the system and saves.</summary>
    /// <returns>The number of the version that says this.</returns>
    /// <exception cref="DefinitionRefusedException">The definition breaks a rule, or a promise that the version before it made.</exception>
    public static Task<int> Publish(ApplicationsDb db, CallDefinition definition, AppTime clock, CancellationToken ct = default) => Publish(db, definition, Guid.Empty, "", clock, ct);

    /// <summary>
    /// Publishes a definition and saves. The same definition again does nothing; another one with the same id becomes the next version.
    /// </summary>
    /// <returns>The number of the version that says this.</returns>
    /// <exception cref="DefinitionRefusedException">The definition breaks a rule, or a promise that the version before it made.</exception>
    public static async Task<int> Publish(ApplicationsDb db, CallDefinition definition, Guid publishedBy, string reason, AppTime clock, CancellationToken ct)
    {
        var problems = Definitions.Check(definition).Problems;
        if (problems.Count == 0) problems = await Refusals(db, definition, ct);
        if (problems.Count > 0) throw new DefinitionRefusedException(problems);

        _ = Dates.TryInstant(definition.OpensAt, definition.TimeZone, out var opensAt, out _);
        _ = Dates.TryInstant(definition.ClosesAt, definition.TimeZone, out var closesAt, out _);
        var bytes = CanonicalJson.Serialize(definition);
        var (json, hash) = (Encoding.UTF8.GetString(bytes), CanonicalJson.Sha256Hex(bytes));
        var call = await db.Calls.SingleOrDefaultAsync(found => found.Id == definition.Id, ct);
        if (call is not null)
        {
            var newest = await db.CallVersions.AsNoTracking().SingleAsync(found => found.CallId == call.Id && found.Number == call.DefinitionVersion, ct);
            if (newest.DefinitionSha256 == hash) return newest.Number;
        }
        else
        {
            call = new Call { Id = definition.Id, CloseDueAt = closesAt };
            db.Add(call);
            db.Add(new ReferenceCounter { CallId = call.Id });
        }

        var now = clock.Now;
        call.Version++;
        call.DefinitionVersion++;
        call.Programme = definition.Programme;
        call.ReferencePrefix = definition.ReferencePrefix;
        call.OpensAt = opensAt;
        call.ClosesAt = closesAt;
        if (call.CloseDueAt is not null) call.CloseDueAt = call.FirstInstantClosed;
        db.Add(new CallVersion { CallId = call.Id, Number = call.DefinitionVersion, Definition = json, DefinitionSha256 = hash, PublishedAt = now, PublishedBy = publishedBy, Reason = reason });
        db.Audit(now, publishedBy, "call.published", call.Id, reason.Length == 0 ? null : reason);
        db.Publish(new CallPublished(call.Id, call.Version, now, call.DefinitionVersion, json, hash));
        await db.SaveChangesAsync(ct);
        return call.DefinitionVersion;
    }

    /// <summary>What keeps a definition, which breaks no rule by itself, from becoming the next version of its call as that stands now; empty when nothing does.</summary>
    public static async Task<IReadOnlyList<DefinitionProblem>> Refusals(ApplicationsDb db, CallDefinition definition, CancellationToken ct)
    {
        var problems = new List<DefinitionProblem>();
        if (!EventBody.Fits(new CallPublished(definition.Id, 0, default, 0, Encoding.UTF8.GetString(CanonicalJson.Serialize(definition)), ""))) problems.Add(new("", "draft.tooLargeToSend"));
        if (await CallDefinitions.Newest(db, definition.Id, ct) is not { } newest) return problems;
        var isSealed = await db.Applications.AnyAsync(found => found.CallId == definition.Id && found.State != ApplicationState.Draft, ct);
        if (isSealed) problems.AddRange(Promises.Broken(newest.Definition, definition));
        // Other services keep books in it from the first version on.
        else if (newest.Definition.Currency != definition.Currency) problems.Add(new("/currency", "promise.changed", newest.Definition.Currency));
        if (newest.Call.CloseDueAt is null && Dates.TryInstant(definition.ClosesAt, definition.TimeZone, out var closesAt, out _) && closesAt != newest.Call.ClosesAt)
            problems.Add(new($"/stages/{definition.Stages.TakeWhile(stage => stage.Intake is null).Count()}/intake/closesAt", "promise.closing"));
        return problems;
    }
}

/// <summary>A definition cannot be published.</summary>
/// <param name="problems">Why not.</param>
public sealed class DefinitionRefusedException(IReadOnlyList<DefinitionProblem> problems)
    : ArgumentException(string.Join(" ", problems.Select(problem => $"{problem.Path}: {DefinitionSentences.InEnglish(problem)}")))
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<DefinitionProblem> Problems => problems;
}

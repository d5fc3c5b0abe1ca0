using System.Text;
using Grants.Applications.Domain;
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
    /// <exception cref="ArgumentException">The definition breaks a rule; the message lists which.</exception>
    public static Task<int> Publish(ApplicationsDb db, CallDefinition definition, AppTime clock, CancellationToken ct = default) => Publish(db, definition, Guid.Empty, "", clock, ct);

    /// <summary>
    /// Publishes a definition and saves. The same definition again does nothing; another one with the same id becomes the next version.
    /// </summary>
    /// <returns>The number of the version that says this.</returns>
    /// <exception cref="ArgumentException">The definition breaks a rule; the message lists which.</exception>
    public static async Task<int> Publish(ApplicationsDb db, CallDefinition definition, Guid publishedBy, string reason, AppTime clock, CancellationToken ct)
    {
        var problems = CallRules.Problems(definition).ToList();
        if (!Dates.TryInstant(definition.OpensAt, definition.TimeZone, out var opensAt, out var opening)) problems.Add($"The opening is not a moment: {opening}.");
        if (!Dates.TryInstant(definition.ClosesAt, definition.TimeZone, out var closesAt, out var closing)) problems.Add($"The closing is not a moment: {closing}.");
        if (problems.Count == 0 && closesAt <= opensAt) problems.Add("The call closes after it opens.");
        if (problems.Count == 0) problems.AddRange((await Refusals(db, definition, ct)).Select(refused => Sentences[refused.Code]));
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(definition));

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

    // For whoever writes definitions by hand, so in English; pages say the same in the reader's language.
    static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["event-size"] = "The definition is too large to be sent to the other services.",
        ["currency-changed"] = "The currency of a call never changes.",
        ["promises"] = "Grid and amounts cannot change once an application was submitted.",
        ["closing-announced"] = "The closing was announced: it cannot be moved any more.",
    };

    /// <summary>What keeps a definition, right in itself, from becoming the next version of its call as that stands now; empty when nothing does.</summary>
    public static async Task<IReadOnlyList<DefinitionProblem>> Refusals(ApplicationsDb db, CallDefinition definition, CancellationToken ct)
    {
        var problems = new List<DefinitionProblem>();
        if (!EventBody.Fits(new CallPublished(definition.Id, 0, default, 0, Encoding.UTF8.GetString(CanonicalJson.Serialize(definition)), ""))) problems.Add(new("", "event-size"));
        if (await CallDefinitions.Newest(db, definition.Id, ct) is not { } newest) return problems;
        // Other services keep books in it from the first version on.
        if (newest.Definition.Currency != definition.Currency) problems.Add(new("/currency", "currency-changed"));
        var isSealed = await db.Applications.AnyAsync(found => found.CallId == definition.Id && found.State != ApplicationState.Draft, ct);
        if (isSealed && !CallRules.KeepsPromises(newest.Definition, definition)) problems.Add(new("", "promises"));
        if (newest.Call.CloseDueAt is null && Dates.TryInstant(definition.ClosesAt, definition.TimeZone, out var closesAt, out _) && closesAt != newest.Call.ClosesAt)
            problems.Add(new($"/stages/{definition.Stages.ToList().FindIndex(stage => stage.Intake is not null)}/intake/closesAt", "closing-announced"));
        return problems;
    }
}

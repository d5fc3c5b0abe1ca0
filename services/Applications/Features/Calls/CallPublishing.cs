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
    /// <summary>
    /// Publishes a definition and saves. The same definition again does nothing; another one with the same id becomes the next version.
    /// </summary>
    /// <returns>The number of the version that says this.</returns>
    /// <exception cref="ArgumentException">The definition breaks a rule; the message lists which.</exception>
    public static async Task<int> Publish(ApplicationsDb db, CallDefinition definition, AppTime clock, CancellationToken ct = default)
    {
        var problems = CallRules.Problems(definition).ToList();
        if (!Dates.TryInstant(definition.OpensAt, definition.TimeZone, out var opensAt, out var opening)) problems.Add($"The opening is not a moment: {opening}.");
        if (!Dates.TryInstant(definition.ClosesAt, definition.TimeZone, out var closesAt, out var closing)) problems.Add($"The closing is not a moment: {closing}.");
        if (problems.Count == 0 && closesAt <= opensAt) problems.Add("The call closes after it opens.");
        if (problems.Count > 0) throw new ArgumentException(string.Join(" ", problems), nameof(definition));

        var bytes = CanonicalJson.Serialize(definition);
        var (json, hash) = (Encoding.UTF8.GetString(bytes), CanonicalJson.Sha256Hex(bytes));
        var call = await db.Calls.SingleOrDefaultAsync(found => found.Id == definition.Id, ct);
        if (call is not null)
        {
            var newest = await db.CallVersions.AsNoTracking().SingleAsync(found => found.CallId == call.Id && found.Number == call.DefinitionVersion, ct);
            if (newest.DefinitionSha256 == hash) return newest.Number;
            // Other services keep books in it from the first version on.
            if (CallDefinitions.Of(newest).Currency != definition.Currency) throw new ArgumentException("The currency of a call never changes.", nameof(definition));
            var isSealed = await db.Applications.AnyAsync(found => found.CallId == call.Id && found.State != ApplicationState.Draft, ct);
            if (isSealed && !CallRules.KeepsPromises(CallDefinitions.Of(newest), definition))
                throw new ArgumentException("Grid and amounts cannot change once an application was submitted.", nameof(definition));
            if (call.CloseDueAt is null && call.ClosesAt != closesAt)
                throw new ArgumentException("The closing was announced: it cannot be moved any more.", nameof(definition));
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
        db.Add(new CallVersion { CallId = call.Id, Number = call.DefinitionVersion, Definition = json, DefinitionSha256 = hash, PublishedAt = now });
        db.Audit(now, Guid.Empty, "call.published", call.Id);
        db.Publish(new CallPublished(call.Id, call.Version, now, call.DefinitionVersion, json, hash));
        await db.SaveChangesAsync(ct);
        return call.DefinitionVersion;
    }
}

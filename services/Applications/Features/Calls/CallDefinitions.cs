using System.Collections.Concurrent;
using System.Text;
using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform.Files;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls;

/// <summary>Reading definitions back from their canonical JSON.</summary>
public static class CallDefinitions
{
    // A published version never changes, so what was read once need not be read again; there are as many as there are versions.
    static readonly ConcurrentDictionary<string, CallDefinition> Known = new();

    /// <summary>A version's definition.</summary>
    public static CallDefinition Of(CallVersion version) =>
        Known.GetOrAdd(version.DefinitionSha256, _ => CanonicalJson.Deserialize<CallDefinition>(Encoding.UTF8.GetBytes(version.Definition)));

    /// <summary>A call with its newest version; null when there is none.</summary>
    public static async Task<CallNow?> Newest(ApplicationsDb db, Guid callId, CancellationToken ct)
    {
        var call = await db.Calls.AsNoTracking().SingleOrDefaultAsync(found => found.Id == callId, ct);
        return call is null ? null : await Of(db, call, call.DefinitionVersion, ct);
    }

    /// <summary>A call with one of its versions.</summary>
    public static async Task<CallNow> Of(ApplicationsDb db, Call call, int number, CancellationToken ct)
    {
        var version = await db.CallVersions.AsNoTracking().SingleAsync(found => found.CallId == call.Id && found.Number == number, ct);
        return new CallNow(call, version, Of(version));
    }

    /// <summary>All calls with their newest versions.</summary>
    public static async Task<IReadOnlyList<CallNow>> All(ApplicationsDb db, CancellationToken ct)
    {
        var rows = await db.Calls.AsNoTracking()
            .Join(db.CallVersions.AsNoTracking(), call => new { CallId = call.Id, Number = call.DefinitionVersion }, version => new { version.CallId, version.Number },
                (call, version) => new { Call = call, Version = version })
            .ToListAsync(ct);
        return [.. rows.Select(row => new CallNow(row.Call, row.Version, Of(row.Version)))];
    }
}

/// <summary>A call, a version of it and what that version says.</summary>
/// <param name="Call">The call.</param>
/// <param name="Version">The version.</param>
/// <param name="Definition">What it says.</param>
public sealed record CallNow(Call Call, CallVersion Version, CallDefinition Definition);

using System.Text.Json;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Intake;

/// <summary>Reading the copies of call definitions.</summary>
public static class CallDefinitions
{
    /// <summary>The definition, or null when the text is none: callers fail closed.</summary>
    public static CallDefinition? Read(string? json)
    {
        if (json is null) return null;
        try
        {
            return JsonSerializer.Deserialize<CallDefinition>(json, CanonicalJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The newest version of a call that arrived.</summary>
    public static Task<CallVersion?> NewestCallAsync(this DisbursementsDb db, Guid callId, CancellationToken ct) =>
        db.CallVersions.AsNoTracking().Where(call => call.CallId == callId).OrderByDescending(call => call.Version).FirstOrDefaultAsync(ct);

    /// <summary>The newest version of each call.</summary>
    public static async Task<IReadOnlyDictionary<Guid, CallVersion>> NewestCallsAsync(this DisbursementsDb db, CancellationToken ct) =>
        (await db.CallVersions.AsNoTracking().ToListAsync(ct)).GroupBy(call => call.CallId)
            .ToDictionary(group => group.Key, group => group.MaxBy(call => call.Version)!);

    /// <summary>Where something of this call belongs, for the scopes of roles.</summary>
    public static Place Place(this CallVersion call, string? country = null) => new(call.Programme, call.CallId, string.IsNullOrEmpty(country) ? null : country);
}

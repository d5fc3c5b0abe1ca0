using Grants.Applications.Domain;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Who reads and who writes definitions: programme officers within their scope write, administrators read.</summary>
static class DraftAccess
{
    /// <summary>Who writes.</summary>
    public static readonly string[] Writers = [Role.ProgrammeOfficer];

    /// <summary>Who reads.</summary>
    public static readonly string[] Readers = [Role.ProgrammeOfficer, Role.Administrator];

    /// <summary>Whether the caller may make calls of a programme. A role for one call alone does not reach it.</summary>
    public static bool MayWriteIn(Caller caller, string programme) => programme.Length > 0 && caller.Holds(new Place(programme, Guid.Empty), Writers);

    /// <summary>The call's draft, if there is one and the caller holds one of the roles where it belongs.</summary>
    public static async Task<CallDraft?> Draft(ApplicationsDb db, Guid callId, Caller caller, string[] roles, CancellationToken ct) =>
        await db.CallDrafts.SingleOrDefaultAsync(draft => draft.CallId == callId, ct) is { } draft && caller.Holds(new Place(draft.Programme, callId), roles) ? draft : null;

    /// <summary>The call with its newest version, if the caller holds one of the roles where it belongs.</summary>
    public static async Task<CallNow?> Published(ApplicationsDb db, Guid callId, Caller caller, string[] roles, CancellationToken ct) =>
        await CallDefinitions.Newest(db, callId, ct) is { } call && caller.Holds(StaffApplications.PlaceOf(call.Call), roles) ? call : null;

    /// <summary>The programmes the caller's roles name, and with a role for everything those that there are.</summary>
    public static async Task<IReadOnlyList<string>> Programmes(ApplicationsDb db, Caller caller, CancellationToken ct)
    {
        const string prefix = "programme:";
        var named = caller.Roles.Where(held => Writers.Contains(held.Role) && held.Scope.StartsWith(prefix, StringComparison.Ordinal)).Select(held => held.Scope[prefix.Length..]);
        var known = caller.HoldsEverywhere(Role.ProgrammeOfficer) ? await db.Calls.Select(call => call.Programme).Distinct().ToListAsync(ct) : [];
        return [.. named.Concat(known).Distinct().Order(StringComparer.Ordinal)];
    }
}

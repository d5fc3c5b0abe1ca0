using Grants.Applications.Features.Calls;
using Grants.Platform.Http;

namespace Grants.Applications.Features.Check;

/// <summary>What of a call's desk somebody sees: all of it, the applications from some countries, or nothing.</summary>
/// <param name="All">Everything.</param>
/// <param name="Countries">Countries seen when not everything is.</param>
public sealed record DeskScope(bool All, IReadOnlyList<string> Countries)
{
    /// <summary>Whether anything is seen.</summary>
    public bool Any => All || Countries.Count > 0;

    /// <summary>The scope of a caller.</summary>
    public static DeskScope Of(Caller caller, CallNow call) => caller.Holds(StaffApplications.PlaceOf(call.Call), StaffApplications.Readers)
        ? new DeskScope(true, [])
        : new DeskScope(false, [.. call.Definition.Countries.Where(country => caller.Holds(StaffApplications.PlaceOf(call.Call, country), StaffApplications.Readers))]);
}

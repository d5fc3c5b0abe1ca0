using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features;

/// <summary>Reading submitted applications as staff. A draft is nobody's but its organisation's.</summary>
public static class StaffApplications
{
    /// <summary>Who reads a call's desk and the dossiers.</summary>
    public static readonly string[] Readers = [Role.ProgrammeOfficer, Role.NationalCoordinator, Role.Auditor];

    /// <summary>Who follows an application's timeline besides.</summary>
    public static readonly string[] Followers =
        [.. Readers, Role.CommitteeMember, Role.Chair, Role.DecisionMaker, Role.FinanceOfficer];

    /// <summary>The application with its call, if it was submitted and the caller holds one of the roles where it belongs.</summary>
    public static async Task<(Application Application, CallNow Call)?> Of(ApplicationsDb db, Guid applicationId, Caller caller, string[] roles, CancellationToken ct)
    {
        var application = await db.Applications.SingleOrDefaultAsync(found => found.Id == applicationId && found.State != ApplicationState.Draft, ct);
        if (application is null) return null;
        var call = await db.Calls.AsNoTracking().SingleAsync(found => found.Id == application.CallId, ct);
        return caller.Holds(PlaceOf(call, application.Country), roles) ? (application, await CallDefinitions.Of(db, call, application.CallVersion, ct)) : null;
    }

    /// <summary>Where an application belongs.</summary>
    public static Place PlaceOf(Call call, string? country = null) => new(call.Programme, call.Id, country);
}

using Grants.Applications.Domain;
using Grants.Applications.Features.Calls;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Apply;

/// <summary>Reading drafts: only for members of the organisation.</summary>
public static class Drafts
{
    /// <summary>The application with all it is made of, if the caller acts for its organisation, draft or not; or types it in from paper.</summary>
    public static async Task<Draft?> Of(ApplicationsDb db, Guid applicationId, Caller caller, CancellationToken ct)
    {
        var application = await db.Applications.SingleOrDefaultAsync(found => found.Id == applicationId, ct);
        if (application is null) return null;
        var organisation = await db.Organisations.AsNoTracking().Include(found => found.Members).SingleAsync(found => found.Id == application.OrganisationId, ct);
        var call = await db.Calls.AsNoTracking().SingleAsync(found => found.Id == application.CallId, ct);
        // What an officer types in from paper is the officers' until it is sealed, and the organisation's from then on.
        var isTyped = application.State == ApplicationState.Draft && await db.RegisteredArrivals.AnyAsync(arrival => arrival.ApplicationId == applicationId, ct);
        if (organisation.HasMember(caller.PersonId) ? isTyped : !isTyped || !caller.Holds(StaffApplications.PlaceOf(call, application.Country), Role.ProgrammeOfficer)) return null;
        var (_, version, definition) = await CallDefinitions.Of(db, call, application.State == ApplicationState.Draft ? call.DefinitionVersion : application.CallVersion, ct);
        var fields = await db.DraftFields.AsNoTracking().Where(field => field.ApplicationId == applicationId).ToListAsync(ct);
        var documents = await db.DraftDocuments.AsNoTracking().Where(file => file.ApplicationId == applicationId).ToListAsync(ct);
        return new Draft(application, organisation, call, version, definition, fields, documents);
    }

    /// <summary>
    /// Begins a change of a draft inside a transaction: whoever else saves or submits this application waits until it ends. False when it was submitted meanwhile.
    /// </summary>
    public static async Task<bool> Touch(ApplicationsDb db, Draft draft, DateTimeOffset at, CancellationToken ct) =>
        await db.Applications.Where(found => found.Id == draft.Application.Id && found.State == ApplicationState.Draft).ExecuteUpdateAsync(
            set => set.SetProperty(found => found.DraftRevision, found => found.DraftRevision + 1).SetProperty(found => found.SavedAt, at)
                .SetProperty(found => found.CallVersion, draft.CallVersion.Number), ct) == 1;

    /// <summary>Days left as people count them: whole days until the closing, in the call's zone.</summary>
    public static int DaysLeft(Draft draft, DateTimeOffset now) =>
        DateOnly.FromDateTime(Platform.Localisation.Dates.In(draft.Call.ClosesAt, draft.Definition.TimeZone)).DayNumber
        - DateOnly.FromDateTime(Platform.Localisation.Dates.In(now, draft.Definition.TimeZone)).DayNumber;
}

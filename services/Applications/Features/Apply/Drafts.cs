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
        var (_, version, definition) = await CallDefinitions.Of(db, call, application.IsBeingWritten ? call.DefinitionVersion : application.CallVersion, ct);
        var fields = await db.DraftFields.AsNoTracking().Where(field => field.ApplicationId == application.RowsId).ToListAsync(ct);
        var documents = await db.DraftDocuments.AsNoTracking().Where(file => file.ApplicationId == application.RowsId).ToListAsync(ct);
        return new Draft(application, organisation, call, version, definition, fields, documents)
        {
            Rows = await db.BudgetRows.AsNoTracking().Where(row => row.ApplicationId == application.RowsId).ToListAsync(ct),
            Partners = Partner.InOrder(await db.Partners.AsNoTracking().Where(partner => partner.ApplicationId == application.RowsId).ToListAsync(ct)),
        };
    }

    /// <summary>
    /// Begins a change of what is written inside a transaction: whoever else saves or submits this application waits until it ends. False when it was submitted meanwhile.
    /// </summary>
    public static async Task<bool> Touch(ApplicationsDb db, Draft draft, DateTimeOffset at, CancellationToken ct)
    {
        var (id, state, copy) = (draft.Application.Id, draft.Application.State, draft.Application.CopyId);
        if (!draft.Application.IsBeingWritten) return false;
        // While a copy is written the version is still that of the dossier it would replace.
        var version = state == ApplicationState.Draft ? draft.CallVersion.Number : draft.Application.CallVersion;
        return await db.Applications.Where(found => found.Id == id && found.State == state && found.CopyId == copy).ExecuteUpdateAsync(
            set => set.SetProperty(found => found.DraftRevision, found => found.DraftRevision + 1).SetProperty(found => found.SavedAt, at)
                .SetProperty(found => found.CallVersion, version), ct) == 1;
    }

    /// <summary>Days left as people count them: whole days until the closing, in the call's zone.</summary>
    public static int DaysLeft(Draft draft, DateTimeOffset now) =>
        DateOnly.FromDateTime(Platform.Localisation.Dates.In(draft.Call.ClosesAt, draft.Definition.TimeZone)).DayNumber
        - DateOnly.FromDateTime(Platform.Localisation.Dates.In(now, draft.Definition.TimeZone)).DayNumber;
}

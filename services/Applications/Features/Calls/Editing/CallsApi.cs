using System.Text;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>Published calls as JSON.</summary>
public static class CallsApi
{
    // Notes are for staff: others get the definition without them.
    static readonly string[] Staff = [.. StaffApplications.Followers, Role.Evaluator, Role.Administrator];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/calls", List).Public();
        routes.MapGet("/api/calls/{callId:guid}", Newest).Public();
        routes.MapGet("/api/calls/{callId:guid}/versions", Versions).Public();
        routes.MapGet("/api/calls/{callId:guid}/versions/{number:int}", Version).Public();
        routes.MapPut("/api/calls/{callId:guid}/versions/{number:int}", Refuse).ForRoles("nobody: a published version never changes", DraftAccess.Writers);
    }

    static async Task<IResult> List(ApplicationsDb db, CancellationToken ct) => Results.Ok((await CallDefinitions.All(db, ct)).OrderBy(call => call.Call.OpensAt).Select(call => new
    {
        id = call.Call.Id,
        version = call.Version.Number,
        sha256 = call.Version.DefinitionSha256,
        programme = call.Call.Programme,
        referencePrefix = call.Call.ReferencePrefix,
        title = call.Definition.Title,
        opensAt = call.Call.OpensAt,
        closesAt = call.Call.ClosesAt,
    }));

    static async Task<IResult> Newest(Guid callId, Caller caller, ApplicationsDb db, CancellationToken ct) =>
        await CallDefinitions.Newest(db, callId, ct) is { } call ? Answer(call, caller) : Pages.NotFound();

    static async Task<IResult> Versions(Guid callId, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await CallDefinitions.Newest(db, callId, ct) is not { } call) return Pages.NotFound();
        var staff = caller.Holds(StaffApplications.PlaceOf(call.Call), Staff);
        var versions = await db.CallVersions.AsNoTracking().Where(version => version.CallId == callId).OrderBy(version => version.Number).ToListAsync(ct);
        return Results.Ok(versions.Select(version => new
        {
            number = version.Number,
            sha256 = version.DefinitionSha256,
            publishedAt = version.PublishedAt,
            publishedBy = staff && version.PublishedBy != Guid.Empty ? version.PublishedBy : (Guid?)null,
            reason = staff ? version.Reason : null,
        }));
    }

    static async Task<IResult> Version(Guid callId, int number, Caller caller, ApplicationsDb db, CancellationToken ct) =>
        await Find(db, callId, number, ct) is { } call ? Answer(call, caller) : Pages.NotFound();

    static async Task<IResult> Refuse(Guid callId, int number, Caller caller, ApplicationsDb db, PageContext page, CancellationToken ct) =>
        await Find(db, callId, number, ct) is { } call && caller.Holds(StaffApplications.PlaceOf(call.Call), DraftAccess.Writers)
            ? DraftsApi.Problem(StatusCodes.Status409Conflict, page.Text(typeof(CallsApi), "api.immutable", number))
            : Pages.NotFound();

    static async Task<CallNow?> Find(ApplicationsDb db, Guid callId, int number, CancellationToken ct)
    {
        var call = await db.Calls.AsNoTracking().SingleOrDefaultAsync(found => found.Id == callId, ct);
        return call is null || number < 1 || number > call.DefinitionVersion ? null : await CallDefinitions.Of(db, call, number, ct);
    }

    // The tag is the hash of exactly these bytes; for staff it is the one that stands in events and dossiers.
    static IResult Answer(CallNow call, Caller caller)
    {
        var bytes = call.Definition.Notes.Count == 0 || caller.Holds(StaffApplications.PlaceOf(call.Call), Staff)
            ? Encoding.UTF8.GetBytes(call.Version.Definition)
            : CanonicalJson.Serialize(call.Definition with { Notes = [] });
        return Results.Bytes(bytes, "application/json", entityTag: new EntityTagHeaderValue($"\"{CanonicalJson.Sha256Hex(bytes)}\""));
    }
}

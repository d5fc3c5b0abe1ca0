using System.Globalization;
using Grants.Applications.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Features.Calls.Editing;

/// <summary>The versions of a call, and what changed from one to another.</summary>
public static class ListVersions
{
    const string OfDraft = "draft";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/desk/calls/{callId:guid}/versions", Handle).ForRoles("the call is in the scope of the role", DraftAccess.Readers);

    static async Task<IResult> Handle(Guid callId, int? from, string? to, Caller caller, ApplicationsDb db, CancellationToken ct)
    {
        if (await DraftAccess.Published(db, callId, caller, DraftAccess.Readers, ct) is not { } call) return Pages.NotFound();
        var versions = await db.CallVersions.AsNoTracking().Where(version => version.CallId == callId).OrderByDescending(version => version.Number).ToListAsync(ct);
        var draft = await DraftAccess.Draft(db, callId, caller, DraftAccess.Readers, ct);
        var number = int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var named) ? named : 0;
        var newer = to == OfDraft ? draft?.Text : versions.Find(version => version.Number == number) is { } wanted ? DraftText.Write(CallDefinitions.Of(wanted)) : null;
        var older = versions.Find(version => version.Number == (from ?? (to == OfDraft ? call.Version.Number : number - 1)));
        var people = versions.Select(version => version.PublishedBy).Distinct().ToList();
        return Pages.Show<ListVersionsPage>(new
        {
            Found = call,
            Versions = versions,
            Draft = draft,
            Names = await db.People.AsNoTracking().Where(person => people.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, ct),
            MayAmend = caller.Holds(StaffApplications.PlaceOf(call.Call), DraftAccess.Writers),
            Compared = newer is null || older is null ? null : new ComparedVersions(older.Number, to == OfDraft ? null : number, Changes(older, newer)),
        });
    }

    /// <summary>What changes from a version to a text; null when the text cannot be read as JSON.</summary>
    internal static IReadOnlyList<DefinitionChange>? Changes(CallVersion version, string text) =>
        DraftText.Read(text) is { } newer ? DefinitionChanges.Between(DraftText.Read(DraftText.Write(CallDefinitions.Of(version))), newer) : null;
}

/// <summary>A comparison.</summary>
/// <param name="From">Number of the older version.</param>
/// <param name="To">Number of the newer; null for the draft.</param>
/// <param name="Changes">What differs; null when the draft is no JSON.</param>
public sealed record ComparedVersions(int From, int? To, IReadOnlyList<DefinitionChange>? Changes);

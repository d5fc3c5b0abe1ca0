using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Features.Overview;

/// <summary>My organisations' grants, and for staff all grants in scope.</summary>
public static class ListGrants
{
    const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/grants", Handle).SignedIn("lists only what the caller may see");

    /// <summary>One line.</summary>
    public sealed record Line(Grant Grant, bool Mine);

    static async Task<IResult> Handle(Caller caller, DisbursementsDb db, string? after, CancellationToken ct)
    {
        var mine = await db.OrganisationPeople.AsNoTracking().Where(person => person.PersonId == caller.PersonId && person.Active).Select(person => person.OrganisationId).ToListAsync(ct);
        var told = (await db.AwardLetters.AsNoTracking().Select(letter => letter.ApplicationId).ToListAsync(ct)).ToHashSet();
        var countries = await db.Organisations.AsNoTracking().ToDictionaryAsync(organisation => organisation.Id, organisation => organisation.Country, ct);
        var calls = await db.NewestCallsAsync(ct);
        var lines = new List<Line>();
        foreach (var grant in await db.AwardedGrants.AsNoTracking().OrderBy(grant => grant.Reference).ToListAsync(ct))
        {
            var isMine = mine.Contains(grant.OrganisationId) && told.Contains(grant.ApplicationId);
            var place = calls[grant.CallId].Place(countries.GetValueOrDefault(grant.OrganisationId));
            if (isMine || caller.Holds(place, GrantSeen.StaffRoles)) lines.Add(new Line(grant, isMine));
        }

        var page = lines.Where(line => after is null || string.CompareOrdinal(line.Grant.Reference, after) > 0).Take(PageSize + 1).ToList();
        var next = page.Count > PageSize ? page[PageSize - 1].Grant.Reference : null;
        return Pages.Show<GrantListPage>(new { Lines = page.Take(PageSize).ToList(), Next = next, IsStaff = caller.HoldsAny(GrantSeen.StaffRoles) });
    }
}

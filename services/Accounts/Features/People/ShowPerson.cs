using Grants.Accounts.Domain;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>One person: roles held and taken back, with reasons, and what an administrator can do.</summary>
static class ShowPerson
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/people/{personId:guid}", Handle).ForRoles("administrator everywhere", Role.Administrator);

    static Task<IResult> Handle(Guid personId, HttpRequest request, Caller caller, AccountsDb db, CancellationToken ct) =>
        PageAsync(personId, caller, db, ct, saved: request.Query["saved"].ToString());

    /// <summary>The page, with what was typed into its form when something was wrong with it.</summary>
    public static async Task<IResult> PageAsync(
        Guid personId, Caller caller, AccountsDb db, CancellationToken ct, RoleInput? typed = null, FieldErrors? errors = null, string saved = "")
    {
        if (!Administrators.IsOne(caller) || await db.People.AsNoTracking().FirstOrDefaultAsync(found => found.Id == personId, ct) is not { } person) return Pages.NotFound();
        var grants = await db.RoleGrants.AsNoTracking().Where(grant => grant.PersonId == personId).OrderBy(grant => grant.GrantedAt).ToListAsync(ct);
        var deciders = grants.Select(grant => grant.GrantedBy).Concat(grants.Select(grant => grant.RevokedBy ?? Guid.Empty)).Distinct().ToList();
        var names = await db.People.AsNoTracking().Where(found => deciders.Contains(found.Id)).ToDictionaryAsync(found => found.Id, found => found.Name, ct);
        return Pages.Show<ShowPersonPage>(
            new
            {
                Person = person,
                Grants = (IReadOnlyList<RoleGrant>)grants,
                Names = (IReadOnlyDictionary<Guid, string>)names,
                Typed = typed ?? new RoleInput("", RoleScope.Everywhere, "", ""),
                Errors = errors,
                Saved = saved,
                Self = person.Id == caller.PersonId,
            },
            errors is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

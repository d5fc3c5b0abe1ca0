using System.Globalization;
using System.Text;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Features.People;

/// <summary>The people of this installation, for administrators; searched without regard to case and diacritics.</summary>
static class ListPeople
{
    const int Most = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/people", Handle).ForRoles("administrator everywhere", Role.Administrator);

    static async Task<IResult> Handle(HttpRequest request, Caller caller, PageContext page, AccountsDb db, CancellationToken ct)
    {
        if (!Administrators.IsOne(caller)) return Pages.NotFound();
        var search = PostedForm.Clean(request.Query["search"].ToString()).Trim();
        // Names are folded here and not in the database, which folds differently on each provider; an installation has some thousands of people.
        var rows = await db.People.AsNoTracking().Select(person => new PersonRow(person.Id, person.Name, person.Email!, person.Active, person.PasswordHash != null)).ToListAsync(ct);
        var wanted = Fold(search);
        var found = rows.Where(row => wanted == "" || Fold(row.Name).Contains(wanted, StringComparison.Ordinal) || Fold(row.Email).Contains(wanted, StringComparison.Ordinal))
            .OrderBy(row => row.Name, StringComparer.Create(page.Culture, ignoreCase: true)).ThenBy(row => row.Email, StringComparer.Ordinal).ToList();
        var shown = found.Take(Most).ToList();
        var ids = shown.Select(row => row.Id).ToList();
        var roles = (await db.RoleGrants.AsNoTracking().Where(grant => ids.Contains(grant.PersonId) && grant.RevokedAt == null).OrderBy(grant => grant.GrantedAt).ToListAsync(ct))
            .ToLookup(grant => grant.PersonId);
        return Pages.Show<ListPeoplePage>(new { Search = search, Rows = (IReadOnlyList<PersonRow>)shown, More = found.Count - shown.Count, Roles = roles });
    }

    static string Fold(string text) => string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark))
        .Replace('đ', 'd').Replace('Đ', 'd').ToLowerInvariant();
}

/// <summary>Who may administer people.</summary>
static class Administrators
{
    /// <summary>Only an administrator of everything: one of a programme could otherwise give themselves the rest.</summary>
    public static bool IsOne(Caller caller) => caller.HoldsEverywhere(Role.Administrator);
}

/// <summary>A line of the list.</summary>
public sealed record PersonRow(Guid Id, string Name, string Email, bool Active, bool HasPassword);

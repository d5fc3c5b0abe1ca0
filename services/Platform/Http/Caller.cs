using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Http;

/// <summary>The person behind a request, as the token says. Bind it as a parameter of a handler; anonymous callers have <see cref="IsSignedIn"/> false.</summary>
/// <param name="PersonId">The person; empty when anonymous.</param>
/// <param name="Name">Name as the person writes it.</param>
/// <param name="Language">Language from the profile; empty when anonymous.</param>
/// <param name="Roles">Platform roles held.</param>
public sealed record Caller(Guid PersonId, string Name, string Language, IReadOnlyList<HeldRole> Roles)
{
    /// <summary>Nobody.</summary>
    public static readonly Caller Anonymous = new(Guid.Empty, "", "", []);

    /// <summary>Claim types of the token: subject, name, language and one <c>role</c> claim a role, as <c>role@scope</c>.</summary>
    public const string SubjectClaim = "sub", NameClaim = "name", LanguageClaim = "lang", RoleClaim = "role";

    /// <summary>Whether somebody is signed in.</summary>
    public bool IsSignedIn => PersonId != Guid.Empty;

    /// <summary>Whether the caller holds one of the roles anywhere at all. Use it for menus; rights on a thing need its place.</summary>
    public bool HoldsAny(params string[] roles) => Roles.Any(held => roles.Contains(held.Role));

    /// <summary>Whether the caller holds the role for everything there is, and not for a programme, a call or a country.</summary>
    public bool HoldsEverywhere(string role) => Roles.Any(held => held.Role == role && held.Scope == "*");

    /// <summary>Whether the caller holds one of the roles for a thing in this place.</summary>
    public bool Holds(Place place, params string[] roles) => Roles.Any(held => roles.Contains(held.Role) && place.IsIn(held.Scope));

    /// <summary>Reads the caller from an authenticated principal.</summary>
    public static Caller From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true || !Guid.TryParse(principal.FindFirstValue(SubjectClaim), out var id)) return Anonymous;
        var roles = principal.FindAll(RoleClaim).Select(claim => claim.Value.Split('@', 2)).Where(parts => parts.Length == 2)
            .Select(parts => new HeldRole(parts[0], parts[1])).ToList();
        return new Caller(id, principal.FindFirstValue(NameClaim) ?? "", principal.FindFirstValue(LanguageClaim) ?? "", roles);
    }

    /// <summary>Lets minimal-API handlers take a <see cref="Caller"/> parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Caller?>(From(context.User));
}

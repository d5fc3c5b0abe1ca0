using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Http;

/// <summary>
/// The access rule of a route, as metadata. A test fails when a route has none; a filter enforces the part that needs no data. Rights on a thing are checked by
/// the handler, which answers 404 for what is not the caller's: <see cref="Relation"/> says in words what it checks.
/// </summary>
/// <param name="SignInNeeded">Whether somebody must be signed in.</param>
/// <param name="Roles">One of these roles must be held somewhere; empty when none is needed.</param>
/// <param name="Relation">What the handler checks on the thing itself; empty when nothing.</param>
public sealed record AccessRule(bool SignInNeeded, IReadOnlyList<string> Roles, string Relation);

/// <summary>Naming the access rule of a route.</summary>
public static class Access
{
    /// <summary>Anybody may ask.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.Rule(new AccessRule(false, [], ""));

    /// <summary>A signed-in person; <paramref name="relation"/> says what the handler checks besides.</summary>
    public static TBuilder SignedIn<TBuilder>(this TBuilder route, string relation) where TBuilder : IEndpointConventionBuilder => route.Rule(new AccessRule(true, [], relation));

    /// <summary>A holder of one of the roles; others get 404. <paramref name="relation"/> says what the handler checks besides, usually the scope.</summary>
    public static TBuilder ForRoles<TBuilder>(this TBuilder route, string relation, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
        route.Rule(new AccessRule(true, roles, relation));

    static TBuilder Rule<TBuilder>(this TBuilder route, AccessRule rule) where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(rule));
        return route;
    }

    /// <summary>What a rule makes of a caller: null when it lets them in, otherwise 401 (sign in) or 404 (not yours).</summary>
    public static int? Refuse(AccessRule rule, Caller caller) =>
        rule.SignInNeeded && !caller.IsSignedIn ? StatusCodes.Status401Unauthorized
        : rule.Roles.Count > 0 && !caller.HoldsAny([.. rule.Roles]) ? StatusCodes.Status404NotFound
        : null;
}

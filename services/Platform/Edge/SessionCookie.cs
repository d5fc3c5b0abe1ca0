using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Edge;

/// <summary>The cookie that holds the opaque secret of a session. Set by Accounts, exchanged by the edge, seen by no other service.</summary>
public static class SessionCookie
{
    /// <summary>Name on https; the prefix makes browsers refuse it with a domain, another path or without Secure.</summary>
    public const string SecureName = "__Host-grants";

    /// <summary>Name on http://localhost, where the prefix cannot be used.</summary>
    public const string LocalName = "grants";

    /// <summary>The name for an origin.</summary>
    public static string Name(PublicOrigin origin) => origin.IsSecure ? SecureName : LocalName;

    /// <summary>The secret a request brought, or null.</summary>
    public static string? Read(HttpRequest request, PublicOrigin origin) =>
        request.Cookies.TryGetValue(Name(origin), out var secret) && secret is { Length: > 0 and <= 100 } ? secret : null;

    /// <summary>Gives the browser a session. It ends with the browser; the session's row ends on its own.</summary>
    public static void Write(HttpResponse response, PublicOrigin origin, string secret) => response.Cookies.Append(Name(origin), secret, Options(origin));

    /// <summary>Takes the session from the browser.</summary>
    public static void Clear(HttpResponse response, PublicOrigin origin) => response.Cookies.Delete(Name(origin), Options(origin));

    static CookieOptions Options(PublicOrigin origin) =>
        new() { HttpOnly = true, Secure = origin.IsSecure, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}

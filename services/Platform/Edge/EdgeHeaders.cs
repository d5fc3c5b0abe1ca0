using Grants.Platform.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Grants.Platform.Edge;

/// <summary>What a client may not say, and what every answer says.</summary>
static class EdgeHeaders
{
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    static readonly string[] Refused =
        [HeaderNames.Authorization, "Forwarded", HeaderNames.TraceParent, HeaderNames.TraceState, HeaderNames.Baggage, "Correlation-Context", "Request-Id",
            "b3", "X-Real-IP", "X-Client-IP", "X-Rewrite-URL", "X-HTTP-Method-Override"];

    static readonly string[] RefusedPrefixes = ["X-Forwarded", "X-Original-", "X-Grants-", "X-B3-"];

    /// <summary>Removes what only we, or a web server that is believed, may set; the latter was read before. There are no API tokens yet, so <c>Authorization</c> always goes.</summary>
    public static void Strip(IHeaderDictionary headers)
    {
        foreach (var name in Refused) headers.Remove(name);
        foreach (var name in headers.Keys.Where(name => RefusedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
            headers.Remove(name);
    }

    /// <summary>The headers of every answer, errors and files included.</summary>
    public static void Secure(HttpContext context, PublicOrigin origin, bool signedIn)
    {
        var headers = context.Response.Headers;
        // Files bring a stricter policy of their own.
        if (headers.ContentSecurityPolicy != FileDownload.Policy) headers[HeaderNames.ContentSecurityPolicy] = Policy;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        // Not no-referrer: with it browsers send "Origin: null" with forms.
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (origin.IsSecure) headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000; includeSubDomains";
        if (headers.ContainsKey(HeaderNames.CacheControl)) return;
        headers[HeaderNames.CacheControl] = signedIn || !HttpMethods.IsGet(context.Request.Method) ? "no-store" : "private, no-cache";
    }

    /// <summary>Takes the session's secret out of the cookies: behind the edge only Accounts may see it.</summary>
    public static void HideSession(HttpRequest request, PublicOrigin origin)
    {
        var name = SessionCookie.Name(origin) + "=";
        var kept = request.Headers.Cookie.SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(pair => !pair.StartsWith(name, StringComparison.Ordinal)).ToArray();
        if (kept.Length == 0) request.Headers.Remove(HeaderNames.Cookie);
        else request.Headers.Cookie = string.Join("; ", kept);
    }
}

using Microsoft.AspNetCore.Http;

namespace Grants.Platform.Edge;

/// <summary>Refuses forms that another site made the browser send. Browsers say themselves where a request comes from; no tokens in forms are needed.</summary>
static class CrossSite
{
    /// <summary>True when the request changes something and does not come from a page of ours.</summary>
    /// <param name="request">The request.</param>
    /// <param name="origin">Our own origin.</param>
    /// <param name="carriesSession">Whether it brings a session's cookie.</param>
    public static bool IsRefused(HttpRequest request, PublicOrigin origin, bool carriesSession)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site != "") return site is not ("same-origin" or "none");
        var sent = request.Headers.Origin.ToString();
        if (sent != "") return !string.Equals(sent, origin.Value, StringComparison.OrdinalIgnoreCase);
        // Neither header: no browser of this decade. Without a session there is nothing to abuse.
        return carriesSession;
    }
}

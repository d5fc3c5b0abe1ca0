namespace Grants.Applications.Features.Calls.Editing;

/// <summary>
/// Where a call can be tried with one invented grant. The pages are the all-in-one process's, which has the rules of all services; apart nobody answers there, and no
/// page of ours leads there.
/// </summary>
public static class TryLink
{
    /// <summary>Route for the newest version of a call.</summary>
    public const string Published = "/calls/{callId:guid}/try";

    /// <summary>Route for a call's draft.</summary>
    public const string Draft = "/desk/calls/{callId:guid}/draft/try";

    /// <summary>Whether this process answers there.</summary>
    public static bool Exists(EndpointDataSource endpoints) => endpoints.Endpoints.OfType<RouteEndpoint>().Any(endpoint => endpoint.RoutePattern.RawText == Draft);
}

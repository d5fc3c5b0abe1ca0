namespace Grants.Platform.Http;

/// <summary>Which service answers which path: the one list for the gateway, the edge and the tests.</summary>
public static class Routes
{
    /// <summary>First path segments and the service that owns them. The API has the same under <c>/api</c>; <c>/operations/{service}</c> is each service's own.</summary>
    public static readonly IReadOnlyDictionary<string, string> Prefixes = new Dictionary<string, string>
    {
        [""] = "applications",
        ["calls"] = "applications",
        ["apply"] = "applications",
        ["applications"] = "applications",
        ["organisations"] = "applications",
        ["desk"] = "applications",
        ["reviews"] = "reviews",
        ["ranking"] = "reviews",
        ["decisions"] = "reviews",
        ["grants"] = "disbursements",
        ["payments"] = "disbursements",
        ["ledger"] = "disbursements",
        ["inbox"] = "notifications",
        ["mails"] = "notifications",
        ["account"] = "accounts",
        ["people"] = "accounts",
        ["operations"] = "accounts",
    };

    /// <summary>The service that answers a path; null when no prefix fits.</summary>
    public static string? ServiceFor(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var first = segments.Length > 0 && segments[0].Equals("api", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (segments.Length > 1 && segments[0].Equals("operations", StringComparison.OrdinalIgnoreCase)) return segments[1].ToLowerInvariant();
        return Prefixes.GetValueOrDefault(segments.Length > first ? segments[first].ToLowerInvariant() : "");
    }
}

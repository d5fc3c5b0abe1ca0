using Microsoft.Extensions.Configuration;

namespace Grants.Platform.Edge;

/// <summary>Where services answer, from the settings <c>Services:{name}</c>: one address, or one for each replica with <c>;</c> between them.</summary>
public static class ServiceAddresses
{
    /// <summary>The addresses of a service's replicas.</summary>
    /// <exception cref="InvalidOperationException">There is none, or one cannot be used; the message says which setting and why.</exception>
    public static IReadOnlyList<Uri> Of(IConfiguration configuration, string service)
    {
        var setting = $"Services:{service}";
        var given = (configuration[setting] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (given.Length == 0) throw new InvalidOperationException($"{setting} is missing: the address of the service, such as http://{service}:8080, or those of its replicas with ';' between them.");
        return [.. given.Distinct().Select(address =>
            Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/"
                ? uri
                : throw new InvalidOperationException($"{setting} must be addresses such as http://{service}:8080, without a path; '{address}' is none."))];
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using IPNetwork = System.Net.IPNetwork;

namespace Grants.Platform.Edge;

/// <summary>
/// Which web servers in front of the edge are believed when they say for whom they ask, from the setting <c>Edge:TrustedProxies</c>: networks such as
/// <c>10.0.0.0/8</c> or single addresses, with <c>;</c> between them. Nobody is believed when it is empty: <c>X-Forwarded-For</c> is what anybody can write.
/// </summary>
public static class TrustedProxies
{
    /// <summary>The setting's name.</summary>
    public const string Setting = "Edge:TrustedProxies";

    /// <summary>Reads the setting.</summary>
    /// <exception cref="InvalidOperationException">An entry is neither a network nor an address.</exception>
    public static IReadOnlyList<IPNetwork> From(IConfiguration configuration) =>
        [.. (configuration[Setting] ?? "").Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>Makes the address that a believed proxy names the address of the connection.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app)
    {
        var networks = From(app.ApplicationServices.GetRequiredService<IConfiguration>());
        // With empty lists ASP.NET Core would believe everybody.
        if (networks.Count == 0) return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    static IPNetwork Parse(string entry) =>
        IPNetwork.TryParse(entry, out var network) ? network
        : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException($"{Setting} must be networks such as 10.0.0.0/8 or addresses; '{entry}' is neither.");
}

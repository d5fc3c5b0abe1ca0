using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Grants.Platform.Ui;

/// <summary>
/// Addresses of the static files with their fingerprint, so that browsers may keep them for ever. Blazor's own list comes with endpoints of
/// components only; ours are minimal API, so the endpoints of <c>MapStaticAssets</c> are asked.
/// </summary>
public sealed class AssetUrls(IEnumerable<EndpointDataSource> sources)
{
    Dictionary<string, string>? urls;

    /// <summary>The address of a file named as in the source (<c>assets/grants.css</c>); without a fingerprint where the host maps no static files.</summary>
    public string this[string name] => "/" + (urls ??= Read()).GetValueOrDefault(name, name);

    Dictionary<string, string> Read()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var asset in sources.SelectMany(source => source.Endpoints).Select(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>()).OfType<StaticAssetDescriptor>())
        {
            if (asset.Properties.FirstOrDefault(property => property.Name == "label")?.Value is { } label) found[label] = asset.Route;
        }

        return found;
    }
}

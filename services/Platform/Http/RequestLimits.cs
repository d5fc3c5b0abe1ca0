using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grants.Platform.Http;

/// <summary>Metadata of a route that takes more than a form, such as a file: how large the whole request may be.</summary>
/// <param name="Bytes">Bytes, the form around the file included.</param>
public sealed record UploadLimit(long Bytes);

/// <summary>How large requests may be: forms are small, uploads say themselves what they take.</summary>
public static class RequestLimits
{
    /// <summary>A form without files. A page full of Cyrillic answers takes six bytes a letter as it is posted: 40,000 letters.</summary>
    public const long Form = 256 * 1024;

    /// <summary>A document of JSON, such as the definition of a call.</summary>
    public const long Json = 1024 * 1024;

    /// <summary>What no route exceeds: the edge, which does not know the routes, refuses more.</summary>
    public const long Upload = 26 * 1024 * 1024;

    /// <summary>
    /// How slowly a body may arrive, the same at the edge and at services, since one hands it on to the other as it comes. A phone on a bad line may be silent for
    /// half a minute; after that it must have sent 240 bytes for each second.
    /// </summary>
    public static readonly MinDataRate Slowest = new(240, TimeSpan.FromSeconds(30));

    /// <summary>Lets a route take an upload of this size; it is checked before the body is read.</summary>
    public static TBuilder TakesUpload<TBuilder>(this TBuilder route, long bytes) where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Upload);
        route.Add(endpoint => endpoint.Metadata.Add(new UploadLimit(bytes)));
        return route;
    }

    /// <summary>The most any route takes for this kind of request.</summary>
    internal static long Ceiling(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true ? Upload
        : request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true ? Json
        : CarriedForm.MaxBytes;
}

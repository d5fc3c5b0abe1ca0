using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Grants.Platform.Files;

/// <summary>Hands a stored file to the browser so that it is saved and never shown as part of the site.</summary>
public static class FileDownload
{
    /// <summary>Policy of files: whatever they hold, nothing in them runs.</summary>
    public const string Policy = "sandbox; default-src 'none'";

    /// <summary>An attachment with a clean name (RFC 5987 for letters beyond ASCII), not sniffed, sandboxed and not kept by caches.</summary>
    /// <param name="content">Knows its length; disposed after sending.</param>
    /// <param name="fileName">As the person named it.</param>
    /// <param name="mediaType">Left out, it follows from the name.</param>
    public static IResult Result(Stream content, string fileName, string? mediaType = null) => new Attachment(content, FileNames.Clean(fileName), mediaType);

    sealed class Attachment(Stream content, string name, string? mediaType) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(name);
            headers.ContentDisposition = disposition.ToString();
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = Policy;
            headers.CacheControl = "no-store";
            // Known before the first byte, so that a download that breaks off is not taken for a whole file.
            httpContext.Response.ContentLength = content.Length;
            return TypedResults.Stream(content, mediaType ?? FileKinds.MediaTypeOf(name)).ExecuteAsync(httpContext);
        }
    }
}

using System.Globalization;
using System.Resources;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Edge;

/// <summary>
/// The pages of the edge itself: a refusal, or "back soon" while a service is away. They lean on nothing that could be away too, and on no page frame
/// that asks who is reading.
/// </summary>
public static class EdgeAnswer
{
    static readonly ResourceManager Sentences = new("Grants.Platform.Edge.Texts", typeof(EdgeAnswer).Assembly);

    /// <summary>Writes the page, or problem+json for the API, for a status.</summary>
    public static Task WriteAsync(HttpContext context, int status)
    {
        var culture = Culture(context.Request);
        var key = Sentences.GetString($"edge.{status}.title", culture) is null ? 500 : status;
        return WriteAsync(context, status, Text($"edge.{key}.title", culture), Text($"edge.{key}.body", culture), Text("edge.home", culture), "/");
    }

    /// <summary>Writes that a service is away: which part that is in plain words, and what became of a form that was sent to it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="service">The service; null when there is no telling.</param>
    /// <param name="arrived">Whether what was sent may have reached the service and been done, though no answer came.</param>
    public static Task WriteAwayAsync(HttpContext context, string? service, bool arrived)
    {
        var culture = Culture(context.Request);
        var part = Sentences.GetString($"edge.part.{service}", culture) ?? Text("edge.part.unknown", culture);
        var title = string.Format(culture, Text("edge.away.title", culture), part);
        context.Response.Headers.RetryAfter = "60";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
            return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, title, Text(arrived ? "edge.away.unsure" : "edge.away.unsent", culture), Text("edge.home", culture), "/");
        var again = context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, title, Text("edge.away.body", culture), Text("edge.away.again", culture), Pages.LocalPath(again));
    }

    static async Task WriteAsync(HttpContext context, int status, string title, string body, string link, string href)
    {
        context.Response.StatusCode = status;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await Results.Problem(body, title: title, statusCode: status).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        var encode = GrantsPage.Encoder;
        var style = encode.Encode(context.RequestServices.GetService<AssetUrls>()?["assets/grants.css"] ?? "/assets/grants.css");
        await context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="{Culture(context.Request).Name}" class="govuk-template">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{encode.Encode(title)}</title><link rel="stylesheet" href="{style}"></head>
            <body class="govuk-template__body"><div class="govuk-width-container"><main class="govuk-main-wrapper" id="main">
            <h1 class="govuk-heading-l">{encode.Encode(title)}</h1><p class="govuk-body">{encode.Encode(body)}</p><p class="govuk-body"><a class="govuk-link" href="{encode.Encode(href)}">{encode.Encode(link)}</a></p>
            </main></div></body>
            </html>
            """,
            context.RequestAborted);
    }

    static string Text(string key, CultureInfo culture) => Sentences.GetString(key, culture)!;

    static CultureInfo Culture(HttpRequest request) => CultureInfo.GetCultureInfo(Language(request));

    static string Language(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(wish => wish.Quality ?? 1).Select(wish => wish.Value.Value);
        return Languages.Match([request.Cookies[PageContext.LanguageCookie], .. accepted]) ?? Languages.Fallback;
    }
}

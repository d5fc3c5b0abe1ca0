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
    public static async Task WriteAsync(HttpContext context, int status)
    {
        var language = Language(context.Request);
        var culture = CultureInfo.GetCultureInfo(language);
        var title = Sentences.GetString($"edge.{status}.title", culture) ?? Sentences.GetString("edge.500.title", culture)!;
        var body = Sentences.GetString($"edge.{status}.body", culture) ?? Sentences.GetString("edge.500.body", culture)!;
        context.Response.StatusCode = status;
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            await Results.Problem(body, title: title, statusCode: status).ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        var encode = GrantsPage.Encoder;
        var style = encode.Encode(context.RequestServices.GetService<AssetUrls>()?["assets/grants.css"] ?? "/assets/grants.css");
        var back = Sentences.GetString("edge.home", culture)!;
        await context.Response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="{language}" class="govuk-template">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{encode.Encode(title)}</title><link rel="stylesheet" href="{style}"></head>
            <body class="govuk-template__body"><div class="govuk-width-container"><main class="govuk-main-wrapper" id="main">
            <h1 class="govuk-heading-l">{encode.Encode(title)}</h1><p class="govuk-body">{encode.Encode(body)}</p><p class="govuk-body"><a class="govuk-link" href="/">{encode.Encode(back)}</a></p>
            </main></div></body>
            </html>
            """,
            context.RequestAborted);
    }

    static string Language(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(wish => wish.Quality ?? 1).Select(wish => wish.Value.Value);
        return Languages.Match([request.Cookies[PageContext.LanguageCookie], .. accepted]) ?? Languages.Fallback;
    }
}

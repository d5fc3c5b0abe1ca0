using System.Text.Encodings.Web;
using Grants.Platform.Http;
using Grants.Platform.Localisation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grants.Platform.Ui;

/// <summary>Answers of handlers that are pages.</summary>
public static class Pages
{
    /// <summary>A page, with its parameters as an anonymous object or a dictionary. 422 shows a form again with what is wrong.</summary>
    public static RazorComponentResult<TPage> Show<TPage>(object? parameters = null, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        parameters is IReadOnlyDictionary<string, object?> dictionary
            ? new RazorComponentResult<TPage>(dictionary) { StatusCode = status, PreventStreamingRendering = true }
            : new RazorComponentResult<TPage>(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>404: it does not exist, or is not the caller's; the answer does not tell which.</summary>
    public static IResult NotFound() => Problem(StatusCodes.Status404NotFound);

    /// <summary>
    /// An error page in the frame; the same as problem+json under <c>/api</c>. <paramref name="sentence"/>, in the reader's language, says more than the
    /// general words for the status.
    /// </summary>
    public static IResult Problem(int status, string? sentence = null) => new ProblemAnswer(status, sentence);

    /// <summary>Registers what pages need.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Comes with the components; nothing of ours uses it, and its keys would be written to the home folder of whoever runs the process.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddHttpContextAccessor();
        // Blazor's renderer takes this one; with the default every Cyrillic letter would go out as a numeric entity.
        services.Replace(ServiceDescriptor.Singleton<HtmlEncoder>(GrantsPage.Encoder));
        services.TryAddSingleton<AssetUrls>();
        services.AddScoped(provider => PageContext.From(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext ?? throw new InvalidOperationException("A page is only shown in a request.")));
        return services;
    }

    /// <summary>Answers empty errors and exceptions with pages. Belongs in front of routing.</summary>
    public static IApplicationBuilder UseErrorPages(this IApplicationBuilder app) => app.UseMiddleware<ErrorPages>();

    /// <summary>Routes of the frame itself: language switch, accessibility statement, privacy, help. Accounts maps them, because they lie under <c>/account</c>.</summary>
    public static IEndpointRouteBuilder MapFramePages(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account/language", SwitchLanguage).Public();
        routes.MapGet("/account/accessibility", () => Show<AccessibilityPage>()).Public();
        routes.MapGet("/account/privacy", () => Show<PrivacyPage>()).Public();
        routes.MapGet("/account/help", () => Show<HelpPage>()).Public();
        return routes;
    }

    /// <summary>
    /// Maps the static files with their fingerprints. A fingerprint of another release, in a page that was open during an update, gets the current file.
    /// </summary>
    public static IEndpointRouteBuilder MapAssets(this WebApplication app)
    {
        // Absent when a test starts a host from a folder of its own: pages then name their files without a fingerprint.
        var manifest = Path.Combine(AppContext.BaseDirectory, $"{app.Environment.ApplicationName}.staticwebassets.endpoints.json");
        if (!File.Exists(manifest)) return app;
        // The reloading that development turns on sends files uncompressed; ours change with a build only.
        app.Configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
        app.MapStaticAssets(manifest).Public();
        app.MapGet("/assets/{file}", (string file) =>
        {
            var parts = file.Split('.');
            return parts.Length == 3 ? Results.LocalRedirect($"/assets/{Uri.EscapeDataString(parts[0])}.{Uri.EscapeDataString(parts[2])}") : NotFound();
        }).Public();
        return app;
    }

    static IResult SwitchLanguage(HttpContext http, PostedForm form)
    {
        var language = form["language"];
        if (Languages.IsSupported(language))
        {
            http.Response.Cookies.Append(PageContext.LanguageCookie, language, new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                Path = "/",
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                IsEssential = true,
            });
        }

        return Results.LocalRedirect(LocalPath(form["return"]));
    }

    /// <summary>A path on this site, or <c>/</c> for anything else: nobody is sent elsewhere by a crafted link.</summary>
    public static string LocalPath(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";
}

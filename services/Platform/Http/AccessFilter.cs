using Grants.Platform.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grants.Platform.Http;

/// <summary>
/// Enforces the access rules and size limits of routes. Runs after authentication. Who must sign in loses nothing: a page is shown after the sign-in, and the
/// fields of a form come back.
/// </summary>
public static class AccessFilter
{
    /// <summary>Header that marks the posts of the autosave module, which keeps the text itself when it is refused.</summary>
    public const string AutosaveHeader = "X-Requested-With";

    /// <summary>Value of <see cref="AutosaveHeader"/>.</summary>
    public const string Autosave = "autosave";

    /// <summary>Adds the filter.</summary>
    public static IApplicationBuilder UseAccessRules(this IApplicationBuilder app)
    {
        var development = app.ApplicationServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return app.Use((context, next) => FilterAsync(context, next, development));
    }

    static async Task FilterAsync(HttpContext context, RequestDelegate next, bool development)
    {
        // Besides ours there are routing's own, which answer that a method or a kind of content is not taken here.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(context);
            return;
        }

        if (endpoint.Metadata.GetMetadata<AccessRule>() is not { } rule)
        {
            if (development) throw new InvalidOperationException($"The route '{endpoint.DisplayName}' has no access rule.");
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (IsTooLarge(context, endpoint))
        {
            await Edge.EdgeAnswer.WriteAsync(context, StatusCodes.Status413PayloadTooLarge);
            return;
        }

        switch (Access.Refuse(rule, Caller.From(context.User)))
        {
            case null: await next(context); break;
            case StatusCodes.Status401Unauthorized: await AskToSignInAsync(context); break;
            default: context.Response.StatusCode = StatusCodes.Status404NotFound; break;
        }
    }

    static bool IsTooLarge(HttpContext context, Endpoint endpoint)
    {
        var limit = endpoint.Metadata.GetMetadata<UploadLimit>()?.Bytes ?? RequestLimits.Form;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        return context.Request.ContentLength > limit;
    }

    static async Task AskToSignInAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/api"))
        {
            await Results.Problem(statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
            return;
        }

        if (HttpMethods.IsGet(request.Method) && request.Headers[AutosaveHeader].Count == 0)
        {
            context.Response.Redirect("/account/sign-in?return=" + Uri.EscapeDataString(request.Path + request.QueryString));
            return;
        }

        if (request.Headers[AutosaveHeader] == Autosave || !request.HasFormContentType)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentLength = 0; // so that no error page is made of it
            return;
        }

        var form = await request.ReadFormAsync(context.RequestAborted);
        var hadFile = form.Files.Count > 0;
        var page = new { Carried = hadFile ? null : CarriedForm.Of(request, form), HadFile = hadFile, Return = Referer(request) };
        context.Response.Headers.CacheControl = "no-store";
        await Pages.Show<SessionEnded>(page, StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    // The page the form was on, when it is one of ours: the file is chosen again there.
    static string Referer(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var from) && from.Host == request.Host.Host ? Pages.LocalPath(from.PathAndQuery) : "/";
}

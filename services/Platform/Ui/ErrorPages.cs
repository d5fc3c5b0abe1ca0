using System.Diagnostics;
using Grants.Platform.Files;
using Grants.Platform.Http;
using Grants.Platform.Lifecycles;
using Grants.Platform.Persistence;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Platform.Ui;

/// <summary>An error as a page, or as problem+json for the API.</summary>
sealed class ProblemAnswer(int status, string? sentence, CarriedForm? again = null) : IResult, IStatusCodeHttpResult
{
    /// <summary>Statuses with words of their own; others get those of their class.</summary>
    static readonly int[] Known = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503];

    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var context = httpContext.RequestServices.GetRequiredService<PageContext>();
        var key = Known.Contains(status) ? status : status >= 500 ? 500 : 400;
        var id = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
        httpContext.Response.Headers.CacheControl = "no-store";
        if (httpContext.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            var problem = new ProblemDetails
            {
                Status = status,
                Title = context.Text<ErrorPage>($"error.{key}.title"),
                Detail = sentence ?? context.Text<ErrorPage>($"error.{key}.text"),
            };
            problem.Extensions["traceId"] = id;
            await Results.Problem(problem).ExecuteAsync(httpContext);
            return;
        }

        await Pages.Show<ErrorPage>(new { Key = key, Sentence = sentence, ErrorId = status >= 500 ? id : null, Again = again }, status).ExecuteAsync(httpContext);
    }
}

/// <summary>Turns exceptions and empty errors into answers that people understand. Never a stack trace.</summary>
sealed partial class ErrorPages(RequestDelegate next, ILogger<ErrorPages> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var (status, sentenceKey) = (0, (string?)null);
        try
        {
            await next(http);
            // A status without a body, such as routing's 404 and 405 or a refused access rule.
            var response = http.Response;
            if (response.StatusCode >= 400 && !response.HasStarted && response.ContentLength is null && string.IsNullOrEmpty(response.ContentType)) status = response.StatusCode;
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            (status, sentenceKey) = e switch
            {
                TransitionRefused => (StatusCodes.Status409Conflict, "error.refused"),
                DbUpdateConcurrencyException => (StatusCodes.Status409Conflict, "error.changed"),
                FileStoreUnavailableException => (StatusCodes.Status503ServiceUnavailable, "error.files"),
                BadHttpRequestException bad => (bad.StatusCode, null),
                _ when e.IsStorageFull() => (StatusCodes.Status503ServiceUnavailable, "error.storage"),
                _ when e.IsTransient() => (StatusCodes.Status503ServiceUnavailable, HttpMethods.IsPost(http.Request.Method) ? "error.unsure" : null),
                _ => (StatusCodes.Status500InternalServerError, null),
            };
            if (status == StatusCodes.Status503ServiceUnavailable)
            {
                Log.Away(logger, e.GetBaseException().Message);
            }
            else if (status >= 500)
            {
                Log.Unhandled(logger, e);
                Activity.Current?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            }
            else
            {
                Log.Refused(logger, status, e);
            }

            http.Response.StatusCode = status;
            // Headers of the edge stay; those about the body that was not written go.
            foreach (var header in (string[])["Content-Type", "Content-Length", "Content-Disposition", "ETag", "Location"]) http.Response.Headers.Remove(header);
        }

        if (status == 0 || HttpMethods.IsHead(http.Request.Method)) return;
        if (status == StatusCodes.Status405MethodNotAllowed && HttpMethods.IsGet(http.Request.Method) && !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            // Where a form is posted to. It stands in the address bar after the form was refused, and is asked for when the page is loaded again or its language
            // is changed: the page above it is the one that was meant.
            var path = http.Request.Path.Value!.TrimEnd('/');
            http.Response.Redirect(Pages.LocalPath(path[..Math.Max(path.LastIndexOf('/'), 0)]));
            return;
        }

        // A scope of its own: what threw, a renderer or a database context, may be half-way through something.
        var broken = http.RequestServices;
        await using var scope = broken.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        try
        {
            await AnswerAsync(http, status, sentenceKey);
        }
        finally
        {
            http.RequestServices = broken;
        }
    }

    static async Task AnswerAsync(HttpContext http, int status, string? sentenceKey)
    {
        var sentence = sentenceKey is null ? null : http.RequestServices.GetRequiredService<PageContext>().Text<ErrorPage>(sentenceKey);
        var again = status == StatusCodes.Status503ServiceUnavailable ? await SentAsync(http.Request) : null;
        await new ProblemAnswer(status, sentence, again).ExecuteAsync(http);
    }

    /// <summary>The form that could not be taken, to be sent again; null for a file or a password, which a page cannot give back.</summary>
    static async Task<CarriedForm?> SentAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true) return null;
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form.Keys.Any(field => field.Contains("password", StringComparison.OrdinalIgnoreCase)) ? null : CarriedForm.Of(request, form);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null; // cut off, or not a form at all
        }
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A request failed.")]
        public static partial void Unhandled(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A request could not be served: {Reason}")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "A request was refused with {Status}.")]
        public static partial void Refused(ILogger logger, int status, Exception exception);
    }
}

using System.Net;
using System.Security.Claims;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Lifecycles;
using Grants.Platform.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grants.Platform.Tests.Ui;

/// <summary>A host of pages only, in this process, that shows one component.</summary>
sealed class UiApp : IAsyncDisposable
{
    readonly WebApplication app;

    UiApp(WebApplication app) => this.app = app;

    public static async Task<UiApp> StartAsync(Delegate? page = null, Caller? caller = null, string environment = "Development")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(new AppTime());
        builder.Services.AddPages();
        var app = builder.Build();
        if (caller is not null)
        {
            app.Use((http, next) =>
            {
                http.User = new ClaimsPrincipal(new ClaimsIdentity(
                    [new("sub", caller.PersonId.ToString()), new("name", caller.Name), new("lang", caller.Language), .. caller.Roles.Select(held => new Claim("role", $"{held.Role}@{held.Scope}"))], "test"));
                return next(http);
            });
        }

        app.UseErrorPages();
        app.UseRouting();
        app.MapAssets();
        app.MapFramePages();
        if (page is not null) app.MapGet("/page", page);
        app.MapGet("/refused", void () => throw new TransitionRefused("draft", "pay", "nobody"));
        app.MapGet("/changed", void () => throw new DbUpdateConcurrencyException("secret"));
        app.MapGet("/broken", void () => throw new InvalidOperationException("secret"));
        app.MapGet("/api/broken", void () => throw new InvalidOperationException("secret"));
        app.MapGet("/large", void () => throw new BadHttpRequestException("secret", StatusCodes.Status413PayloadTooLarge));
        app.MapPost("/away", void () => throw new TimeoutException("secret"));
        app.MapPost("/full", void () => throw new IOException("secret", 28)); // ENOSPC
        app.MapGet("/away", void () => throw new TimeoutException("secret"));
        app.MapGet("/empty/{status:int}", (int status) => Results.StatusCode(status));
        app.MapGet("/own", () => Results.Text("own words", statusCode: StatusCodes.Status422UnprocessableEntity));
        await app.StartAsync();
        return new UiApp(app);
    }

    /// <summary>The markup of a component with parameters, as a browser gets it.</summary>
    public static async Task<string> Markup<TComponent>(object parameters, string language = "en") where TComponent : IComponent
    {
        await using var app = await StartAsync(() => Pages.Show<TComponent>(parameters));
        var answer = await app.GetAsync("/page", language);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    public Task<HttpResponseMessage> GetAsync(string url, string? language = null, string? accept = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, url), language, accept);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? language = null, string? accept = null)
    {
        if (language is not null) request.Headers.Add("Cookie", $"lang={language}");
        if (accept is not null) request.Headers.Add("Accept-Language", accept);
        return app.GetTestClient().SendAsync(request);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Grants.Accounts.Domain;
using Grants.Contracts;
using Grants.Contracts.Accounts;
using Grants.Platform.Edge;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grants.Accounts.Tests;

/// <summary>Accounts behind the edge in one process, as in the all-in-one shape, with a clock that stands still.</summary>
sealed class AccountsApp : IAsyncDisposable
{
    public const string Password = "tri žute kruške u maju";

    readonly WebApplication app;
    readonly bool ownsFolder;

    AccountsApp(WebApplication app, FakeTime time, string folder, bool ownsFolder, LogLines log)
    {
        this.app = app;
        this.ownsFolder = ownsFolder;
        Clock = time;
        Folder = folder;
        Log = log;
    }

    public FakeTime Clock { get; }

    public string Folder { get; }

    public LogLines Log { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Starts it; by default as a real installation in development.</summary>
    public static async Task<AccountsApp> StartAsync(bool demo = false, string environment = "Development", string? folder = null, DateTimeOffset? now = null, params string[] settings)
    {
        var own = folder is null;
        folder ??= Directory.CreateTempSubdirectory("grants-accounts-").FullName;
        var time = new FakeTime(now ?? new DateTimeOffset(2027, 1, 4, 9, 0, 0, TimeSpan.Zero));
        var log = new LogLines();
        string[] args = [.. await TestDatabase.ArgumentsAsync(AccountsService.Definition, folder), $"--environment={environment}", "--Messaging:Relay=off", $"--Demo={demo}", "--PublicOrigin=http://localhost:8080", "--urls=http://127.0.0.1:0", .. settings];
        var app = GrantsHost.Build(
            args,
            [AccountsService.Definition],
            builder =>
            {
                builder.WebHost.UseTestServer();
                builder.Logging.AddProvider(log);
                builder.Services.AddSingleton(new AppTime(time, Path.Combine(folder, "clock")));
                builder.Services.AddEdge();
            },
            pipeline => pipeline.UseEdge());
        try
        {
            await GrantsHost.PrepareAsync(app);
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new AccountsApp(app, time, folder, own, log);
    }

    public Browser NewBrowser() => new(app.GetTestServer().CreateHandler());

    /// <summary>A person with a password, who may sign in.</summary>
    public Task<Guid> AddAsync(string name, string email, params string[] roles) => Db(async db =>
    {
        var now = Services.GetRequiredService<AppTime>().Now;
        var person = Person.New(Guid.CreateVersion7(), name, EmailAddress.Parse(email)!, "en", now);
        person.EmailConfirmed = true;
        person.PasswordHash = Services.GetRequiredService<IPasswordHasher<Person>>().HashPassword(person, Password);
        db.People.Add(person);
        foreach (var role in roles) db.RoleGrants.Add(new RoleGrant { Id = Guid.CreateVersion7(), PersonId = person.Id, Role = role, Scope = "*", GrantedAt = now, Reason = "test" });
        await db.SaveChangesAsync();
        return person.Id;
    });

    /// <summary>A browser in which somebody is signed in.</summary>
    public async Task<Browser> SignedInAsync(string email)
    {
        var browser = NewBrowser();
        var answer = await browser.PostAsync("/account/sign-in", ("email", email), ("password", Password));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return browser;
    }

    public async Task<T> Db<T>(Func<AccountsDb, Task<T>> action)
    {
        await using var scope = Services.CreateAsyncScope();
        return await action(scope.ServiceProvider.GetRequiredService<AccountsDb>());
    }

    public Task<List<T>> Events<T>() where T : class, IEvent => Db(async db =>
        (await db.Set<OutboxMessage>().AsNoTracking().Where(row => row.Type == typeof(T).FullName).OrderBy(row => row.Seq).ToListAsync())
        .Select(row => JsonSerializer.Deserialize<T>(row.Body, MessageJson.Options)!).ToList());

    /// <summary>The link of the last mail with a secret.</summary>
    public async Task<string> LastLinkAsync() => (await Events<MailWithSecretRequested>())[^1].Link;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        if (ownsFolder) TestDatabase.Delete(Folder);
    }
}

/// <summary>A browser without JavaScript that follows no redirects by itself.</summary>
sealed class Browser(HttpMessageHandler server) : IDisposable
{
    readonly HttpClient http = new(server) { BaseAddress = new Uri("http://localhost:8080") };
    readonly CookieContainer cookies = new();

    /// <summary>The secret of the session, as the cookie has it.</summary>
    public string? Session => cookies.GetCookies(http.BaseAddress!)[SessionCookie.LocalName]?.Value;

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<IHtmlDocument> PageAsync(string path) => await PageAsync(await GetAsync(path));

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) });

    /// <summary>Posts a form as the page has it, with some of its fields filled in.</summary>
    public Task<HttpResponseMessage> SubmitAsync(IHtmlDocument page, string action, params (string Name, string Value)[] typed)
    {
        var form = page.Forms.First(found => found.GetAttribute("action") == action);
        var fields = form.QuerySelectorAll("input[name], textarea[name]").Select(input => (Name: input.GetAttribute("name")!, Value: input is IHtmlTextAreaElement area ? area.Value : ((IHtmlInputElement)input).Value));
        return PostAsync(action, [.. fields.Where(field => typed.All(own => own.Name != field.Name)), .. typed]);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        var uri = new Uri(http.BaseAddress!, request.RequestUri!);
        if (cookies.GetCookieHeader(uri) is { Length: > 0 } header) request.Headers.Add("Cookie", header);
        var answer = await http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set)) foreach (var cookie in set) cookies.SetCookies(uri, cookie);
        return answer;
    }

    public static async Task<IHtmlDocument> PageAsync(HttpResponseMessage answer) => new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());

    /// <summary>What stands beside a field.</summary>
    public static string Error(IHtmlDocument page, string field) => page.QuerySelector($"#{field}-error")?.TextContent.Trim() ?? "";

    public void Dispose() => http.Dispose();
}

/// <summary>What was logged.</summary>
sealed class LogLines : ILoggerProvider
{
    readonly List<string> lines = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (lines) return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(lines);

    public void Dispose()
    {
    }

    sealed class Logger(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add(formatter(state, exception));
        }
    }
}

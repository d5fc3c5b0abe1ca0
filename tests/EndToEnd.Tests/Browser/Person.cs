using System.Collections.Concurrent;
using System.Diagnostics;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Grants.EndToEnd.Tests.Browser;

/// <summary>
/// Somebody at a browser. Every page met can be looked at: by axe, at the width of an office computer and of a small telephone, with a picture for people. Whatever a
/// page complains about, and whatever it asks of another host, fails the test at its end.
/// </summary>
public sealed class Person : IAsyncDisposable
{
    static readonly ConcurrentDictionary<string, int> Counters = new();

    static readonly AxeRunOptions Rules = new() { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } };

    readonly ConcurrentQueue<string> complaints = new();
    readonly IBrowserContext context;
    readonly Uri product;
    readonly string series;
    readonly bool javaScript;
    int status;

    /// <summary>Watches a new window.</summary>
    public Person(IBrowserContext context, IPage page, Uri product, string series, bool javaScript)
    {
        this.context = context;
        this.product = product;
        this.series = series;
        this.javaScript = javaScript;
        Page = page;
        page.Console += (_, message) =>
        {
            // That a form was refused is no fault of the page: the status of each step is asserted.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal))
                complaints.Enqueue($"{page.Url} {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => complaints.Enqueue($"{page.Url} script: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { IsAbsoluteUri: true, Scheme: "http" or "https" } asked && asked.Authority != product.Authority)
                complaints.Enqueue($"{page.Url} asks {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Request.IsNavigationRequest && response.Status is < 300 or > 399) status = response.Status;
            else if (!response.Request.IsNavigationRequest && response.Status >= (response.Request.Method == "POST" ? 500 : 400)) complaints.Enqueue($"{page.Url}: {response.Url} answered {response.Status}");
        };
    }

    /// <summary>The page in front of this person.</summary>
    public IPage Page { get; }

    /// <summary>Path of the page.</summary>
    public string Path => new Uri(Page.Url).AbsolutePath;

    /// <summary>A second window of the same browser.</summary>
    public async Task<Person> AnotherWindowAsync() => new(context, await context.NewPageAsync(), product, series, javaScript);

    /// <summary>Closes this window.</summary>
    public Task CloseWindowAsync() => Page.CloseAsync();

    /// <summary>Opens a page.</summary>
    public async Task OpenAsync(string path, int expected = 200)
    {
        await Page.GotoAsync(path);
        Expect(expected);
    }

    /// <summary>Opens a page again and again until it has what is expected: what other services do for it takes a moment.</summary>
    public async Task OpenWhenAsync(string path, string selector)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            await Page.GotoAsync(path);
            if (status == 200 && await Page.Locator(selector).CountAsync() > 0) return;
            if (patience.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException($"{path} has no {selector} ({status}):\n{await TextAsync()}");
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>Signs in on the demonstration's page.</summary>
    public async Task SignInAsync(string name)
    {
        await OpenAsync("/account/demo");
        await PressAsync(Page.Locator("form[action='/account/demo/sign-in']", new() { HasText = name }).GetByRole(AriaRole.Button));
    }

    /// <summary>Waits until this browser's session has ended everywhere: the edge trusts what it knew for a few seconds.</summary>
    public async Task UntilSignedOutAsync()
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            var answer = await context.APIRequest.GetAsync("/inbox/count", new APIRequestContextOptions { MaxRedirects = 0 });
            if (answer.Status != 200) return;
            await pause.WaitForNextTickAsync();
        }

        throw new TimeoutException("The session does not end.");
    }

    /// <summary>Presses what leads to another page, and waits for it.</summary>
    public async Task PressAsync(ILocator what, int expected = 200)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Loaded(object? sender, IPage page) => loaded.TrySetResult();
        Page.Load += Loaded;
        try
        {
            await what.ClickAsync();
            await loaded.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            Page.Load -= Loaded;
        }

        Expect(expected);
    }

    /// <summary>Submits the form that posts to an address ending so, by its first button or the one given.</summary>
    public Task SubmitAsync(string action, int expected = 200, string button = "button") =>
        PressAsync(Page.Locator($"main form[action$='{action}'] {button}").First, expected);

    /// <summary>Follows the first link in the page whose address contains this.</summary>
    public Task FollowAsync(string part) => PressAsync(Page.Locator($"main a[href*='{part}']").First);

    /// <summary>Types into fields, by their names.</summary>
    public async Task TypeAsync(params (string Field, string Value)[] fields)
    {
        foreach (var (field, value) in fields) await Page.Locator($"main [name='{field}']").FillAsync(value);
    }

    /// <summary>Chooses one of several, by name and value.</summary>
    public Task ChooseAsync(string field, string value) => Page.Locator($"main [name='{field}'][value='{value}']").CheckAsync();

    /// <summary>What a person reads.</summary>
    public Task<string> TextAsync() => Page.Locator("main").InnerTextAsync();

    /// <summary>Fails unless the page says this.</summary>
    public async Task ReadsAsync(string text) => Assert.Contains(text, (await TextAsync()).Replace('\u00a0', ' '), StringComparison.Ordinal);

    /// <summary>Looks at the page: no fault that axe knows, nothing to scroll sideways on a small telephone, and a picture; of the telephone too when asked.</summary>
    public async Task LookAsync(string name, bool narrow = false)
    {
        var number = Counters.AddOrUpdate(series, 1, (_, before) => before + 1);
        if (javaScript)
        {
            var found = await Page.RunAxe(Rules);
            Assert.Empty(found.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name} {Path}: {violation.Id}: {violation.Help}: {node.Html}")));
        }

        await ScreenshotAsync($"{series}-{number:00}-{name}");
        await Page.SetViewportSizeAsync(320, 640);
        var width = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        if (narrow) await ScreenshotAsync($"{series}-{number:00}-{name}-320");
        await Page.SetViewportSizeAsync(1366, 768);
        Assert.True(width <= 320, $"{name} {Path} is {width} pixels wide on a small telephone.");
    }

    /// <summary>Takes the steps of a test. What people had before them when it failed is kept; nobody may have seen anything wrong.</summary>
    public static async Task TakeAsync(Func<Task> steps, params Person[] people)
    {
        try
        {
            await steps();
        }
        catch
        {
            foreach (var person in people) await person.KeepAsync();
            throw;
        }
        finally
        {
            foreach (var person in people) await person.DisposeAsync();
        }

        Assert.Empty(people.SelectMany(person => person.complaints));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await context.CloseAsync();

    static string Folder => System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "screenshots"));

    async Task KeepAsync()
    {
        await ScreenshotAsync($"failed-{series}-{Page.Url.GetHashCode(StringComparison.Ordinal):x8}");
        await File.WriteAllTextAsync(System.IO.Path.Combine(Folder, $"failed-{series}.html"), await Page.ContentAsync());
    }

    Task ScreenshotAsync(string name) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = System.IO.Path.Combine(Folder, name + ".png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });

    void Expect(int expected) => Assert.True(status == expected, $"{Page.Url} answered {status} instead of {expected}");
}

using Grants.Testing;
using Microsoft.Playwright;

namespace Grants.EndToEnd.Tests.Browser;

/// <summary>The product with fresh data of the demonstration, and a browser to look at it. One for all tests of a class.</summary>
public class DemoInBrowser : IAsyncLifetime
{
    IPlaywright playwright = null!;
    IBrowser browser = null!;

    /// <summary>The product.</summary>
    public Running Product { get; private set; } = null!;

    /// <summary>In which shape it runs.</summary>
    protected virtual string Shape => Running.AllInOne;

    public async Task InitializeAsync()
    {
        Product = await Running.InShapeAsync(Shape);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // The one that is installed: nothing is downloaded, and it reports to nobody.
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.CloseAsync();
        playwright?.Dispose();
        await Product.DisposeAsync();
    }

    /// <summary>Somebody's browser window, signed out.</summary>
    /// <param name="series">What the names of its pictures begin with.</param>
    /// <param name="language">What the browser asks for.</param>
    /// <param name="javaScript">Whether scripts run.</param>
    public async Task<Person> SomebodyAsync(string series, string language = "en", bool javaScript = true)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Product.Address.ToString(),
            Locale = language,
            TimezoneId = "Europe/Sarajevo",
            JavaScriptEnabled = javaScript,
            ViewportSize = new ViewportSize { Width = 1366, Height = 768 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return new Person(context, await context.NewPageAsync(), Product.Address, series, javaScript);
    }
}

/// <summary>The same through the gateway, with the services apart.</summary>
public sealed class DemoApartInBrowser : DemoInBrowser
{
    protected override string Shape => Running.Apart;
}

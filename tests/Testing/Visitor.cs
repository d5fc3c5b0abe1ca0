using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Grants.Testing;

/// <summary>
/// A person with a browser that has no JavaScript: opens pages, fills forms by the names of their fields, and posts them with everything else the page had in them.
/// Faster than a real browser, for load and for following one grant's life through the pages.
/// </summary>
public sealed class Visitor : IDisposable
{
    readonly HttpClient http;

    /// <summary>Makes a visitor of the product at an address, or in this process behind <paramref name="handler"/>.</summary>
    public Visitor(Uri address, HttpMessageHandler? handler = null)
    {
        handler ??= new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), UseCookies = true };
        http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
    }

    /// <summary>The bare client, for what is not a page.</summary>
    public HttpClient Http => http;

    /// <summary>Opens a page, following redirects.</summary>
    public async Task<VisitedPage> OpenAsync(string path) => await FollowAsync(await http.GetAsync(path));

    /// <summary>Opens a page again and again until it is as expected: what other services do for it takes a moment.</summary>
    /// <exception cref="TimeoutException">Not within half a minute; with the last page's text.</exception>
    public async Task<VisitedPage> OpenWhenAsync(string path, Func<VisitedPage, bool> expected)
    {
        var patience = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var page = await OpenAsync(path);
            if (page.Status == HttpStatusCode.OK && expected(page)) return page;
            if (patience.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException($"{path} is not as expected: {(int)page.Status}\n{page.Text}");
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>Signs in on the demo page as the person whose form names them.</summary>
    public async Task SignInAsAsync(string name)
    {
        var demo = await OpenAsync("/account/demo");
        var form = demo.Document.Forms.FirstOrDefault(f => f.TextContent.Contains(name, StringComparison.Ordinal) || (f.ParentElement?.TextContent.Contains(name, StringComparison.Ordinal) ?? false))
            ?? throw new InvalidOperationException($"Nobody called {name} on the demo page:\n{demo.Text}");
        await SubmitAsync(demo, form, []);
    }

    /// <summary>Fills the form that posts to an address ending in <paramref name="action"/> and submits it.</summary>
    public Task<VisitedPage> SubmitAsync(VisitedPage page, string action, params (string Field, string Value)[] fields) => SubmitAsync(page, page.Form(action), fields);

    /// <summary>Fills a form and submits it as a browser would: all its fields, those given changed, to its action.</summary>
    public async Task<VisitedPage> SubmitAsync(VisitedPage page, IHtmlFormElement form, (string Field, string Value)[] fields, (string Field, string FileName, byte[] Content)? file = null)
    {
        var values = Values(form);
        foreach (var (field, value) in fields)
        {
            if (form.QuerySelector($"[name='{field}']") is null) throw new InvalidOperationException($"No field {field} in the form to {form.GetAttribute("action")}: {string.Join(", ", values.Keys)}");
            values[field] = value;
        }

        var action = form.GetAttribute("action") is { Length: > 0 } given ? given : page.Address.PathAndQuery;
        HttpContent content = new FormUrlEncodedContent(values);
        if (file is { } upload)
        {
            var multipart = new MultipartFormDataContent();
            foreach (var (name, value) in values) multipart.Add(new StringContent(value), name);
            multipart.Add(new ByteArrayContent(upload.Content) { Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") } }, upload.Field, upload.FileName);
            content = multipart;
        }

        return await FollowAsync(await http.PostAsync(new Uri(page.Address, action), content));
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    static Dictionary<string, string> Values(IHtmlFormElement form)
    {
        var values = new Dictionary<string, string>();
        foreach (var element in form.Elements)
        {
            var name = element.GetAttribute("name");
            if (string.IsNullOrEmpty(name)) continue;
            if (element is IHtmlInputElement input)
            {
                if (input.Type is "file" or "submit" || (input.Type is "radio" or "checkbox" && !input.IsChecked)) continue;
                values[name] = input.Value;
            }
            else if (element is IHtmlTextAreaElement area)
            {
                values[name] = area.Value;
            }
            else if (element is IHtmlSelectElement select)
            {
                values[name] = select.Value ?? "";
            }
        }

        return values;
    }

    async Task<VisitedPage> FollowAsync(HttpResponseMessage answer)
    {
        for (var hop = 0; hop < 10 && (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } location; hop++)
        {
            var next = new Uri(answer.RequestMessage!.RequestUri!, location);
            answer.Dispose();
            answer = await http.GetAsync(next);
        }

        using (answer)
        {
            var html = await answer.Content.ReadAsStringAsync();
            return new VisitedPage(answer.RequestMessage!.RequestUri!, answer.StatusCode, new HtmlParser().ParseDocument(html));
        }
    }
}

/// <summary>A page as it came.</summary>
/// <param name="Address">Where it ended up after redirects.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Document">The parsed page.</param>
public sealed record VisitedPage(Uri Address, HttpStatusCode Status, IHtmlDocument Document)
{
    /// <summary>What a person reads.</summary>
    public string Text => Document.QuerySelector("main")?.TextContent ?? Document.Body?.TextContent ?? "";

    /// <summary>The form that posts to an address ending so.</summary>
    public IHtmlFormElement Form(string action) =>
        Document.Forms.FirstOrDefault(form => (form.GetAttribute("action") ?? "").Split('?')[0].EndsWith(action, StringComparison.Ordinal))
        ?? throw new InvalidOperationException(
            $"{(int)Status} {Address.PathAndQuery}: no form to …{action}; there are: {string.Join(", ", Document.Forms.Select(form => form.GetAttribute("action")))}\n{Text}");

    /// <summary>Whether there is a form that posts to an address ending so.</summary>
    public bool HasForm(string action) => Document.Forms.Any(form => (form.GetAttribute("action") ?? "").Split('?')[0].EndsWith(action, StringComparison.Ordinal));

    /// <summary>The value of the choice whose label contains this.</summary>
    public string Choice(string label)
    {
        var found = Document.QuerySelectorAll("label").FirstOrDefault(l => l.TextContent.Contains(label, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{Address.PathAndQuery}: no choice called {label}\n{Text}");
        return Document.GetElementById(found.GetAttribute("for")!)!.GetAttribute("value")!;
    }

    /// <summary>The address of the first link whose address contains this.</summary>
    public string Link(string part) =>
        Document.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!).FirstOrDefault(href => href.Contains(part, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"{(int)Status} {Address.PathAndQuery}: no link with {part}\n{Text}");

    /// <summary>Fails unless the page came with this status.</summary>
    public VisitedPage Expect(HttpStatusCode status = HttpStatusCode.OK) =>
        Status == status ? this : throw new InvalidOperationException($"{Address.PathAndQuery} answered {(int)Status} instead of {(int)status}:\n{Text}");
}

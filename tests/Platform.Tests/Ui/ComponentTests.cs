using System.Text.RegularExpressions;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Testing;
using Microsoft.AspNetCore.Components;

namespace Grants.Platform.Tests.Ui;

public class ComponentTests
{
    static readonly IReadOnlyList<(string, string)> Options = [("a", "Association"), ("f", "Foundation")];

    [Fact]
    public async Task Every_field_names_its_hint_and_error_for_screen_readers()
    {
        string[] fields =
        [
            await UiApp.Markup<TextInput>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it" }),
            await UiApp.Markup<TextBox>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it", MaxCharacters = 30 }),
            await UiApp.Markup<MoneyInput>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it", Currency = "BAM" }),
            await UiApp.Markup<Choice>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it", Options }),
            await UiApp.Markup<Dropdown>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it", Options }),
            await UiApp.Markup<Tick>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it" }),
            await UiApp.Markup<FileInput>(new { Name = "lot[1].title", Label = "Title", Hint = "Short", Error = "Write it" }),
        ];
        foreach (var html in fields)
        {
            var described = Regex.Match(html, "aria-describedby=\"([^\"]+)\"").Groups[1].Value.Split(' ');
            Assert.Contains("lot-1--title-hint", described);
            Assert.Contains("lot-1--title-error", described);
            Assert.All(described, id => Assert.Contains($"id=\"{id}\"", html, StringComparison.Ordinal));
            Assert.Contains("id=\"lot-1--title\"", html, StringComparison.Ordinal);
            Assert.Contains("name=\"lot[1].title\"", html, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(html, "for=\"lot-1--title\""));
        }
    }

    [Fact]
    public async Task The_summary_links_to_the_fields()
    {
        var html = await UiApp.Markup<Errors>(new { Of = new FieldErrors().Add("lot[1].title", "Write it").Add("", "All of it is wrong") });
        Assert.Contains("<a href=\"#lot-1--title\">Write it</a>", html, StringComparison.Ordinal);
        Assert.Contains("All of it is wrong", html, StringComparison.Ordinal);
        Assert.Contains("tabindex=\"-1\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("error-summary", await UiApp.Markup<Errors>(new { Of = new FieldErrors() }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onfocus=\"alert(1)")]
    [InlineData("</textarea><script>")]
    public async Task What_was_typed_is_never_markup(string typed)
    {
        var input = await UiApp.Markup<TextInput>(new { Name = "a", Label = typed, Hint = typed, Error = typed, Value = typed });
        var box = await UiApp.Markup<TextBox>(new { Name = "a", Label = typed, Hint = typed, Error = typed, Value = typed });
        Assert.DoesNotContain(typed, input + box, StringComparison.Ordinal);
    }

    [SharedFact]
    public async Task Naughty_strings_come_back_as_they_were_typed()
    {
        await using var app = await UiApp.StartAsync((int i, bool box) => box
            ? Pages.Show<TextBox>(new { Name = "a", Label = "A", Value = Naughty.Strings[i] })
            : (Microsoft.AspNetCore.Http.IResult)Pages.Show<TextInput>(new { Name = "a", Label = "A", Value = Naughty.Strings[i] }));
        for (var i = 0; i < Naughty.Strings.Count; i++)
        {
            var wanted = Naughty.Strings[i];
            var input = await (await app.GetAsync($"/page?i={i}&box=false")).Content.ReadAsStringAsync();
            var box = await (await app.GetAsync($"/page?i={i}&box=true")).Content.ReadAsStringAsync();
            Assert.Equal(wanted, System.Net.WebUtility.HtmlDecode(Regex.Match(input, " value=\"([^\"]*)\"").Groups[1].Value));
            Assert.Equal("\n" + wanted, System.Net.WebUtility.HtmlDecode(Regex.Match(box, "<textarea[^>]*>([^<]*)</textarea>").Groups[1].Value));
        }
    }

    [Fact]
    public async Task Cyrillic_goes_out_as_letters()
    {
        var html = await UiApp.Markup<TextInput>(new { Name = "a", Label = "Назив удружења", Value = "Ђурђевдан" }, "mk");
        Assert.Contains("Назив удружења", html, StringComparison.Ordinal);
        Assert.Contains("value=\"Ђурђевдан\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_in_another_language_says_so()
    {
        var text = new Dictionary<string, string> { ["bs"] = "Poziv", ["en"] = "Call" };
        Assert.Equal("Poziv", (await UiApp.Markup<LocalText>(new { Of = text }, "bs")).Trim());
        Assert.Equal("<span lang=\"en\">Call</span>", (await UiApp.Markup<LocalText>(new { Of = text }, "mk")).Trim());
    }

    [Fact]
    public void A_missing_translation_is_shown_in_English_and_marked()
    {
        var page = Page("mk");
        Assert.Equal("<span lang=\"en\">Hello &lt;b&gt;</span>", page.Marked("probe.hello", "<b>").Value);
        Assert.Equal("<span lang=\"en\">Hello <b>x</b></span>", page.Marked("probe.hello", new MarkupString("<b>x</b>")).Value);
        Assert.Equal("Zdravo &amp;", Page("bs").Marked("probe.hello", "&").Value);
        Assert.Equal("Hello <b>", page.Plain("probe.hello", "<b>"));
    }

    [Theory]
    [InlineData("bs", 1, "1 poziv")]
    [InlineData("bs", 3, "3 poziva")]
    [InlineData("bs", 11, "11 javnih poziva")]
    [InlineData("bs", 21, "21 poziv")]
    [InlineData("en", 21, "21 calls")]
    [InlineData("mk", 21, "21 calls")]
    [InlineData("mk", 1, "1 call")]
    public void A_count_takes_the_form_of_its_language(string language, int count, string text) => Assert.Equal(text, Page(language).Count("probe.calls", count));

    static Probe Page(string language) => new() { Context = new PageContext(Caller.Anonymous, language, "/", new AppTime()) };

    [Fact]
    public async Task Money_and_times_are_written_as_the_language_does()
    {
        Assert.Contains("8.000,00\u00A0BAM", System.Net.WebUtility.HtmlDecode(await UiApp.Markup<Amount>(new { Of = new Money(800000, "BAM") }, "bs")), StringComparison.Ordinal);
        var instant = await UiApp.Markup<Instant>(new { At = new DateTimeOffset(2027, 1, 15, 22, 59, 0, TimeSpan.Zero), Zone = "Europe/Sarajevo" });
        Assert.Contains("datetime=\"2027-01-15T22:59:00Z\"", instant, StringComparison.Ordinal);
        Assert.Contains("23:59", instant, StringComparison.Ordinal);
        Assert.Contains("Sarajevo", instant, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_box_keeps_a_first_empty_line() =>
        Assert.Contains(">\n\nline</textarea>", System.Net.WebUtility.HtmlDecode(await UiApp.Markup<TextBox>(new { Name = "a", Label = "A", Value = "\nline" })), StringComparison.Ordinal);

    sealed class Probe : GrantsPage
    {
        public MarkupString Marked(string key, params object?[] args) => T(key, args);

        public string Plain(string key, params object?[] args) => S(key, args);

        public string Count(string key, int count) => N(key, count);
    }
}

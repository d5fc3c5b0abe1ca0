using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Grants.Platform.Http;
using Grants.Platform.Ui;
using Grants.Testing;

namespace Grants.Platform.Tests.Ui;

public class FrameTests
{
    static Caller Person(string language, params string[] roles) => new(Guid.NewGuid(), "Ana \"K\"", language, [.. roles.Select(role => new HeldRole(role, "*"))]);

    [Theory]
    [InlineData("mk", "bs", "en", "mk")] // the cookie first
    [InlineData(null, "bs", "mk", "bs")] // then the profile
    [InlineData("xx", "", "de;q=0.9, mk;q=0.8, en;q=0.1", "mk")] // then what the browser wishes
    [InlineData(null, "", "en;q=0.5, bs-BA", "bs")]
    [InlineData(null, "", "mk;q=0", "en")]
    [InlineData(null, "", "not a header ,,;", "en")]
    [InlineData(null, "", null, "en")]
    public async Task The_language_is_the_readers_choice(string? cookie, string profile, string? accept, string language)
    {
        await using var app = await UiApp.StartAsync(caller: Person(profile));
        var request = new HttpRequestMessage(HttpMethod.Get, "/account/help");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept-Language", accept);
        Assert.Contains($"<html lang=\"{language}\"", await (await app.SendAsync(request, cookie)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/help")]
    [InlineData("/account/privacy")]
    [InlineData("/account/accessibility")]
    public async Task Pages_of_the_frame_are_public_complete_and_without_inline_code(string url)
    {
        await using var app = await UiApp.StartAsync();
        foreach (var language in (string[])["en", "bs", "mk"])
        {
            var answer = await app.GetAsync(url, language);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.StartsWith("<!DOCTYPE html>", html.TrimStart(), StringComparison.Ordinal);
            Assert.Single(Regex.Matches(html, "<h1"));
            Assert.DoesNotMatch("<script(?![^>]*src=)|style=|\\son\\w+=", html);
            // Everything of the frame is translated: nothing is marked as English beside the language switch.
            if (language != "en") Assert.DoesNotContain("<span lang=\"en\">", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bs", "/calls?x=1", "/calls?x=1", true)]
    [InlineData("mk", "https://evil.example", "/", true)]
    [InlineData("mk", "//evil.example", "/", true)]
    [InlineData("mk", "/\\evil.example", "/", true)]
    [InlineData("xx", "/calls", "/calls", false)]
    public async Task The_language_switch_remembers_and_goes_back(string language, string back, string to, bool remembered)
    {
        await using var app = await UiApp.StartAsync();
        var answer = await app.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/account/language")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["language"] = language, ["return"] = back }),
        });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(to, answer.Headers.Location?.ToString());
        Assert.Equal(remembered, answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith($"lang={language};", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nobody_has_more_than_six_entries_and_everybody_has_what_they_work_with()
    {
        foreach (var first in Role.All)
        {
            foreach (var second in Role.All)
                Assert.InRange(Navigation.For(Person("en", first, second)).Count, 2, 6);
        }

        Assert.InRange(Navigation.For(Person("en", [.. Role.All])).Count, 6, 6);
        Assert.Equal(["calls"], Navigation.For(Caller.Anonymous).Select(entry => entry.Key));
        Assert.Equal(["calls", "applications", "myGrants", "inbox"], Navigation.For(Person("en")).Select(entry => entry.Key));
        Assert.Contains("/payments", Navigation.For(Person("en", Role.FinanceOfficer)).Select(entry => entry.Href));
        Assert.Contains("/reviews", Navigation.For(Person("en", Role.Evaluator)).Select(entry => entry.Href));
        Assert.Contains("/people", Navigation.For(Person("en", Role.Administrator)).Select(entry => entry.Href));
    }

    [Fact]
    public async Task A_signed_in_person_sees_their_name_and_can_sign_out_without_javascript()
    {
        await using var app = await UiApp.StartAsync(caller: Person("en"));
        var html = await (await app.GetAsync("/account/help")).Content.ReadAsStringAsync();
        Assert.Contains("Ana &quot;K&quot;", html, StringComparison.Ordinal);
        Assert.Contains("action=\"/account/sign-out\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/register", html, StringComparison.Ordinal);
        Assert.DoesNotContain("app-demo", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ink", "white")]
    [InlineData("ink", "paper")]
    [InlineData("ink", "focus")]
    [InlineData("teal", "white")]
    [InlineData("teal", "paper")]
    [InlineData("teal", "teal-pale")]
    [InlineData("teal", "amber-pale")]
    [InlineData("teal", "green-pale")]
    [InlineData("teal", "red-pale")]
    [InlineData("deep", "paper")]
    [InlineData("grey", "white")]
    [InlineData("grey", "paper")]
    [InlineData("amber", "amber-pale")]
    [InlineData("amber", "white")]
    [InlineData("green", "green-pale")]
    [InlineData("green", "white")]
    [InlineData("red", "red-pale")]
    [InlineData("red", "white")]
    public void Colours_that_meet_can_be_read(string text, string background)
    {
        var palette = Regex.Matches(File.ReadAllText(Path.Combine(Shared.Repository, "services/Platform/Ui/Assets/_palette.scss")), @"\$([\w-]+): #(\w{6});")
            .ToDictionary(match => match.Groups[1].Value, match => Luminance(match.Groups[2].Value));
        var (light, dark) = (Math.Max(palette[text], palette[background]), Math.Min(palette[text], palette[background]));
        Assert.True((light + 0.05) / (dark + 0.05) >= 4.5, $"{text} on {background}: {(light + 0.05) / (dark + 0.05):F2}");
    }

    static double Luminance(string hex)
    {
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(hex.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }
}

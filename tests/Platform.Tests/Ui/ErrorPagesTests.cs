using System.Net;
using System.Text.Json;

namespace Grants.Platform.Tests.Ui;

public class ErrorPagesTests
{
    [Theory]
    [InlineData("/refused", 409, "not possible in the present state")]
    [InlineData("/changed", 409, "Somebody else changed this")]
    [InlineData("/broken", 500, "mistake is ours")]
    [InlineData("/away", 503, "does not answer")]
    [InlineData("/large", 413, "too large")]
    [InlineData("/empty/403", 403, "another site")]
    [InlineData("/empty/404", 404, "not yours to see")]
    [InlineData("/empty/429", 429, "Wait a minute")]
    [InlineData("/empty/418", 418, "could not read")]
    [InlineData("/nowhere", 404, "not found")]
    public async Task An_error_is_a_page_in_plain_words(string url, int status, string words)
    {
        await using var app = await UiApp.StartAsync();
        var answer = await app.GetAsync(url);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.Contains("<main", html, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", html, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", html, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task An_address_that_forms_are_posted_to_leads_to_the_page_above()
    {
        await using var app = await UiApp.StartAsync();
        var answer = await app.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/account/language"));
        Assert.Equal((HttpStatusCode.Redirect, "/account"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Theory]
    [InlineData("/away?to=here", "could not confirm that this was saved", "/away?to=here")]
    [InlineData("/full", "nothing was saved", "/full")]
    public async Task What_was_typed_is_kept_on_the_page_to_be_sent_again(string url, string words, string action)
    {
        await using var app = await UiApp.StartAsync();
        var fields = new FormUrlEncodedContent([new("title", "Клупа „за све“"), new("id", "0193a1f0-7c40-7000-8000-000000000001"), new("tick", "1"), new("tick", "2")]);
        var answer = await app.SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = fields });
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(words, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Клупа „за све“", page.Body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page.Body.TextContent, StringComparison.Ordinal);
        var form = page.Forms.Single(form => form.GetAttribute("action") == action);
        Assert.Equal(["title=Клупа „за све“", "id=0193a1f0-7c40-7000-8000-000000000001", "tick=1", "tick=2"],
            form.QuerySelectorAll("input[type=hidden]").Select(input => $"{input.GetAttribute("name")}={input.GetAttribute("value")}"));
    }

    [Fact]
    public async Task A_password_is_not_written_into_a_page()
    {
        await using var app = await UiApp.StartAsync();
        var fields = new FormUrlEncodedContent([new("email", "ana@example.org"), new("password", "kruška")]);
        var html = await (await app.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/away") { Content = fields })).Content.ReadAsStringAsync();
        Assert.DoesNotContain("kruška", html, StringComparison.Ordinal);
        Assert.DoesNotContain("ana@example.org", html, StringComparison.Ordinal);
        Assert.Contains("Try again in a few minutes", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_is_a_page()
    {
        await using var app = await UiApp.StartAsync();
        var answer = await app.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/broken"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("button on the page", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/empty/503", true)]
    [InlineData("/broken", true)]
    [InlineData("/empty/404", false)]
    public async Task Only_our_own_mistakes_have_a_number_to_mention(string url, bool number)
    {
        await using var app = await UiApp.StartAsync();
        Assert.Equal(number, (await (await app.GetAsync(url)).Content.ReadAsStringAsync()).Contains("mention this number", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_api_answers_with_a_problem_in_the_readers_language()
    {
        await using var app = await UiApp.StartAsync();
        var answer = await app.GetAsync("/api/broken", "bs");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("Došlo je do greške kod nas", problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(500, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("traceId").GetString()!);
    }

    [Fact]
    public async Task An_answer_with_words_of_its_own_keeps_them()
    {
        await using var app = await UiApp.StartAsync();
        Assert.Equal("own words", await (await app.GetAsync("/own")).Content.ReadAsStringAsync());
    }
}

using System.Net;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Accounts.Tests.SignIn;

/// <summary>Somebody types for a long time, the session ends, and nothing is lost.</summary>
public sealed class SessionEndedTests
{
    [Theory]
    [InlineData("Удружење „Нада“ из Берковића: ђачка кухиња & више")]
    [InlineData("<script>alert('x')</script>\"'&amp;")]
    [InlineData("  spaces around  ")]
    public async Task The_fields_come_back_after_the_sign_in_and_are_sent_where_they_were_meant_for(string typed)
    {
        await using var app = await AccountsApp.StartAsync();
        var ana = await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();

        var refused = await browser.PostAsync("/account/profile", ("name", typed), ("language", "bs"), ("some-password", "never carried"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var html = await refused.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script>alert", html);
        Assert.DoesNotContain("never carried", html);

        // A wrong password first: what is carried stays.
        var page = await Browser.PageAsync(refused);
        var wrong = await browser.SubmitAsync(page, "/account/sign-in", ("email", "ana@nada.example"), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);

        var right = await browser.SubmitAsync(await Browser.PageAsync(wrong), "/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        var next = await Browser.PageAsync(right);
        Assert.Contains(typed.Trim(), next.QuerySelector("main")!.TextContent);
        Assert.Contains("Ana", next.QuerySelector(".app-person")!.TextContent);
        Assert.Equal(typed, next.QuerySelector("main form input[name=name]")!.GetAttribute("value"));

        var sent = await browser.SubmitAsync(next, "/account/profile");
        Assert.Equal("/account?saved=profile", sent.Headers.Location!.OriginalString);
        Assert.Equal(typed.Trim(), (await app.Db(db => db.People.AsNoTracking().SingleAsync(person => person.Id == ana))).Name);
    }

    [SharedFact]
    public async Task Strings_that_break_software_come_through_unharmed()
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var strings = Naughty.Strings.Select((text, index) => ($"answer-{index}", text)).ToArray();
        foreach (var some in strings.Chunk(100))
        {
            var page = await Browser.PageAsync(await browser.PostAsync("/account/profile", some));
            var next = await Browser.PageAsync(await browser.SubmitAsync(page, "/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password)));
            var form = next.Forms.Single(found => found.GetAttribute("action") == "/account/profile");
            foreach (var (name, text) in some) Assert.Equal(PostedForm.Clean(text), form.QuerySelector($"input[name='{name}']")!.GetAttribute("value"));
            await browser.PostAsync("/account/sign-out");
        }
    }

    [Fact]
    public async Task A_file_is_not_carried_and_the_page_says_so()
    {
        await using var app = await AccountsApp.StartAsync();
        using var browser = app.NewBrowser();
        using var upload = new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "file", "statute.pdf" }, { new StringContent("x"), "name" } };
        var request = new HttpRequestMessage(HttpMethod.Post, "/account/profile") { Content = upload };
        request.Headers.Add("Referer", "http://localhost:8080/apply/1/documents");
        var refused = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var page = await Browser.PageAsync(refused);
        Assert.Null(page.QuerySelector($"input[name='{CarriedForm.PathField}']"));
        Assert.Equal("/apply/1/documents", page.QuerySelector("main input[name=return]")!.GetAttribute("value"));
        Assert.Contains("choose the file again", page.QuerySelector("main")!.TextContent);
    }

    [Theory]
    [InlineData("https://evil.example/steal")]
    [InlineData("//evil.example/steal")]
    [InlineData("/\\evil.example")]
    public async Task Carried_fields_are_never_sent_elsewhere(string path)
    {
        await using var app = await AccountsApp.StartAsync();
        await app.AddAsync("Ana", "ana@nada.example");
        using var browser = app.NewBrowser();
        var answer = await browser.PostAsync("/account/sign-in", ("email", "ana@nada.example"), ("password", AccountsApp.Password), (CarriedForm.PathField, path), (CarriedForm.Prefix + "iban", "BA39..."));
        Assert.Equal("/inbox", answer.Headers.Location!.OriginalString);
    }
}

using System.Net;
using Grants.Platform.Http;
using Grants.Platform.Tests.Edge;

namespace Grants.Platform.Tests.Http;

public sealed class AccessTests
{
    [Theory]
    [InlineData("/", false, 200)]
    [InlineData("/inbox", false, 302)]
    [InlineData("/inbox", true, 200)]
    [InlineData("/people", true, 404)]
    [InlineData("/ledger", true, 200)]
    [InlineData("/ledger", false, 302)]
    [InlineData("/api/inbox", false, 401)]
    [InlineData("/api/inbox", true, 200)]
    [InlineData("/forgotten", true, 404)]
    public async Task A_route_lets_in_whom_its_rule_names(string path, bool signedIn, int status)
    {
        await using var edge = await EdgeApp.StartAsync();
        Assert.Equal(status, (int)(await edge.SendAsync(HttpMethod.Get, path, signedIn)).StatusCode);
    }

    [Fact]
    public async Task A_route_without_a_rule_is_loud_in_development()
    {
        await using var edge = await EdgeApp.StartAsync(environment: "Development");
        var answer = await edge.SendAsync(HttpMethod.Get, "/forgotten");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("no access rule", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_page_is_found_again_after_the_sign_in()
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(HttpMethod.Get, "/inbox?page=2&q=%C5%A0");
        Assert.Equal("/account/sign-in?return=%2Finbox%3Fpage%3D2%26q%3D%25C5%25A0", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_script_gets_a_problem_and_no_page()
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(HttpMethod.Get, "/api/inbox");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Autosave_gets_a_bare_refusal_since_the_page_still_has_the_text()
    {
        await using var edge = await EdgeApp.StartAsync();
        var answer = await edge.SendAsync(HttpMethod.Post, "/inbox", false, new FormUrlEncodedContent([new("text", "Zdravo")]), (AccessFilter.AutosaveHeader, AccessFilter.Autosave));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/", "applications")]
    [InlineData("/calls/x", "applications")]
    [InlineData("/api/reviews/1", "reviews")]
    [InlineData("/operations/disbursements/outbox", "disbursements")]
    [InlineData("/ACCOUNT/sign-in", "accounts")]
    [InlineData("/grants.css", null)]
    public void A_path_belongs_to_one_service(string path, string? service) => Assert.Equal(service, Routes.ServiceFor(path));
}

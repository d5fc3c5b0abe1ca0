using System.Net;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Testing;

namespace Grants.Applications.Tests.Features.Calls;

[Trait("Database", "both")]
public sealed class CallSearchTests
{
    static readonly Guid Regional = new("01930000-0000-7000-8000-000000000011"), Coming = new("01930000-0000-7000-8000-000000000012"), Closed = new("01930000-0000-7000-8000-000000000013");

    static readonly (string Query, string Titles)[] Found =
    [
        ("", "Small grants|Village fund|Next year|Last year"),
        ("?q=zepce", "Small grants|Next year|Last year"),
        ("?q=Жепче", "Small grants|Next year|Last year"),
        ("?q=fondi+i+fshatrave", "Village fund"),
        ("?q=seoski+fond", "Village fund"),
        ("?q=сеоски+ФОНД", "Village fund"),
        ("?q=shkoder", "Village fund"),
        ("?q=norveska", "Village fund"),
        ("?q=nothing+of+that", ""),
        ("?country=AL", "Village fund"),
        ("?country=BA", "Small grants|Village fund|Next year|Last year"),
        ("?language=mk", "Small grants|Next year|Last year"),
        ("?status=open", "Small grants|Village fund"),
        ("?status=coming", "Next year"),
        ("?status=closed", "Last year"),
        ("?amount=9.000,00", "Small grants|Next year|Last year"),
        ("?amount=4000", "Small grants|Village fund|Next year|Last year"),
        ("?amount=900", "Village fund"),
        ("?amount=1500", ""),
        ("?q=grants&country=BA&language=mk&amount=4000&status=open", "Small grants"),
        ("?q=&country=&language=&amount=&status=", "Small grants|Village fund|Next year|Last year"),
    ];

    [Fact]
    public async Task Calls_are_found_by_what_stands_in_the_address()
    {
        await using var world = await WorldAsync();
        foreach (var (query, titles) in Found)
        {
            var page = await world.PageAsync(Caller.Anonymous, "/calls" + query);
            var wanted = titles.Split('|', StringSplitOptions.RemoveEmptyEntries);
            var there = new[] { "Small grants", "Village fund", "Next year", "Last year" }.Where(title => page.Contains(title + " For everybody", StringComparison.Ordinal));
            Assert.Equal($"{query}: {titles}", $"{query}: {string.Join('|', there)}");
            Assert.Contains(wanted.Length == 1 ? "1 call " : $"{wanted.Length} calls ", page);
            if (wanted.Length == 0) Assert.Contains("No call fits Use fewer words, or remove the filters to see all calls. Remove filters", page);
        }
    }

    [Theory]
    [InlineData("amount", "lots", "amount-error", null)]
    [InlineData("amount", "1.234", "amount-error", null)]
    [InlineData("country", "Atlantis", "country-error", "There is no call for the country “Atlantis”.")]
    [InlineData("language", "tlh", "language-error", "There is no call in the language “tlh”.")]
    [InlineData("status", "ajar", "status-error", "A call cannot be “ajar”.")]
    public async Task A_wrong_value_is_said_beside_its_field_and_kept(string field, string value, string error, string? sentence)
    {
        await using var world = await WorldAsync();
        var client = world.As(Caller.Anonymous);
        client.DefaultRequestHeaders.Add("Cookie", "lang=en");
        var answer = await client.GetAsync($"/calls?status=open&{field}={value}".Replace("status=open&status=", "status=", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains($"id=\"{error}\"", html);
        Assert.Matches($"value=\"{value}\"", html);
        if (sentence is not null) Assert.Contains(sentence, html);
        var text = await World.TextAsync(answer);
        Assert.Contains(field == "status" ? "4 calls What is marked above was left out." : "2 calls What is marked above was left out.", text);
    }

    [Fact]
    public async Task What_is_typed_is_text_and_never_markup()
    {
        await using var world = await WorldAsync();
        var html = await world.As(Caller.Anonymous).GetStringAsync("/calls?q=%3Cscript%3Ealert(1)%3C/script%3E%00%ED%A0%80");
        Assert.DoesNotContain("<script>alert", html);
    }

    [Fact]
    public async Task Open_calls_stand_in_the_order_of_their_closing()
    {
        await using var world = await WorldAsync();
        await world.PublishAsync(Named(World.Call(Guid.CreateVersion7(), closesAt: "2027-01-10T12:00:00"), "Soonest"));
        var page = await world.PageAsync(Caller.Anonymous, "/calls");
        Assert.True(page.IndexOf("Soonest", StringComparison.Ordinal) < page.IndexOf("Small grants", StringComparison.Ordinal));
        Assert.True(page.IndexOf("Small grants", StringComparison.Ordinal) < page.IndexOf("Village fund", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_looks_for_a_language_reads_the_calls_in_it_and_goes_on_in_it()
    {
        await using var world = await WorldAsync();
        var html = await world.As(Caller.Anonymous).GetStringAsync("/calls?language=sq");
        Assert.Contains($"/calls/{Regional}?language=sq", html);
        Assert.Contains("<span lang=\"sq\">Fondi i fshatrave</span>", html);
        Assert.Contains("1 call", html);
    }

    static async Task<World> WorldAsync()
    {
        var world = await World.StartAsync(Named(World.Call(), "Small grants"));
        await world.PublishAsync(Named(World.Call(Coming).Opening("2027-02-01T08:00:00").Closing("2027-03-01T23:59:59"), "Next year"));
        await world.PublishAsync(Named(World.Call(Closed).Opening("2026-02-01T08:00:00").Closing("2026-03-01T23:59:59"), "Last year"));
        await world.PutAsync(SampleCall.In("en", "sq", "sr-Cyrl") with
        {
            Id = Regional,
            Title = new() { ["en"] = "Village fund", ["sq"] = "Fondi i fshatrave", ["sr-Cyrl"] = "Сеоски фонд" },
            Summary = new() { ["en"] = "For everybody" },
            Funder = "Norveška",
            Countries = ["AL", "BA"],
            Places = ["Shkodër"],
            Currency = "EUR",
            // 1,500 is taken by neither of the two.
            Lots = [new("small", SampleCall.Text(["en"], "Small"), 5_000_000, 50_000, 100_000), new("large", SampleCall.Text(["en"], "Large"), 5_000_000, 300_000, 500_000)],
        });
        return world;
    }

    static CallDefinition Named(CallDefinition call, string title) => call with { Title = SampleCall.Text(call.Languages, title), Summary = SampleCall.Text(call.Languages, "For everybody") };
}

using System.Net;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Testing;

namespace Grants.Applications.Tests.Features.Calls;

public sealed class CallReadingTests
{
    static readonly string[] Languages = ["en", "sq", "sr-Latn", "bs"];

    [Fact]
    public async Task A_call_is_read_in_each_of_its_languages_and_what_is_not_translated_says_so()
    {
        await using var world = await World.StartAsync(Call());
        var html = await HtmlAsync(world, "?language=sq", "en");
        Assert.Contains("<html lang=\"en\"", html);
        Assert.Contains("<span lang=\"sq\">Fondi i fshatrave</span>", html);
        Assert.Contains("href=\"/calls/" + World.CallId + "?language=sr-Latn\" lang=\"sr-Latn\"", html);
        Assert.Contains("Srpski (latinica)", html);
        var text = await world.PageAsync(Caller.Anonymous, $"/calls/{World.CallId}?language=sq");
        Assert.Contains("Fondi i fshatrave", text);
        Assert.Contains("Who may apply", text);
        Assert.Contains("Only in English. (English)", text);
        // The reader's own language comes before English where the text has it.
        Assert.Contains("I na bosanskom. (Bosanski)", await world.PageAsync(Caller.Anonymous, $"/calls/{World.CallId}?language=sq", "bs"));
    }

    [Fact]
    public async Task A_link_in_a_language_of_the_pages_is_read_in_it_whatever_the_reader_chose_before()
    {
        await using var world = await World.StartAsync(Call());
        var html = await HtmlAsync(world, "?language=bs", "mk");
        Assert.Contains("<html lang=\"bs\"", html);
        Assert.Contains("Ko se može prijaviti", html);
        // The language switch leads back without it: otherwise it would do nothing.
        Assert.Contains($"name=\"return\" value=\"/calls/{World.CallId}\"", html);
        Assert.Contains("<html lang=\"mk\"", await HtmlAsync(world, "?language=xx", "mk"));
    }

    [Fact]
    public async Task A_reader_without_the_language_gets_the_nearest_one()
    {
        await using var world = await World.StartAsync(Call() with { Languages = ["en", "sr-Latn"] });
        Assert.Contains("<span lang=\"sr-Latn\">Fond za sela</span>", await HtmlAsync(world, "", "bs"));
        Assert.Contains("<span lang=\"en\">Village fund</span>", await HtmlAsync(world, "", "mk"));
    }

    [Theory]
    [InlineData("en", "Registration certificate Whoever represents your organisation, and each partner Signed and stamped With the application, by Friday 15 January 2027, 23:59 (Sarajevo)",
        "Tax certificate Whoever represents your organisation Signed After you are provisionally selected",
        "Grant agreement Whoever represents your organisation, and Agency Printed, signed and scanned With the agreement, before it takes effect",
        "Statement of costs Whoever represents your organisation Signed With each report")]
    [InlineData("bs", "Rješenje Ko zastupa vašu organizaciju, i svaki partner Potpisom i pečatom Uz prijavu, do: petak, 15. januar 2027. u 23:59 (Sarajevo)",
        "Ugovor o grantu Ko zastupa vašu organizaciju, i Agency Odštampan, potpisan i skeniran Uz ugovor, prije nego što stupi na snagu")]
    public async Task Who_must_sign_what_by_when_stands_in_one_table(string language, params string[] rows)
    {
        await using var world = await World.StartAsync(Call());
        var page = await world.PageAsync(Caller.Anonymous, $"/calls/{World.CallId}", language);
        foreach (var row in rows) Assert.Contains(row, page);
        Assert.DoesNotContain(language == "en" ? "Photographs Whoever" : "Fotografije Ko", page);
    }

    static readonly string[] Said =
    [
        "The organisation is from: Albania, Bosnia and Herzegovina.",
        "It has been registered for at least 12 months when the call opens.",
        "Its yearly budget was at most 17,000.00 BAM in each of the last 2 years. The same holds for each partner.",
        "You apply with 1 to 5 partners. At least 1 partner is from another country than you. An organisation may submit 1 application of its own. It may be a partner in 1 application. If there are more, all of them are out.",
        "You add at least 7.5% of the total eligible cost. At most 20% counts. Work and things count, too.",
        "3 to 8 months",
        "Questions are answered until Friday 8 January 2027, 16:00 (Sarajevo)",
        "Small projects 20,000.00 BAM 500.00 BAM 1,000.00 BAM",
        "National evaluation: 2 evaluators for the applicant’s country",
        "Relevance (up to 10 points)",
        "You may object within 8 days of the letter. Agreements are signed only when that time is over.",
        "The objection is decided by: Complaints board",
        "If something is unclear you are asked, and have 5 days to answer.",
        "How many people? A whole number from 1 to 500.",
        "Which role? Choose one: Only if you answered “Yes” to: With a partner?",
        "Other costs An amount in BAM. You may leave it open.",
        "Indirect costs Overheads: at most 7% of Staff, Travel.",
        "Only if you are provisionally selected Tax certificate (required) Signed",
        "Registration certificate (required) One from you and one from each partner · Signed and stamped",
        "80% when the agreement has taken effect.",
        "20% when the final report is accepted. 70% of what was paid before must be spent.",
        "30 days after the end of the project",
    ];

    [Fact]
    public async Task What_the_definition_says_is_said_in_words()
    {
        await using var world = await World.StartAsync(Call());
        var page = await world.PageAsync(Caller.Anonymous, $"/calls/{World.CallId}");
        foreach (var sentence in Said) Assert.Contains(sentence, page);
    }

    [Fact]
    public async Task The_deadline_carries_what_the_browser_needs_to_show_it_on_the_readers_clock()
    {
        await using var world = await World.StartAsync(Call());
        Assert.Contains("data-yours=\"on your clock: {0}\" data-at=\"2027-01-15T22:59:59Z\" data-there=\"2027-01-15T23:59\"", await HtmlAsync(world, "", "en"));
    }

    static async Task<string> HtmlAsync(World world, string query, string language)
    {
        var client = world.As(Caller.Anonymous);
        client.DefaultRequestHeaders.Add("Cookie", $"lang={language}");
        return WebUtility.HtmlDecode(await client.GetStringAsync($"/calls/{World.CallId}{query}"));
    }

    static CallDefinition Call()
    {
        var call = SampleCall.In(Languages) with
        {
            Id = World.CallId,
            Title = new() { ["en"] = "Village fund", ["sq"] = "Fondi i fshatrave", ["sr-Latn"] = "Fond za sela", ["bs"] = "Seoski fond" },
            Summary = new() { ["en"] = "Only in English." },
            Objectives = [new() { ["en"] = "Also in Bosnian.", ["bs"] = "I na bosanskom." }],
            Countries = ["AL", "BA"],
            Lots = [new("small", Text("Small projects", "Mali projekti"), 2_000_000, 50_000, 100_000), new("large", Text("Large projects", "Veliki projekti"), 8_000_000, 300_000, 500_000)],
            Cofinancing = new(750, 2_000, true),
            Duration = new(3, 8, "2027-03-01", ""),
            Applicants = new(1, 1, TooManyRule.AllOut, 1, 5, 1, 1_700_000, 2, true, 12, false),
            Documents =
            [
                new("registration", Text("Registration certificate", "Rješenje"), DocumentMoment.Application, true, true, SignedRule.SignedAndStamped),
                new("photographs", Text("Photographs", "Fotografije"), DocumentMoment.Application, false, false, SignedRule.No),
                new("tax", Text("Tax certificate", "Porezna potvrda"), DocumentMoment.Selected, true, false, SignedRule.Signed),
                new("costs", Text("Statement of costs", "Pregled troškova"), DocumentMoment.Report, true, false, SignedRule.Signed),
            ],
            Signatures = [SignatureMethod.SignedScan],
            Budget = new(
                [new("staff", Text("Staff", "Osoblje")), new("travel", Text("Travel", "Putovanja")), new("overheads", Text("Overheads", "Režije"))],
                [new("indirect", Text("Indirect costs", "Indirektni troškovi"), ["overheads"], ["staff", "travel"], 700, null)]),
            Instalments = [new(8_000, "agreement-in-force"), new(2_000, "final-report-accepted", 7_000)],
            Reports = [new("final", Text("Final report", "Završni izvještaj"), true, 30)],
        };
        return call.WithIntake(intake => intake with { QuestionsUntil = "2027-01-08T16:00:00" }).Asking(EveryKind.Call().Questions).With(stage => stage switch
        {
            { Evaluation: { } evaluation } => stage with { Evaluation = evaluation with { Evaluators = 2, FromCountryOfApplicant = true } },
            { Decision: { } decision } => stage with { Decision = decision with { Objection = new(8, false, true, Text("Complaints board", "Komisija za prigovore")) } },
            _ => stage,
        });
    }

    static Dictionary<string, string> Text(string en, string bs) => new() { ["en"] = en, ["bs"] = bs };
}

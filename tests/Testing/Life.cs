using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Grants.Testing;

/// <summary>
/// The life of one grant in the demonstration, step by step through its pages, by the people whose work each step is. The steps are the same for the journey
/// that looks at traces, for the load under which the process is killed, and for measurements.
/// </summary>
public sealed partial class Life : IDisposable
{
    /// <summary>The demonstration's call.</summary>
    public static readonly Guid Call = new("0193a1f0-7c40-7000-8000-000000000001");

    /// <summary>The demonstration's people.</summary>
    public const string Applicant = "Ana Kovačević", CyrillicApplicant = "Јелена Симић", Officer = "Emir Hadžić", Evaluator = "Lejla Begić", Chair = "Senada Alić",
        DecisionMaker = "Ivana Marić", Finance = "Amra Suljić", OtherFinance = "Nikola Babić";

    readonly ConcurrentDictionary<string, Visitor> visitors = new();
    readonly Uri address;

    /// <summary>People of the product at this address; each signs in when first needed.</summary>
    public Life(Uri address) => this.address = address;

    /// <summary>A visitor who is signed in as this person.</summary>
    public async Task<Visitor> AsAsync(string person)
    {
        if (visitors.TryGetValue(person, out var known)) return known;
        var visitor = new Visitor(address);
        await visitor.SignInAsAsync(person);
        return visitors.GetOrAdd(person, visitor);
    }

    /// <summary>Registers an organisation of the applicant's; its id.</summary>
    public async Task<Guid> RegisterOrganisationAsync(string name, string person = Applicant)
    {
        var ana = await AsAsync(person);
        var page = (await ana.OpenAsync($"/organisations/new?call={Call}")).Expect();
        page = await ana.SubmitAsync(page, "/organisations/new", ("name", name), ("number", "RU-1-" + Random.Shared.Next(100, 999)), ("country", "BA"), ("street", "Obala"),
            ("house", "1"), ("postcode", "88280"), ("town", "Nevesinje"));
        page.Expect();
        var choice = (await ana.OpenAsync($"/apply/{Call}")).Expect().Document.QuerySelectorAll("form label")
            .Single(label => label.TextContent.Contains(name, StringComparison.Ordinal)).GetAttribute("for");
        return new Guid((await ana.OpenAsync($"/apply/{Call}")).Document.GetElementById(choice!)!.GetAttribute("value")!);
    }

    /// <summary>Starts (or resumes) the organisation's draft; the application's id.</summary>
    public async Task<Guid> StartAsync(Guid organisation, string person = Applicant)
    {
        var ana = await AsAsync(person);
        var page = (await ana.OpenAsync($"/apply/{Call}")).Expect();
        page = (await ana.SubmitAsync(page, $"/apply/{Call}", ("organisation", organisation.ToString()))).Expect();
        return new Guid(GuidInPath().Match(page.Address.AbsolutePath).Value);
    }

    /// <summary>Answers every question and attaches the document.</summary>
    public async Task FillAsync(Guid application, string title, string amount, string answer, string person = Applicant)
    {
        var ana = await AsAsync(person);
        var page = (await ana.OpenAsync($"/applications/{application}/draft")).Expect();
        (await ana.SubmitAsync(page, $"/applications/{application}/draft", ("title", title), ("amount", amount), ("months", "6"), ("starts", "1.3.2027"),
            ("q-problem", answer), ("q-activities", answer), ("q-change", answer), ("q-municipality", answer))).Expect();
        page = (await ana.OpenAsync($"/applications/{application}/documents")).Expect();
        var upload = page.Form("/documents/registration");
        var field = upload.QuerySelector("input[type=file]")!.GetAttribute("name")!;
        (await ana.SubmitAsync(page, upload, [], (field, "registration.pdf", Pdf))).Expect();
    }

    /// <summary>Submits; the receipt's page.</summary>
    public async Task<VisitedPage> SubmitAsync(Guid application, string person = Applicant)
    {
        var ana = await AsAsync(person);
        var page = (await ana.OpenAsync($"/applications/{application}/check")).Expect();
        return await ana.SubmitAsync(page, "/submission", ("declaration", "yes"));
    }

    /// <summary>An application from nothing to the receipt.</summary>
    public async Task<Guid> ApplyAsync(string organisationName, string person = Applicant)
    {
        var application = await StartAsync(await RegisterOrganisationAsync(organisationName, person), person);
        await FillAsync(application, "Mladi za svoje mjesto", "8.000,00", "Razgovarali smo sa stanovnicima i općinom.", person);
        (await SubmitAsync(application, person)).Expect();
        return application;
    }

    /// <summary>The officer finds it eligible.</summary>
    public async Task CheckAsync(Guid application)
    {
        var emir = await AsAsync(Officer);
        var page = (await emir.OpenAsync($"/desk/applications/{application}")).Expect();
        var form = page.Form("/check");
        var yes = form.QuerySelectorAll("input[type=radio]").Select(radio => radio.GetAttribute("name")!).Distinct().Select(name => (name, "yes")).ToList();
        (await emir.SubmitAsync(page, form, [.. yes, ("reason", "Complete and in time.")])).Expect();
    }

    /// <summary>The clock is moved past the closing time.</summary>
    public async Task CloseCallAsync()
    {
        using var visitor = new Visitor(address);
        var page = (await visitor.OpenAsync("/account/demo")).Expect();
        var form = page.Form("/account/demo/clock");
        var field = form.QuerySelector("input:not([type=hidden])")!.GetAttribute("name")!;
        (await visitor.SubmitAsync(page, form, [(field, "2027-01-16T08:00")])).Expect();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var visitor in visitors.Values) visitor.Dispose();
    }

    /// <summary>A one-page PDF.</summary>
    public static byte[] Pdf { get; } = Encoding.ASCII.GetBytes(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
        + "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n173\n%%EOF\n");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex GuidInPath();
}

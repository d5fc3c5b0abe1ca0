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

    /// <summary>The call that people apply to and decide about.</summary>
    public Guid CallId { get; set; } = Call;

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
        var page = (await ana.OpenAsync($"/organisations/new?call={CallId}")).Expect();
        page = await ana.SubmitAsync(page, "/organisations/new", ("name", name), ("number", "RU-1-" + Random.Shared.Next(100, 999)), ("country", "BA"), ("street", "Obala"),
            ("house", "1"), ("postcode", "88280"), ("town", "Nevesinje"));
        page.Expect();
        return new Guid((await ana.OpenAsync($"/apply/{CallId}")).Expect().Choice(name));
    }

    /// <summary>Starts (or resumes) the organisation's draft; the application's id.</summary>
    public async Task<Guid> StartAsync(Guid organisation, string person = Applicant)
    {
        var ana = await AsAsync(person);
        var page = (await ana.OpenAsync($"/apply/{CallId}")).Expect();
        page = (await ana.SubmitAsync(page, $"/apply/{CallId}", ("organisation", organisation.ToString()))).Expect();
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

    /// <summary>The clock is moved past the closing time of the demonstration's call.</summary>
    public Task CloseCallAsync() => MoveClockAsync("2027-01-16T08:00");

    /// <summary>The clock is moved to a moment in Sarajevo.</summary>
    public async Task MoveClockAsync(string moment)
    {
        using var visitor = new Visitor(address);
        var page = (await visitor.OpenAsync("/account/demo")).Expect();
        var form = page.Form("/account/demo/clock");
        var field = form.QuerySelector("input:not([type=hidden])")!.GetAttribute("name")!;
        (await visitor.SubmitAsync(page, form, [(field, moment)])).Expect();
    }

    /// <summary>The officer assigns the evaluator.</summary>
    public async Task AssignAsync(Guid application)
    {
        var emir = await AsAsync(Officer);
        var page = await emir.OpenWhenAsync($"/reviews/assign/{application}", p => p.HasForm($"/assign/{application}"));
        (await emir.SubmitAsync(page, $"/assign/{application}", ("evaluator", page.Choice(Evaluator)))).Expect();
    }

    /// <summary>An evaluator declares to be impartial, scores every criterion and submits. The application's reference finds the assignment.</summary>
    /// <param name="reference">Reference of the application.</param>
    /// <param name="person">The evaluator.</param>
    /// <param name="belowBest">How far below the best of each scale the scores are.</param>
    public async Task ReviewAsync(string reference, string person = Evaluator, int belowBest = 1)
    {
        var lejla = await AsAsync(person);
        var list = await lejla.OpenWhenAsync("/reviews", p => p.Text.Contains(reference, StringComparison.Ordinal));
        var path = list.Document.QuerySelectorAll("a[href^='/reviews/']").First(link => link.TextContent.Contains(reference, StringComparison.Ordinal)).GetAttribute("href")!;
        var page = await DeclareAboutAsync(lejla, (await lejla.OpenAsync(path)).Expect());
        if (!page.HasForm("/scores")) page = (await lejla.SubmitAsync(page, "/declaration", ("declaration", "none"))).Expect();
        var form = page.Form("/scores");
        var names = form.QuerySelectorAll("input[type=radio]").GroupBy(radio => radio.GetAttribute("name")!).Select(scale => (scale.Key, scale.SkipLast(belowBest).Last().GetAttribute("value")!))
            .Concat(form.QuerySelectorAll("textarea").Select(area => (area.GetAttribute("name")!, "The plan is clear, and the municipality takes part.")));
        page = (await lejla.SubmitAsync(page, form, [.. names, ("then", "check")])).Expect();
        (await lejla.SubmitAsync(page, "/submission")).Expect();
    }

    /// <summary>Whoever is asked about the organisations in the call first declares that there is no conflict; the page they wanted.</summary>
    public static async Task<VisitedPage> DeclareAboutAsync(Visitor person, VisitedPage page) =>
        page.HasForm("/conflicts") ? (await person.SubmitAsync(page, "/conflicts", ("confirm", "yes"))).Expect() : page;

    /// <summary>The chair records that the committee recommends funding.</summary>
    public async Task RecommendAsync(Guid application, string amount = "8000.00")
    {
        var senada = await AsAsync(Chair);
        var path = $"/ranking/{CallId}/applications/{application}";
        await DeclareAboutAsync(senada, await senada.OpenWhenAsync(path, p => p.HasForm(path) || p.HasForm("/conflicts")));
        var page = await senada.OpenWhenAsync(path, p => p.HasForm(path));
        (await senada.SubmitAsync(page, path, ("fund", "yes"), ("amount", amount), ("reason", "Above the threshold, and there is money."))).Expect();
    }

    /// <summary>The decision-maker awards what was recommended.</summary>
    public async Task DecideAsync(Guid application)
    {
        var ivana = await AsAsync(DecisionMaker);
        var page = await ivana.OpenWhenAsync($"/decisions/{application}", p => p.HasForm($"/decisions/{application}"));
        var outcome = page.Form($"/decisions/{application}").QuerySelector("input[name=outcome]")!.GetAttribute("value")!;
        (await ivana.SubmitAsync(page, $"/decisions/{application}", ("outcome", outcome), ("reason", "The project answers a need of the municipality."))).Expect();
    }

    /// <summary>The officer releases the letter of the application with this reference.</summary>
    public async Task ReleaseLetterAsync(string reference)
    {
        var emir = await AsAsync(Officer);
        var list = await emir.OpenWhenAsync("/mails/letters", p => p.Text.Contains(reference, StringComparison.Ordinal));
        var path = list.Document.QuerySelectorAll("a[href^='/mails/letters/']").First(link => link.TextContent.Contains(reference, StringComparison.Ordinal)).GetAttribute("href")!;
        var page = await emir.OpenWhenAsync(path, p => p.HasForm("/release"));
        (await emir.SubmitAsync(page, "/release")).Expect();
    }

    /// <summary>The grantee says where the money goes.</summary>
    public async Task GiveAccountAsync(Guid application, string person = Applicant)
    {
        var ana = await AsAsync(person);
        var page = await ana.OpenWhenAsync($"/grants/{application}/account", p => p.HasForm("/account"));
        (await ana.SubmitAsync(page, $"/grants/{application}/account", ("holder", "Zeleni krug"), ("iban", "BA39 1290 0794 0102 8494"), ("bankName", "Banka"))).Expect();
    }

    /// <summary>The officer confirms the amount and offers the agreement.</summary>
    public async Task OfferAsync(Guid application)
    {
        var emir = await AsAsync(Officer);
        var page = await emir.OpenWhenAsync($"/grants/{application}/preparation", p => p.HasForm("/preparation"));
        var form = page.Form("/preparation");
        var offer = form.QuerySelectorAll("button[name=do]").Select(button => button.GetAttribute("value")).FirstOrDefault(value => value != "preview");
        (await emir.SubmitAsync(page, form, offer is null ? [("accountChecked", "yes")] : [("accountChecked", "yes"), ("do", offer)])).Expect();
    }

    /// <summary>Grantee and funder accept the agreement.</summary>
    public async Task SignAsync(Guid application, string person = Applicant)
    {
        await AcceptAsync(application, person, "President");
        await AcceptAsync(application, DecisionMaker, "Director");
    }

    /// <summary>One side accepts the agreement.</summary>
    public async Task AcceptAsync(Guid application, string person, string position)
    {
        var visitor = await AsAsync(person);
        var page = await visitor.OpenWhenAsync($"/grants/{application}/agreement", p => p.HasForm("/agreement"));
        (await visitor.SubmitAsync(page, "/agreement", ("fullName", person), ("position", position), ("accept", "yes"))).Expect();
    }

    /// <summary>Two finance officers approve the instalment that is due; its id.</summary>
    public async Task<Guid> ApproveAsync(string reference)
    {
        await ApproveAsync(reference, Finance);
        return await ApproveAsync(reference, OtherFinance);
    }

    /// <summary>One finance officer approves the instalment that is due; its id.</summary>
    public async Task<Guid> ApproveAsync(string reference, string officer)
    {
        var visitor = await AsAsync(officer);
        var desk = await visitor.OpenWhenAsync("/payments", p => p.Text.Contains(reference, StringComparison.Ordinal));
        var link = desk.Document.QuerySelectorAll("a[href^='/payments/']").First(a => a.TextContent.Contains(reference, StringComparison.Ordinal)).GetAttribute("href")!;
        var page = (await visitor.OpenAsync(link)).Expect();
        (await visitor.SubmitAsync(page, "/approval")).Expect();
        return new Guid(GuidInPath().Match(link).Value);
    }

    /// <summary>A finance officer puts all that is approved on a list.</summary>
    public async Task ListPaymentsAsync()
    {
        var amra = await AsAsync(Finance);
        var page = (await amra.OpenAsync("/payments/lists")).Expect();
        (await amra.SubmitAsync(page, "/payments/lists")).Expect();
    }

    /// <summary>A finance officer records the line of the bank's statement.</summary>
    public async Task SettleAsync(Guid instalment, string line, string day)
    {
        var amra = await AsAsync(Finance);
        var page = (await amra.OpenAsync($"/payments/{instalment}/settlement")).Expect();
        (await amra.SubmitAsync(page, "/settlement", ("statementLine", line), ("paidOn", day))).Expect();
    }

    /// <summary>The same, for the payment that waits on the desk under this reference.</summary>
    public async Task SettleReferenceAsync(string reference, string line, string day)
    {
        var amra = await AsAsync(Finance);
        var desk = await amra.OpenWhenAsync("/payments", p => p.Text.Contains(reference, StringComparison.Ordinal));
        var link = desk.Document.QuerySelectorAll("a[href^='/payments/']").First(a => a.TextContent.Contains(reference, StringComparison.Ordinal)).GetAttribute("href")!;
        await SettleAsync(new Guid(GuidInPath().Match(link).Value), line, day);
    }

    /// <summary>Everything, from a new organisation to its first instalment paid; the application's id. Closes the call on the way.</summary>
    public async Task<Guid> WholeAsync(string organisationName)
    {
        var application = await ApplyAsync(organisationName);
        var reference = await ReferenceAsync(application);
        await CheckAsync(application);
        await AssignAsync(application);
        await ReviewAsync(reference);
        await CloseCallAsync();
        await RecommendAsync(application);
        await DecideAsync(application);
        await ReleaseLetterAsync(reference);
        await GiveAccountAsync(application);
        await OfferAsync(application);
        await SignAsync(application);
        var instalment = await ApproveAsync(reference);
        await ListPaymentsAsync();
        await SettleAsync(instalment, "2027-16/3", "16.1.2027");
        return application;
    }

    /// <summary>The short reference of an application, as its receipt shows it.</summary>
    public async Task<string> ReferenceAsync(Guid application, string person = Applicant)
    {
        var page = (await (await AsAsync(person)).OpenAsync($"/applications/{application}/receipt")).Expect();
        return ReferenceInText().Match(page.Text) is { Success: true } found ? found.Value : throw new InvalidOperationException("No reference on the receipt:\n" + page.Text);
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

    [GeneratedRegex("[A-Z0-9]+-[0-9]{4}-[0-9]{5}")]
    private static partial Regex ReferenceInText();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex GuidInPath();
}

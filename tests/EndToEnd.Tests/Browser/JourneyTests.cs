using System.Text;
using Grants.Testing;
using Microsoft.Playwright;

namespace Grants.EndToEnd.Tests.Browser;

/// <summary>One grant from the public page to the paid instalment, by the people whose work each step is, in a browser. Every page met is looked at.</summary>
public abstract class Journey(DemoInBrowser demo, string series)
{
    const string Organisation = "Udruženje građana „Zeleni krug“ Nevesinje";
    const string Title = "Zajednički vrt i čitaonica u Kifinom Selu";
    const string Reference = "L4C-2026-00001";
    const string RightIban = "BA39 1290 0794 0102 8494", WrongIban = "BA39 1290 0794 0102 8449";

    static readonly (string Field, string Value)[] Answers =
    [
        ("title", Title), ("amount", "8.000,00"), ("months", "6"), ("starts", "1.3.2027"),
        ("q-problem", "U Kifinom Selu mladi nemaju gdje da se sastaju. Anketa u školi (64 učenika) pokazala je da bi dvije trećine dolazilo u čitaonicu."),
        ("q-activities", "1. Uređenje prostora doma kulture (mart).\n2. Zajednički vrt s učenicima i penzionerima (april – juni).\n3. Pet javnih razgovora s vijećnicima (maj – avgust)."),
        ("q-change", "Općina donosi odluku da dom kulture bude otvoren dva puta sedmično. Učestvuje najmanje 80 ljudi."),
        ("q-municipality", "Razgovarali smo s načelnikom i Odjeljenjem za društvene djelatnosti; daju prostor i grijanje."),
    ];

    string application = "";

    [Fact]
    public async Task A_grant_is_applied_for_judged_agreed_and_paid()
    {
        var ana = await demo.SomebodyAsync(series);
        var emir = await demo.SomebodyAsync(series);
        var lejla = await demo.SomebodyAsync(series);
        var senada = await demo.SomebodyAsync(series);
        var ivana = await demo.SomebodyAsync(series);
        var amra = await demo.SomebodyAsync(series);
        var nikola = await demo.SomebodyAsync(series);
        await Person.TakeAsync(
            async () =>
            {
                await ApplyAsync(ana);
                await CheckAndAssignAsync(emir);
                await ReviewAsync(lejla);
                await CloseAsync(emir);
                await RecommendAsync(senada);
                await DecideAsync(ivana);
                await ReleaseAsync(emir);
                await GiveAccountAsync(ana);
                await OfferAsync(emir);
                await AcceptAsync(ana, Life.Applicant, "Predsjednica");
                await AcceptAsync(ivana, Life.DecisionMaker, "Director");
                await PayAsync(amra, nikola);
                await LookBackAsync(ana);
            },
            ana, emir, lejla, senada, ivana, amra, nikola);
    }

    async Task ApplyAsync(Person ana)
    {
        await ana.OpenAsync("/");
        await ana.LookAsync("calls", narrow: true);
        await ana.FollowAsync($"/calls/{Life.Call}");
        await ana.LookAsync("call", narrow: true);
        await ana.OpenAsync("/account/demo");
        await ana.LookAsync("demo");
        await ana.SignInAsync(Life.Applicant);
        await ana.LookAsync("inbox-empty");
        await ana.OpenAsync("/applications");
        await ana.LookAsync("applications-empty");
        await ana.OpenAsync($"/apply/{Life.Call}");
        await ana.LookAsync("start");
        await ana.SubmitAsync($"/apply/{Life.Call}");
        application = ana.Path.Split('/')[2];
        await ana.LookAsync("tasks", narrow: true);

        await ana.FollowAsync("/draft");
        await ana.LookAsync("draft-empty");
        foreach (var answer in Answers) await ana.TypeAsync(answer);
        var saved = ana.Page.Locator(".app-save[data-state=saved]");
        await ana.Page.Locator("[name='title']").FocusAsync();
        await saved.WaitForAsync();
        await Saved(ana);
        await ana.OpenAsync(ana.Path);
        foreach (var (field, value) in Answers.Where(answer => answer.Field != "amount"))
            Assert.Equal(value, await ana.Page.Locator($"[name='{field}']").InputValueAsync());
        await ana.LookAsync("draft", narrow: true);
        await ana.SubmitAsync("/draft");

        await ana.OpenAsync($"/applications/{application}/check");
        await ana.LookAsync("check-missing");
        await ana.OpenAsync($"/applications/{application}/documents");
        await ana.LookAsync("documents-empty");
        await ana.Page.Locator("form[action$='/documents/registration'] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "Rješenje o registraciji.pdf", MimeType = "application/pdf", Buffer = Life.Pdf });
        await ana.SubmitAsync("/documents/registration");
        await ana.LookAsync("documents");
        await ana.OpenAsync($"/applications/{application}/check");
        await ana.LookAsync("check", narrow: true);
        await ana.SubmitAsync("/submission", 422);
        await ana.LookAsync("check-not-declared");
        await ana.OpenAsync(ana.Path); // the address forms are posted to: after a refused one it stands in the address bar
        Assert.Equal($"/applications/{application}", ana.Path);
        await ana.OpenAsync($"/applications/{application}/check");
        await ana.ChooseAsync("declaration", "yes");
        await ana.SubmitAsync("/submission");
        Assert.EndsWith("/receipt", ana.Path, StringComparison.Ordinal);
        await ana.ReadsAsync(Reference);
        await ana.LookAsync("receipt", narrow: true);
    }

    // The last field's answer is on the server when a fresh page has it.
    async Task Saved(Person ana)
    {
        var fresh = await ana.AnotherWindowAsync();
        await fresh.OpenWhenAsync($"/applications/{application}/draft", "textarea[name='q-municipality']:not(:empty)");
        await fresh.CloseWindowAsync();
    }

    async Task CheckAndAssignAsync(Person emir)
    {
        await emir.SignInAsync(Life.Officer);
        await emir.OpenWhenAsync("/inbox", $"a[href*='{application}']");
        await emir.LookAsync("officer-inbox", narrow: true);
        await emir.OpenAsync("/desk");
        await emir.LookAsync("desk");
        await emir.FollowAsync($"/desk/calls/{Life.Call}");
        await emir.LookAsync("call-desk", narrow: true);
        await emir.FollowAsync($"/desk/applications/{application}");
        await emir.LookAsync("check-application", narrow: true);
        await emir.SubmitAsync("/check", 422);
        await emir.LookAsync("check-application-422", narrow: true);
        foreach (var yes in await emir.Page.Locator("form[action$='/check'] input[type=radio][value=yes]").AllAsync()) await yes.CheckAsync();
        await emir.TypeAsync(("reason", "Registered, in time, complete."));
        await emir.SubmitAsync("/check");
        await emir.LookAsync("checked");
        await emir.OpenWhenAsync($"/reviews/assign/{application}", $"form[action$='/assign/{application}']");
        await emir.LookAsync("assign");
        await emir.Page.GetByLabel(Life.Evaluator).CheckAsync();
        await emir.SubmitAsync($"/assign/{application}");
        await emir.LookAsync("assigned");
    }

    /// <summary>Who takes part in the evaluation is asked about the organisations in the call before anything else.</summary>
    static async Task DeclareAboutAsync(Person person, string name)
    {
        Assert.DoesNotContain(Title, await person.TextAsync(), StringComparison.Ordinal);
        await person.LookAsync(name, narrow: true);
        await person.SubmitAsync("/conflicts", 422);
        await person.Page.Locator("[name=confirm]").CheckAsync();
        await person.SubmitAsync("/conflicts");
    }

    static async Task ReviewAsync(Person lejla)
    {
        await lejla.SignInAsync(Life.Evaluator);
        await lejla.OpenWhenAsync("/reviews", $"a:has-text('{Reference}')");
        await lejla.LookAsync("reviews");
        await lejla.PressAsync(lejla.Page.Locator("main a", new() { HasText = Reference }).First);
        await DeclareAboutAsync(lejla, "declare-organisations");
        Assert.DoesNotContain(Title, await lejla.TextAsync(), StringComparison.Ordinal);
        await lejla.LookAsync("declare");
        await lejla.ChooseAsync("declaration", "none");
        await lejla.SubmitAsync("/declaration");
        await lejla.ReadsAsync(Title);
        await lejla.LookAsync("score-empty");
        await lejla.SubmitAsync("/scores", button: "button[value=check]");
        await lejla.LookAsync("score-missing");
        await lejla.OpenAsync(lejla.Path[..^"/check".Length]);
        foreach (var criterion in await lejla.Page.Locator(".app-criterion").AllAsync())
        {
            var radios = criterion.Locator("input[type=radio]");
            await radios.Nth(await radios.CountAsync() - 2).CheckAsync();
            await criterion.Locator("textarea").FillAsync("Plan je jasan, a općina učestvuje. Nedostaje ko vodi čitaonicu poslije kraja projekta.");
        }

        await lejla.LookAsync("score", narrow: true);
        await lejla.SubmitAsync("/scores", button: "button[value=check]");
        await lejla.LookAsync("score-check");
        await lejla.SubmitAsync("/submission");
        await lejla.LookAsync("score-sent");
    }

    static async Task CloseAsync(Person emir)
    {
        await emir.OpenAsync("/account/demo");
        await emir.TypeAsync(("to", "2027-01-16T08:00"));
        await emir.SubmitAsync("/account/demo/clock");
        await emir.LookAsync("clock-moved");
        await emir.OpenAsync("/calls");
        await emir.LookAsync("calls-closed");
    }

    async Task RecommendAsync(Person senada)
    {
        var path = $"/ranking/{Life.Call}/applications/{application}";
        await senada.SignInAsync(Life.Chair);
        await senada.OpenAsync("/ranking");
        await senada.LookAsync("ranking-calls");
        await senada.OpenAsync($"/ranking/{Life.Call}");
        await DeclareAboutAsync(senada, "declare-organisations-chair");
        await senada.LookAsync("ranking", narrow: true);
        await senada.OpenWhenAsync(path, $"form[action='{path}']");
        await senada.ChooseAsync("fund", "yes");
        await senada.TypeAsync(("amount", "80.000,00"), ("reason", "Above the threshold; the municipality gives the room."));
        await senada.SubmitAsync(path, 422);
        await senada.LookAsync("recommend-422");
        Assert.Equal("80.000,00", await senada.Page.Locator("[name=amount]").InputValueAsync());
        await senada.TypeAsync(("amount", "8.000,00"));
        await senada.SubmitAsync(path);
        await senada.LookAsync("recommended");
    }

    async Task DecideAsync(Person ivana)
    {
        await ivana.SignInAsync(Life.DecisionMaker);
        await ivana.OpenWhenAsync("/decisions", $"a[href*='{application}']");
        await ivana.LookAsync("decisions");
        await ivana.OpenWhenAsync($"/decisions/{application}", "form[action^='/decisions/']");
        await ivana.LookAsync("decide", narrow: true);
        await ivana.ChooseAsync("outcome", "award");
        await ivana.TypeAsync(("reason", "The project answers a need of the municipality."));
        await ivana.SubmitAsync($"/decisions/{application}");
        await ivana.LookAsync("decided");
    }

    static async Task ReleaseAsync(Person emir)
    {
        await emir.OpenWhenAsync("/mails/letters", $"a:has-text('{Reference}')");
        await emir.LookAsync("letters");
        await emir.PressAsync(emir.Page.Locator("main a", new() { HasText = Reference }).First);
        await emir.OpenWhenAsync(emir.Path, "form[action$='/release']");
        await emir.LookAsync("letter-preview", narrow: true);
        await emir.SubmitAsync("/release");
        await emir.LookAsync("letter-released");
    }

    async Task GiveAccountAsync(Person ana)
    {
        await ana.OpenWhenAsync("/inbox", "a[href*='/letters/']");
        await ana.LookAsync("inbox-outcome", narrow: true);
        await ana.FollowAsync("/letters/");
        await ana.ReadsAsync("8.000,00");
        await ana.LookAsync("letter");
        await ana.OpenWhenAsync($"/grants/{application}/account", "form[action$='/account']");
        await ana.TypeAsync(("holder", Organisation), ("iban", WrongIban), ("bankName", "Nevesinjska banka d.d."));
        await ana.SubmitAsync("/account", 422);
        Assert.Equal(WrongIban, await ana.Page.Locator("[name=iban]").InputValueAsync());
        Assert.True(await ana.Page.Locator("#iban-error").IsVisibleAsync());
        await ana.LookAsync("account-422", narrow: true);
        await ana.TypeAsync(("iban", RightIban));
        await ana.SubmitAsync("/account");
        await ana.LookAsync("account-given");
    }

    async Task OfferAsync(Person emir)
    {
        await emir.OpenAsync("/grants");
        await emir.LookAsync("grants");
        await emir.OpenWhenAsync($"/grants/{application}/preparation", "form[action$='/preparation']");
        await emir.LookAsync("prepare");
        await emir.ChooseAsync("accountChecked", "yes");
        await emir.SubmitAsync("/preparation", button: "button[value=preview]");
        await emir.LookAsync("prepare-preview");
        await emir.SubmitAsync("/preparation", button: "button:not([name])");
        await emir.LookAsync("offered");
    }

    async Task AcceptAsync(Person person, string name, string position)
    {
        await person.OpenWhenAsync($"/grants/{application}/agreement", "form[action$='/agreement']");
        await person.TypeAsync(("fullName", name), ("position", position));
        await person.ChooseAsync("accept", "yes");
        await person.LookAsync("agreement", narrow: true);
        await person.SubmitAsync("/agreement");
        await person.LookAsync("agreement-accepted");
    }

    async Task PayAsync(Person amra, Person nikola)
    {
        await amra.SignInAsync(Life.Finance);
        await amra.OpenWhenAsync("/payments", $"a:has-text('{Reference}')");
        await amra.LookAsync("payments", narrow: true);
        await amra.PressAsync(amra.Page.Locator("main a", new() { HasText = Reference }).First);
        await amra.LookAsync("payment");
        await amra.SubmitAsync("/approval");
        Assert.Equal(0, await amra.Page.Locator("form[action$='/approval']").CountAsync());
        await amra.LookAsync("approved-once");
        var payment = amra.Path;

        await nikola.SignInAsync(Life.OtherFinance);
        await nikola.OpenAsync(payment);
        await nikola.LookAsync("payment-second");
        await nikola.SubmitAsync("/approval");
        await nikola.LookAsync("approved-twice");

        await amra.OpenAsync("/payments/lists");
        await amra.LookAsync("lists");
        await amra.SubmitAsync("/payments/lists");
        if (amra.Path == "/payments/lists") await amra.FollowAsync("/payments/lists/");
        await amra.LookAsync("list", narrow: true);
        var download = await amra.Page.RunAndWaitForDownloadAsync(() => amra.Page.Locator("a[href$='/csv']").ClickAsync());
        var csv = await File.ReadAllTextAsync((await download.PathAsync())!, Encoding.UTF8);
        Assert.Contains(RightIban.Replace(" ", "", StringComparison.Ordinal), csv, StringComparison.Ordinal);
        Assert.Contains("6400", csv.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);

        await amra.OpenAsync($"{payment}/settlement");
        await amra.TypeAsync(("statementLine", "2027-16/3"), ("paidOn", "2027-01-16"));
        await amra.LookAsync("settle");
        await amra.SubmitAsync("/settlement");
        await amra.LookAsync("paid");
        await amra.OpenAsync("/ledger");
        await amra.LookAsync("ledger");
        await amra.OpenAsync($"/ledger/{Life.Call}");
        await amra.LookAsync("ledger-call", narrow: true);
    }

    async Task LookBackAsync(Person ana)
    {
        await ana.OpenWhenAsync($"/applications/{application}/timeline", "main:has-text('6.400,00')");
        Assert.DoesNotContain(Life.Evaluator, await ana.TextAsync(), StringComparison.Ordinal);
        await ana.LookAsync("timeline", narrow: true);
        await ana.OpenAsync("/applications");
        await ana.LookAsync("applications");
        await ana.OpenAsync($"/grants/{application}");
        await ana.ReadsAsync("6.400,00");
        await ana.LookAsync("grant", narrow: true);
        await ana.OpenAsync("/account");
        await ana.LookAsync("account");
    }
}

/// <summary>The journey in one process.</summary>
public sealed class JourneyTests(DemoInBrowser demo) : Journey(demo, "journey"), IClassFixture<DemoInBrowser>;

/// <summary>The journey through the gateway, with the services apart.</summary>
public sealed class JourneyApartTests(DemoApartInBrowser demo) : Journey(demo, "journey-apart"), IClassFixture<DemoApartInBrowser>;

using Grants.Testing;
using Microsoft.Playwright;

namespace Grants.EndToEnd.Tests.Browser;

/// <summary>Applying as people do it who write in Cyrillic, are signed out meanwhile, have no scripts, or have no mouse.</summary>
public sealed class ApplicantTests(DemoInBrowser demo) : IClassFixture<DemoInBrowser>
{
    const string CyrillicOrganisation = "Удружење грађана „Извор“ за развој села и очување старих заната, Требиње";

    [Fact]
    public async Task Who_writes_Cyrillic_finds_every_letter_again()
    {
        const string title = "Стари занати у новим рукама: ћилимари, дунђери и ковачи из Љубиња и Требиња";
        const string answer = "У селима око Требиња остало је шест мајстора. Њихово знање нико не наслеђује.\nЂаци питају: „Ко ће нас научити?“ Џемпери, џакови, ћилими – све се још прави руком.";
        var jelena = await demo.SomebodyAsync("cyrillic");
        var emir = await demo.SomebodyAsync("cyrillic-officer");
        await Person.TakeAsync(
            async () =>
            {
                await jelena.OpenAsync("/");
                await SpeakAsync(jelena, "mk");
                await jelena.ReadsAsync("Јавни повици");
                await jelena.LookAsync("calls", narrow: true);
                await jelena.FollowAsync($"/calls/{Life.Call}");
                // The call itself is in other languages, and the page says so to who listens to it.
                Assert.NotEqual(0, await jelena.Page.Locator("main h1 [lang=en], main h1 [lang=bs]").CountAsync());
                await jelena.LookAsync("call");
                await jelena.OpenAsync("/account/sign-in");
                await jelena.LookAsync("sign-in");
                await jelena.OpenAsync("/account/register");
                await jelena.LookAsync("register", narrow: true);

                await jelena.SignInAsync(Life.CyrillicApplicant);
                await SpeakAsync(jelena, "bs");
                await jelena.OpenAsync($"/apply/{Life.Call}");
                await jelena.ReadsAsync(CyrillicOrganisation);
                await jelena.LookAsync("start");
                var application = await FillAsync(jelena, title, answer);
                await jelena.OpenAsync($"/applications/{application}/draft");
                await jelena.LookAsync("draft");
                await jelena.OpenAsync($"/applications/{application}/check");
                await jelena.ReadsAsync(title);
                await jelena.LookAsync("check", narrow: true);
                await SubmitAsync(jelena);
                await SpeakAsync(jelena, "mk");
                await jelena.ReadsAsync("Пријавата е поднесена");
                await jelena.ReadsAsync(CyrillicOrganisation);
                await jelena.LookAsync("receipt", narrow: true);
                await SpeakAsync(jelena, "bs");
                await jelena.OpenAsync($"/applications/{application}/dossier");
                await jelena.ReadsAsync(title);
                await jelena.ReadsAsync(answer.Split('\n')[1]);
                await jelena.LookAsync("dossier");

                await emir.SignInAsync(Life.Officer);
                await emir.OpenAsync($"/desk/applications/{application}");
                await emir.ReadsAsync(CyrillicOrganisation);
                await emir.LookAsync("check", narrow: true);
                await emir.OpenWhenAsync("/inbox", $"main:has-text('{CyrillicOrganisation}')");
                await emir.LookAsync("inbox");
                await emir.OpenAsync($"/desk/calls/{Life.Call}");
                await emir.LookAsync("desk", narrow: true);
            },
            jelena, emir);
    }

    [Fact]
    public async Task What_was_typed_when_the_session_ended_is_there_after_the_sign_in()
    {
        const string email = "hasan@podvelez.example", password = "tri bijele koke na krovu";
        const string title = "Čitaonica „Podvelež“ – i za najmlađe <3";
        const string answer = "Prvi red: 50 % mladih ode.\n\n  Drugi red, uvučen; \"navodnici\" & 'apostrofi', <b>ne podebljano</b>, Ђурђевдан, 🙂.";
        var hasan = await demo.SomebodyAsync("session");
        var elsewhere = await demo.SomebodyAsync("session-elsewhere");
        await Person.TakeAsync(
            async () =>
            {
                await hasan.OpenAsync("/account/register");
                await hasan.SubmitAsync("/account/register", 422);
                await hasan.LookAsync("register-422");
                await hasan.TypeAsync(("name", "Hasan Šabić"), ("email", email), ("password", password));
                await hasan.SubmitAsync("/account/register");
                await hasan.LookAsync("mail-sent");
                await hasan.OpenWhenAsync("/mails", $"section:has-text('{email}')");
                await hasan.LookAsync("mails", narrow: true);
                await hasan.FollowAsync("/account/confirm");
                await hasan.LookAsync("confirm");
                await hasan.TypeAsync(("password", password));
                await hasan.SubmitAsync("/account/confirm");

                await hasan.OpenAsync($"/apply/{Life.Call}");
                await hasan.LookAsync("no-organisation");
                await hasan.FollowAsync("/organisations/new");
                await hasan.SubmitAsync("/organisations/new", 422);
                await hasan.LookAsync("organisation-422");
                await hasan.TypeAsync(("name", "Mjesna zajednica Podvelež – udruženje mladih"), ("number", "RU-4-77/21"), ("street", "Opine"), ("house", "bb"), ("postcode", "88000"), ("town", "Mostar"));
                await hasan.Page.Locator("[name=country]").SelectOptionAsync("BA");
                await hasan.SubmitAsync("/organisations/new");
                await hasan.OpenAsync($"/apply/{Life.Call}");
                await hasan.SubmitAsync($"/apply/{Life.Call}");
                var application = hasan.Path.Split('/')[2];
                await hasan.OpenAsync($"/applications/{application}/draft");

                await elsewhere.OpenAsync("/account/sign-in");
                await elsewhere.TypeAsync(("email", email), ("password", password));
                await elsewhere.SubmitAsync("/account/sign-in");
                await elsewhere.OpenAsync("/account");
                await elsewhere.LookAsync("account", narrow: true);
                await elsewhere.SubmitAsync("/end");
                await elsewhere.LookAsync("session-ended");
                await hasan.UntilSignedOutAsync();

                await hasan.TypeAsync(("title", title), ("q-problem", answer));
                await hasan.Page.Locator("[name=amount]").FocusAsync();
                await hasan.Page.Locator(".app-save[data-state=failed]").WaitForAsync();
                await hasan.LookAsync("not-saved");
                await hasan.SubmitAsync("/draft", 401);
                await hasan.LookAsync("sign-in-again", narrow: true);
                await hasan.TypeAsync(("email", email), ("password", "nije ta lozinka"));
                await hasan.SubmitAsync("/account/sign-in", 422);
                await hasan.LookAsync("sign-in-wrong");
                await hasan.TypeAsync(("password", password));
                await hasan.SubmitAsync("/account/sign-in");
                Assert.Equal([title, answer], await hasan.Page.Locator("main .govuk-inset-text").AllTextContentsAsync());
                await hasan.LookAsync("continue", narrow: true);
                await hasan.SubmitAsync("/draft");
                Assert.Equal($"/applications/{application}", hasan.Path);
                await hasan.OpenAsync($"/applications/{application}/draft");
                Assert.Equal(title, await hasan.Page.Locator("[name=title]").InputValueAsync());
                Assert.Equal(answer, await hasan.Page.Locator("[name=q-problem]").InputValueAsync());
            },
            hasan, elsewhere);
    }

    [Fact]
    public async Task Applying_needs_no_script()
    {
        var ana = await demo.SomebodyAsync("no-script", "bs", javaScript: false);
        await Person.TakeAsync(
            async () =>
            {
                await ana.SignInAsync(Life.Applicant);
                await FillAsync(ana, "Zajednički vrt", "Anketa u školi pokazala je da bi mladi dolazili.");
                await SubmitAsync(ana);
                await ana.ReadsAsync("L4C-2026-");
                await ana.LookAsync("receipt", narrow: true);
            },
            ana);
    }

    [Fact]
    public async Task The_keyboard_leads_everywhere_and_to_what_is_wrong()
    {
        var anybody = await demo.SomebodyAsync("keyboard");
        await Person.TakeAsync(
            async () =>
            {
                var page = anybody.Page;
                await anybody.OpenAsync("/account/sign-in");
                await page.Keyboard.PressAsync("Tab");
                Assert.True(await page.Locator(".govuk-skip-link:focus").IsVisibleAsync());
                await anybody.LookAsync("skip-link");
                for (var stop = 0; stop < 12; stop++)
                {
                    Assert.True(
                        await page.EvaluateAsync<bool>("(() => { const s = getComputedStyle(document.activeElement); return s.boxShadow !== 'none' || s.outlineStyle !== 'none' })()"),
                        $"The focus is not to be seen at {await page.EvaluateAsync<string>("document.activeElement.outerHTML")}");
                    await page.Keyboard.PressAsync("Tab");
                }

                await anybody.OpenAsync("/account/sign-in");
                await page.Keyboard.PressAsync("Tab");
                await page.Keyboard.PressAsync("Enter");
                Assert.Equal("content", await page.EvaluateAsync<string>("document.activeElement.id"));

                await anybody.SubmitAsync("/account/sign-in", 422);
                await page.Locator(".govuk-error-summary:focus").WaitForAsync();
                await anybody.LookAsync("error-summary");
                await page.Keyboard.PressAsync("Tab");
                await page.Keyboard.PressAsync("Enter");
                await page.Locator("#email:focus").WaitForAsync();
            },
            anybody);
    }

    static async Task SpeakAsync(Person person, string language)
    {
        await person.PressAsync(person.Page.Locator($".app-languages button[value={language}]"));
        Assert.Equal(language, await person.Page.Locator("html").GetAttributeAsync("lang"));
    }

    // From the call to a draft that only needs to be submitted; the application's id.
    static async Task<string> FillAsync(Person person, string title, string answer)
    {
        await person.OpenAsync($"/apply/{Life.Call}");
        await person.SubmitAsync($"/apply/{Life.Call}");
        var application = person.Path.Split('/')[2];
        await person.OpenAsync($"/applications/{application}/draft");
        await person.TypeAsync(("title", title), ("amount", "9.999,50"), ("months", "8"), ("q-problem", answer), ("q-activities", answer), ("q-change", answer), ("q-municipality", answer));
        await person.SubmitAsync("/draft");
        await person.OpenAsync($"/applications/{application}/documents");
        await person.Page.Locator("form[action$='/documents/registration'] input[type=file]").SetInputFilesAsync(new FilePayload { Name = "Рјешење.pdf", MimeType = "application/pdf", Buffer = Life.Pdf });
        await person.SubmitAsync("/documents/registration");
        return application;
    }

    static async Task SubmitAsync(Person person)
    {
        await person.OpenAsync(person.Path[..person.Path.LastIndexOf('/')] + "/check");
        await person.ChooseAsync("declaration", "yes");
        await person.SubmitAsync("/submission");
        Assert.EndsWith("/receipt", person.Path, StringComparison.Ordinal);
    }
}

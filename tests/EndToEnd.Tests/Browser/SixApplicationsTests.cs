using System.Text.Json.Nodes;
using Grants.Testing;

namespace Grants.EndToEnd.Tests.Browser;

/// <summary>
/// A call as a committee knows it: six applications to Link4Cooperation, two evaluators for each and a third where they lie far apart, a conflict, a clarification, a
/// grantee who refuses, and the reserve list. Whose page it is about works in the browser; what others do meanwhile goes by plain requests.
/// </summary>
public sealed class SixApplicationsTests(DemoInBrowser demo) : IClassFixture<DemoInBrowser>
{
    static readonly string[] Evaluators = [Life.Evaluator, "Edin Selimović", "Suada Hasić"];

    // What each asks for is 8,000.00: two fit into 20,000.00, and the 4,000.00 left are less than the call's least share of a third.
    static readonly string[] Organisations =
    [
        "Udruženje mladih „Most“ Jablanica", "Udruženje žena „Nada“ Maglaj", "Planinarsko društvo „Velež“ Nevesinje", "Udruženje pčelara „Lipa“ Ravno",
        "Удружење грађана „Извор наде“ Берковићи", "Centar za kulturu „Bašča“ Žepče",
    ];

    readonly List<(Guid Id, string Reference)> applications = [];

    [Fact]
    public async Task Six_apply_two_are_awarded_one_refuses_and_the_next_on_the_reserve_list_follows()
    {
        using var life = new Life(demo.Product.Address);
        var emir = await demo.SomebodyAsync("six");
        var ana = await demo.SomebodyAsync("six");
        var lejla = await demo.SomebodyAsync("six");
        var senada = await demo.SomebodyAsync("six");
        var ivana = await demo.SomebodyAsync("six");
        await Person.TakeAsync(
            async () =>
            {
                await AmendAsync(emir);
                foreach (var organisation in Organisations)
                {
                    var application = await life.ApplyAsync(organisation);
                    applications.Add((application, await life.ReferenceAsync(application)));
                }

                await ClarifyAsync(emir, ana);
                foreach (var (application, _) in applications) await life.CheckAsync(application);
                await DeclareAsync(life, lejla, senada);
                await AssignAsync(emir);
                await ReviewAsync(life, emir);
                await life.CloseCallAsync();
                await RecommendAsync(senada);
                await DecideAsync(ivana);
                await ReleaseAsync(emir, 6);
                await RefuseAsync(ana);
                await MoveUpAsync(emir, ana);
            },
            emir, ana, lejla, senada, ivana);
    }

    // As an officer who wants two opinions and small money: before anybody has applied.
    static async Task AmendAsync(Person emir)
    {
        await emir.SignInAsync(Life.Officer);
        await emir.OpenAsync($"/desk/calls/{Life.Call}/versions");
        await emir.SubmitAsync("/amendment");
        var text = emir.Page.Locator("textarea[name=text]");
        var definition = JsonNode.Parse(await text.InputValueAsync())!;
        definition["totalBudgetMinor"] = 20_000_00;
        definition["lots"]![0]!["budgetMinor"] = 20_000_00;
        definition["allocation"]!["minShareHundredths"] = 80_00;
        var evaluation = definition["stages"]!.AsArray().Single(stage => stage!["evaluation"] is not null)!["evaluation"]!;
        evaluation["evaluators"] = 2;
        evaluation["third"] = new JsonObject { ["differenceHundredths"] = 10_00, ["shareHundredths"] = null, ["unlessAllBelowThreshold"] = false, ["result"] = "closest-two" };
        await text.FillAsync(definition.ToJsonString());
        await emir.TypeAsync(("reason", "Two opinions on each application, and the budget of this year."));
        await emir.SubmitAsync("/draft");
        await emir.LookAsync("amended");
        await emir.OpenAsync($"/desk/calls/{Life.Call}/draft/publication");
        await emir.LookAsync("publish", narrow: true);
        await emir.SubmitAsync("/publication");
    }

    async Task ClarifyAsync(Person emir, Person ana)
    {
        var (application, reference) = applications[1];
        await emir.OpenAsync($"/desk/applications/{application}/clarifications/new");
        await emir.LookAsync("ask", narrow: true);
        await emir.SubmitAsync("/clarifications", 422);
        await emir.LookAsync("ask-422");
        await emir.Page.Locator("[name=items]").Nth(1).CheckAsync();
        await emir.TypeAsync(("question", "The certificate is from 2019. Is the address still the same?"));
        await emir.SubmitAsync("/clarifications");
        await emir.LookAsync("asked");

        await ana.SignInAsync(Life.Applicant);
        await ana.OpenWhenAsync("/inbox", $"a[href*='/applications/{application}/clarifications/']");
        await ana.LookAsync("inbox-asked");
        await ana.FollowAsync($"/applications/{application}/clarifications/");
        await ana.ReadsAsync("The certificate is from 2019.");
        await ana.LookAsync("answer", narrow: true);
        await ana.TypeAsync(("answer", "Da, adresa je ista. Rješenje važi dok se ne promijeni statut."));
        await ana.SubmitAsync(new Uri(ana.Page.Url).AbsolutePath);
        await ana.LookAsync("answered");

        await emir.OpenAsync($"/desk/applications/{application}");
        await emir.ReadsAsync("Rješenje važi dok se ne promijeni statut.");
        await emir.LookAsync("check-answered", narrow: true);
        await emir.OpenAsync($"/desk/calls/{Life.Call}");
        await emir.ReadsAsync(reference);
        await emir.LookAsync("desk-six", narrow: true);
    }

    // Lejla's sister works for the third applicant. The chair upholds it; the others have no ties.
    async Task DeclareAsync(Life life, Person lejla, Person senada)
    {
        var path = $"/reviews/calls/{Life.Call}/conflicts";
        await lejla.SignInAsync(Life.Evaluator);
        await lejla.OpenWhenAsync(path, $"main:has-text('{Organisations[5]}')");
        await lejla.LookAsync("declare-six", narrow: true);
        var line = lejla.Page.Locator(".govuk-checkboxes__item", new() { HasText = Organisations[2] }).Locator("input");
        await line.CheckAsync();
        var reason = (await line.GetAttributeAsync("name"))!.Replace("conflict", "reason", StringComparison.Ordinal);
        await lejla.TypeAsync((reason, "Moja sestra radi tamo."));
        await lejla.Page.Locator("[name=confirm]").CheckAsync();
        await lejla.SubmitAsync("/conflicts");
        await lejla.LookAsync("declared-six");
        foreach (var other in Evaluators.Skip(1))
        {
            var visitor = await life.AsAsync(other);
            await Life.DeclareAboutAsync(visitor, await visitor.OpenWhenAsync(path, page => page.Text.Contains(Organisations[5], StringComparison.Ordinal)));
        }

        await senada.SignInAsync(Life.Chair);
        await senada.OpenWhenAsync(path, $"main:has-text('{Organisations[5]}')");
        await senada.Page.Locator("[name=confirm]").CheckAsync();
        await senada.SubmitAsync("/conflicts");
        await senada.OpenWhenAsync($"/ranking/{Life.Call}/conflicts", "main:has-text('Moja sestra radi tamo.')");
        await senada.LookAsync("conflicts", narrow: true);
        await senada.Page.Locator("main input[type=radio][value=uphold]").CheckAsync();
        await senada.Page.Locator("main textarea").FillAsync("A family tie.");
        await senada.PressAsync(senada.Page.Locator("main form button").First);
        await senada.LookAsync("conflict-upheld");
    }

    async Task AssignAsync(Person emir)
    {
        // All six have passed the check.
        await emir.OpenWhenAsync($"/reviews/assign/calls/{Life.Call}", "main" + string.Concat(applications.Select(one => $":has-text('{one.Reference}')")));
        await emir.LookAsync("assign-evenly", narrow: true);
        await emir.SubmitAsync($"/assign/calls/{Life.Call}");
        await emir.LookAsync("assigned-evenly");
    }

    // The first two are the best; about the fourth opinions are so far apart that a third is asked; Lejla never meets the third.
    async Task ReviewAsync(Life life, Person emir)
    {
        var (best, fourth) = (applications.Take(2).Select(one => one.Reference).ToList(), applications[3]);
        var assigned = new Dictionary<string, List<string>>();
        foreach (var person in Evaluators)
        {
            var visitor = await life.AsAsync(person);
            var page = await visitor.OpenWhenAsync("/reviews", one => applications.Count(known => one.Text.Contains(known.Reference, StringComparison.Ordinal)) == 4);
            assigned[person] = [.. applications.Select(one => one.Reference).Where(reference => page.Text.Contains(reference, StringComparison.Ordinal))];
        }

        Assert.DoesNotContain(applications[2].Reference, assigned[Life.Evaluator]);
        var delighted = Evaluators.First(person => assigned[person].Contains(fourth.Reference));
        foreach (var (person, references) in assigned)
        {
            foreach (var reference in references)
                await life.ReviewAsync(reference, person, best.Contains(reference) ? 0 : reference != fourth.Reference ? 1 : person == delighted ? 0 : 4);
        }

        await emir.OpenWhenAsync("/inbox", $"a[href*='/assign/{fourth.Id}']");
        await emir.LookAsync("inbox-third");
        await emir.OpenWhenAsync($"/reviews/assign/{fourth.Id}", $"form[action$='/assign/{fourth.Id}']");
        await emir.LookAsync("assign-third", narrow: true);
        var third = Evaluators.Single(person => !assigned[person].Contains(fourth.Reference));
        await emir.Page.GetByLabel(third).CheckAsync();
        await emir.SubmitAsync($"/assign/{fourth.Id}");
        await life.ReviewAsync(fourth.Reference, third, 1);
    }

    async Task RecommendAsync(Person senada)
    {
        // 30.00 twice, then (30.00 + 24.00) / 2 of the three about the fourth, then 24.00 in the order of submission.
        await senada.OpenWhenAsync($"/ranking/{Life.Call}", "main:has-text('27.00')");
        await senada.LookAsync("ranking-six", narrow: true);
        await senada.OpenAsync($"/ranking/{Life.Call}/committee");
        await senada.LookAsync("committee", narrow: true);
        await senada.FollowAsync("/committee/list");
        await senada.LookAsync("recommend-list", narrow: true);
        await senada.SubmitAsync("/committee/list");
        await senada.LookAsync("recommended-list");
    }

    static async Task DecideAsync(Person ivana)
    {
        var path = $"/decisions/calls/{Life.Call}";
        await ivana.SignInAsync(Life.DecisionMaker);
        await ivana.OpenWhenAsync("/decisions", $"a[href='{path}']");
        await ivana.LookAsync("decisions-six");
        await ivana.OpenWhenAsync(path, $"form[action='{path}']");
        await ivana.SubmitAsync(path, 422);
        await ivana.LookAsync("decide-list-422");
        await ivana.TypeAsync(("reason-Award", "Among the best, and there is money."), ("reason-Reserve", "Good enough, but this year's money is spent."));
        await ivana.Page.Locator("[name=sure]").CheckAsync();
        await ivana.LookAsync("decide-list", narrow: true);
        await ivana.SubmitAsync(path);
        await ivana.LookAsync("decided-list");
    }

    static async Task ReleaseAsync(Person emir, int letters)
    {
        var path = $"/mails/letters/release/{Life.Call}";
        await emir.OpenWhenAsync(path, $"form[action='{path}'] input[name=letter] >> nth={letters - 1}");
        await emir.LookAsync("release-letters", narrow: true);
        await emir.SubmitAsync(path);
        await emir.LookAsync("released-letters");
    }

    async Task RefuseAsync(Person ana)
    {
        var first = applications[0].Id;
        await ana.OpenWhenAsync($"/grants/{first}/refusal", "form[action$='/refusal']");
        await ana.SubmitAsync("/refusal", 422);
        await ana.LookAsync("refuse-422");
        await ana.TypeAsync(("reason", "Nemamo više ljudi za ovaj projekt."));
        await ana.Page.Locator("[name=confirmed]").CheckAsync();
        await ana.LookAsync("refuse", narrow: true);
        await ana.SubmitAsync("/refusal");
        await ana.LookAsync("refused");
        await ana.OpenWhenAsync($"/applications/{first}/timeline", "main:has-text('8.000,00')");
        await ana.LookAsync("timeline-refused");
    }

    // The fourth application led the reserve list: its letter follows, and its grant begins.
    async Task MoveUpAsync(Person emir, Person ana)
    {
        var next = applications[3];
        var path = $"/mails/letters/release/{Life.Call}";
        await emir.OpenWhenAsync(path, $"form[action='{path}']:has(input[name=letter])");
        await emir.ReadsAsync(next.Reference);
        await ReleaseAsync(emir, 1);
        await ana.OpenWhenAsync($"/grants/{next.Id}/account", "form[action$='/account']");
        await ana.LookAsync("account-from-reserve");
        await ana.OpenWhenAsync($"/applications/{next.Id}/timeline", "main:has-text('8.000,00')");
        await ana.LookAsync("timeline-reserve", narrow: true);
        // Nothing that an applicant can open names an evaluator.
        foreach (var person in Evaluators) Assert.DoesNotContain(person, await ana.Page.ContentAsync(), StringComparison.Ordinal);
    }
}

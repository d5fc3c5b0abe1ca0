using System.Net;
using Grants.Applications.Domain;
using Grants.Applications.Features.Apply.Budgets;
using Grants.Contracts.Calls;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Applications.Tests;

/// <summary>A call with a budget: people, travel, and indirect costs of at most a share of the two. Its numbers are those of <c>docs/worked-examples/budget.md</c>.</summary>
public static class Budgeted
{
    public static CallDefinition Call(int ownLeast = 0) => World.Call().WithIntake(intake => intake with { WithBudget = true }) with
    {
        Cofinancing = new(ownLeast, 10_000, false),
        Budget = new(
            [new("people", Text("Ljudi", "People", "Луѓе")), new("travel", Text("Putovanja", "Travel", "Патувања")), new("indirect", Text("Indirektni troškovi", "Indirect costs", "Индиректни трошоци"))],
            [new("indirect", Text("Indirektni: najviše 7 %", "Indirect: at most 7 %", "Индиректни: најмногу 7 %"), ["indirect"], ["people", "travel"], 700, null)]),
    };

    public static BudgetRow Row(string heading, long quantityHundredths, long unitCostMinor, Guid? partner = null) => new()
    {
        Id = Guid.CreateVersion7(), Heading = heading, Description = heading, QuantityHundredths = quantityHundredths, UnitCostMinor = unitCostMinor, PartnerId = partner,
    };

    /// <summary>Posts a row as its form would; a new one, or one as this page shows it.</summary>
    public static Task<HttpResponseMessage> PostRowAsync(
        this World world, Caller by, Guid application, Guid row, (string Heading, string Description, string Unit, string Quantity, string Cost) typed, RowForm? shown = null, string partner = "")
    {
        var fields = new Dictionary<string, string>();
        foreach (var (field, value) in new[]
        {
            (BudgetForm.Heading, typed.Heading), (BudgetForm.Description, typed.Description), (BudgetForm.Unit, typed.Unit), (BudgetForm.Quantity, typed.Quantity),
            (BudgetForm.Cost, typed.Cost), (BudgetForm.Partner, partner),
        })
        {
            var name = RowForm.NameOf(field, row);
            fields[name] = value;
            fields["token-" + name] = (shown ?? RowForm.New()).Fields[field].Token.ToString();
        }

        return ServiceFixture.PostAsync(world.As(by), $"/applications/{application}/budget/rows/{row}", fields);
    }

    /// <summary>The row as a page loaded now would show it.</summary>
    public static async Task<RowForm> ShownAsync(this World world, Guid row) => RowForm.Stored(await world.Db(db => db.BudgetRows.SingleAsync(found => found.Id == row)), "BAM");

    /// <summary>Everything but the budget.</summary>
    public static async Task FillFormAsync(this World world, Caller by, Guid application, string title = "Klupa za sve")
    {
        Assert.Equal(HttpStatusCode.Found, (await world.SaveAsync(by, application, new()
        {
            ["title"] = title, ["months"] = "6", ["starts"] = "1.3.2027", ["q-problem"] = "Nema mjesta za susret.", ["q-activities"] = "Klupa.",
        })).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await world.UploadAsync(by, application, "registration", "Rješenje.pdf", World.Pdf())).StatusCode);
    }

    static Dictionary<string, string> Text(string bs, string en, string mk) => new() { ["bs"] = bs, ["en"] = en, ["mk"] = mk };
}

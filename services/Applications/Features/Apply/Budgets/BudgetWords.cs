using System.Globalization;
using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply.Budgets;

/// <summary>A budget in words: its sums by the id of the element that shows them, and what is wrong as sentences that name the amounts.</summary>
public static class BudgetWords
{
    /// <summary>Ids of the elements that show sums.</summary>
    public const string Total = "sum-total", Own = "sum-own", Requested = "sum-requested", Broken = "budget-broken";

    /// <summary>Id of the element with the sum of a row.</summary>
    public static string OfRow(Guid row) => $"sum-row-{row:N}";

    /// <summary>Id of the element with the sum of a heading.</summary>
    public static string OfHeading(string heading) => "sum-heading-" + heading;

    /// <summary>Id of the element with the sum of a partner; the empty id is the applicant.</summary>
    public static string OfPartner(Guid partner) => $"sum-partner-{partner:N}";

    /// <summary>All sums of the page, by the id of the element.</summary>
    public static Dictionary<string, string> Sums(PageContext page, Draft draft)
    {
        var budget = draft.Budget;
        var sums = new Dictionary<string, string>
        {
            [Total] = Amount(budget.TotalMinor), [Own] = Amount(budget.OwnMinor), [Requested] = Amount(budget.RequestedMinor),
            [Broken] = string.Join("\n", budget.Problems.Select(problem => Of(page, draft.Definition, problem))),
        };
        foreach (var row in budget.Rows) sums[OfRow(row.Id)] = Amount(row.TotalMinor);
        foreach (var (heading, minor) in budget.Headings) sums[OfHeading(heading.Id)] = Amount(minor);
        foreach (var partner in draft.Partners.Select(partner => partner.Id).Append(Guid.Empty)) sums[OfPartner(partner)] = Amount(budget.ByPartner.GetValueOrDefault(partner));
        return sums;

        string Amount(long minor) => MoneyFormat.Format(new Money(minor, draft.Definition.Currency), page.Culture);
    }

    /// <summary>What is wrong with the budget as a whole.</summary>
    public static string Of(PageContext page, CallDefinition call, BudgetProblem problem)
    {
        var (written, allowed, of) = (Money(problem.WrittenMinor), Money(problem.AllowedMinor), Money(problem.OfMinor));
        var limited = problem.Limit is { } limit ? Names(page, call, limit.Headings) : "";
        return problem.Kind switch
        {
            BudgetProblemKind.HeadingGone => Say(problem.Row!.Description),
            BudgetProblemKind.AboveAmount => Say(limited, allowed, written),
            BudgetProblemKind.AboveShare => Say(
                limited, Share(page, problem.Limit!.MaxShareHundredths!.Value),
                problem.Limit.Of.Count == 0 ? page.Text(typeof(BudgetWords), "problem.ofAll") : Names(page, call, problem.Limit.Of), of, allowed, written),
            BudgetProblemKind.OwnAbove => Say(Share(page, call.Cofinancing.MaxShareHundredths), of, allowed, written),
            BudgetProblemKind.OwnBelow => Say(Share(page, call.Cofinancing.MinShareHundredths), of, allowed, written),
            BudgetProblemKind.OwnAboveTotal => Say(allowed, written),
            BudgetProblemKind.AmountOutside => Say(Money(call.MinGrantMinor), Money(call.MaxGrantMinor), written),
            _ => Say(),
        };

        Money Money(long minor) => new(minor, call.Currency);

        string Say(params object?[] args) => page.Text(typeof(BudgetWords), $"problem.{problem.Kind}", args);
    }

    /// <summary>What is wrong with a field of a row.</summary>
    public static string Of(PageContext page, BudgetFieldProblem problem) => problem.Problem == RowProblem.NotAnAmount
        ? MoneyParser.Sentence(problem.Money, page.Culture)
        : page.Text(typeof(BudgetWords), $"row.{problem.Problem}", problem.Given, problem.Limit);

    /// <summary>A stored field as people read it: names of headings and partners instead of their ids.</summary>
    public static string Readable(PageContext page, Draft draft, string field, string stored) => field switch
    {
        BudgetForm.Heading => draft.Definition.Budget.Headings.FirstOrDefault(heading => heading.Id == stored) is { } heading ? Pick(page, heading.Label) : stored,
        BudgetForm.Partner => draft.Partners.FirstOrDefault(partner => partner.Id.ToString() == stored)?.Name ?? draft.Organisation.Name,
        _ => stored,
    };

    /// <summary><c>7 %</c>, <c>12,5 %</c>.</summary>
    public static string Share(PageContext page, int hundredths) =>
        BudgetForm.QuantityText(hundredths).Replace(".", page.Culture.NumberFormat.NumberDecimalSeparator, StringComparison.Ordinal) + "\u00A0%";

    /// <summary>A quantity as people read it.</summary>
    public static string Quantity(long hundredths, CultureInfo culture) => BudgetForm.QuantityText(hundredths).Replace(".", culture.NumberFormat.NumberDecimalSeparator, StringComparison.Ordinal);

    static string Names(PageContext page, CallDefinition call, IEnumerable<string> headings) => string.Join(", ", headings.Select(id =>
        call.Budget.Headings.FirstOrDefault(heading => heading.Id == id) is { } heading ? page.Text(typeof(BudgetWords), "problem.quoted", Pick(page, heading.Label)) : id));

    static string Pick(PageContext page, IReadOnlyDictionary<string, string> label) => LocalText.Pick(label, page.Language).Text;
}

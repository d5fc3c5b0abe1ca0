using Grants.Applications.Domain;
using Grants.Applications.Features.Apply.Budgets;
using Grants.Applications.Features.Apply.Partners;
using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply;

/// <summary>What is wrong with a field of a draft, as a sentence that says how to put it right.</summary>
public static class DraftSentences
{
    /// <summary>The sentence in the reader's language.</summary>
    public static string Of(PageContext page, CallDefinition call, FieldProblem problem) =>
        problem.Row > 0 ? page.Text(typeof(DraftSentences), "problem.inRow", problem.Row, Of(page, call, problem with { Row = 0 })) : OfOne(page, call, problem);

    static string OfOne(PageContext page, CallDefinition call, FieldProblem problem) => problem.Problem switch
    {
        DraftProblem.Empty when problem.Field.StartsWith("q-", StringComparison.Ordinal) => page.Text(typeof(DraftSentences), "problem.noAnswer"),
        DraftProblem.Empty => page.Text(typeof(DraftSentences), $"problem.{problem.Field}.empty"),
        DraftProblem.TooLong => page.Text(typeof(DraftSentences), "problem.tooLong", problem.Given, problem.Limit),
        DraftProblem.NotAnAmount => MoneyParser.Sentence(problem.Money, page.Culture),
        DraftProblem.AmountOutside => page.Text(typeof(DraftSentences), "problem.amount.outside", new Money(call.MinGrantMinor, call.Currency), new Money(call.MaxGrantMinor, call.Currency)),
        DraftProblem.MonthsOutside => page.Text(typeof(DraftSentences), "problem.months.outside", call.Duration.MinMonths, call.Duration.MaxMonths),
        DraftProblem.NotADay => page.Text(typeof(DraftSentences), "problem.starts.notADay"),
        DraftProblem.NotANumber => page.Text(typeof(DraftSentences), problem switch
        {
            { Least: not null, Most: not null } => "problem.number.between",
            { Least: not null } => "problem.number.least",
            { Most: not null } => "problem.number.most",
            _ => "problem.number",
        }, problem.Least, problem.Most),
        DraftProblem.TooManyRows => page.Text(typeof(DraftSentences), "problem.tooManyRows", problem.Given, problem.Limit),
        DraftProblem.NoName => page.Text(typeof(DraftSentences), "problem.noName"),
        DraftProblem.Budget => BudgetWords.Of(page, call, problem.Budget!),
        DraftProblem.Partners => PartnerWords.Of(page, problem.Partners!),
        DraftProblem.NotAnOption => page.Text(typeof(DraftSentences), "problem.notAnOption"),
        _ => page.Text(typeof(DraftSentences), "problem.noDocument"),
    };
}

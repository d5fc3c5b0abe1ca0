using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.Applications.Domain;

/// <summary>The fields of an application form: those that every call asks for, and one for each question of the call.</summary>
public static class DraftForm
{
    /// <summary>Fields that every application has.</summary>
    public const string Title = "title", Amount = "amount", Months = "months", Starts = "starts";

    /// <summary>Longest title of a project.</summary>
    public const int TitleCharacters = 200;

    /// <summary>Name of the field of a question.</summary>
    public static string OfQuestion(string questionId) => "q-" + questionId;

    /// <summary>All fields in the order of the form.</summary>
    public static IEnumerable<string> Fields(CallDefinition call) => [Title, Amount, Months, Starts, .. call.Questions.Select(question => OfQuestion(question.Id))];

    /// <summary>Brings what was typed into the form it is kept in.</summary>
    public static string Normal(string field, string value) =>
        field == Starts && TryDay(value, out var day) ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : value;

    /// <summary>What is wrong with a typed value; null when it can be kept. Empty can always be kept in a draft.</summary>
    public static FieldProblem? Check(CallDefinition call, string field, string value)
    {
        if (value.Length == 0) return null;
        switch (field)
        {
            case Title:
                return TooLong(field, value, TitleCharacters);
            case Amount:
                if (!MoneyParser.TryParse(value, call.Currency, out var amount, out var problem)) return new(field, DraftProblem.NotAnAmount) { Money = problem };
                return amount.Minor < call.MinGrantMinor || amount.Minor > call.MaxGrantMinor ? new(field, DraftProblem.AmountOutside) : null;
            case Months:
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var months) && months >= call.Duration.MinMonths && months <= call.Duration.MaxMonths
                    ? null
                    : new(field, DraftProblem.MonthsOutside);
            case Starts:
                return TryDay(value, out _) ? null : new(field, DraftProblem.NotADay);
            default:
                return TooLong(field, value, call.Questions.Single(question => OfQuestion(question.Id) == field).MaxCharacters ?? TitleCharacters);
        }
    }

    /// <summary>Everything that keeps a draft from being submitted, in the order of the form.</summary>
    public static IReadOnlyList<FieldProblem> Missing(CallDefinition call, IReadOnlyDictionary<string, string> values, IReadOnlyCollection<string> documents)
    {
        var problems = new List<FieldProblem>();
        foreach (var field in Fields(call))
        {
            var value = values.GetValueOrDefault(field, "");
            if (value.Length == 0 && field != Starts) problems.Add(new(field, DraftProblem.Empty));
            else if (Check(call, field, value) is { } wrong) problems.Add(wrong);
        }

        problems.AddRange(call.DocumentsAt(DocumentMoment.Application).Where(document => document.Required && !documents.Contains(document.Id))
            .Select(document => new FieldProblem(document.Id, DraftProblem.NoDocument)));
        return problems;
    }

    /// <summary>Characters as people count them: a letter with its accents is one, an emoji is one.</summary>
    public static int Characters(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>A typed day: as date inputs post it, or as people of the region write it.</summary>
    public static bool TryDay(string typed, out DateOnly day) => DateOnly.TryParseExact(
        typed.Replace(" ", "", StringComparison.Ordinal).TrimEnd('.'), ["yyyy-MM-dd", "d.M.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        && day.Year is >= 2000 and < 2100;

    static FieldProblem? TooLong(string field, string value, int limit)
    {
        var characters = Characters(value);
        return characters > limit ? new(field, DraftProblem.TooLong) { Given = characters, Limit = limit } : null;
    }
}

/// <summary>What can be wrong with a field of a draft.</summary>
public enum DraftProblem
{
    /// <summary>Nothing was written.</summary>
    Empty,

    /// <summary>More characters than the call allows.</summary>
    TooLong,

    /// <summary>Not an amount of money.</summary>
    NotAnAmount,

    /// <summary>Below the smallest or above the largest grant.</summary>
    AmountOutside,

    /// <summary>Not a whole number of months up to the call's limit.</summary>
    MonthsOutside,

    /// <summary>Not a day.</summary>
    NotADay,

    /// <summary>A required document is missing.</summary>
    NoDocument,
}

/// <summary>What is wrong with a field.</summary>
/// <param name="Field">Name of the field, or id of the document.</param>
/// <param name="Problem">What it is.</param>
public sealed record FieldProblem(string Field, DraftProblem Problem)
{
    /// <summary>Characters written, when there are too many.</summary>
    public int Given { get; init; }

    /// <summary>Characters allowed, when there are too many.</summary>
    public int Limit { get; init; }

    /// <summary>What is wrong with the amount.</summary>
    public MoneyProblem Money { get; init; }
}

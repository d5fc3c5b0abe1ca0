using System.Globalization;
using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.Applications.Domain;

/// <summary>The fields of an application form: those that every call asks for, and one for each question of the call.</summary>
public static class DraftForm
{
    /// <summary>Fields that every application has.</summary>
    public const string Title = "title", Amount = "amount", Months = "months", Starts = "starts";

    /// <summary>The own contribution, written beside the budget and not in the form.</summary>
    public const string Own = "own";

    /// <summary>Answers to a question of yes or no.</summary>
    public const string Yes = "yes", No = "no";

    // What parts the ids of a multiple choice.
    const char Between = '\n';

    // Names of these columns are texts of ours and not of the call.
    static readonly IReadOnlyList<Column> OrganisationColumns =
        [new("name", [], QuestionKind.Text), new("number", [], QuestionKind.Text), new("town", [], QuestionKind.Text), new("country", [], QuestionKind.Text)];

    // For answers in words to questions that say no limit of their own.
    const int OtherCharacters = 2000;

    // For a cell of a table.
    const int CellCharacters = 300;

    /// <summary>Longest title of a project.</summary>
    public const int TitleCharacters = 200;

    /// <summary>Name of the field of a question.</summary>
    public static string OfQuestion(string questionId) => "q-" + questionId;

    /// <summary>All fields in the order of the form. Where there is a budget the amount follows from it and is not typed.</summary>
    public static IEnumerable<string> Fields(CallDefinition call) =>
        [Title, .. call.Intake.WithBudget ? Array.Empty<string>() : [Amount], Months, Starts, .. call.Questions.Where(question => question.Kind != QuestionKind.File).Select(question => OfQuestion(question.Id))];

    /// <summary>Files that are asked for with the application: the documents of the call, and those that are the answer to a question.</summary>
    public static IEnumerable<RequestedDocument> Documents(CallDefinition call) =>
    [
        .. call.DocumentsAt(DocumentMoment.Application),
        .. call.Questions.Where(question => question.Kind == QuestionKind.File)
            .Select(question => new RequestedDocument(OfQuestion(question.Id), question.Label, DocumentMoment.Application, question.Required, false, SignedRule.No)),
    ];

    /// <summary>Those that are asked for after these answers.</summary>
    public static IEnumerable<RequestedDocument> Documents(CallDefinition call, IReadOnlyDictionary<string, string> values) =>
        Documents(call).Where(document => IsAsked(call, document.Id, values));

    /// <summary>Whether an answer is rows of cells: kept as the cells in order, parted as what is chosen is.</summary>
    public static bool IsTable(Question? question) => question?.Kind is QuestionKind.Table or QuestionKind.Organisation;

    /// <summary>Columns of such an answer; an organisation is one row.</summary>
    public static IReadOnlyList<Column> Columns(Question question) => question.Kind == QuestionKind.Organisation ? OrganisationColumns : question.Columns;

    /// <summary>Most rows of such an answer.</summary>
    public static int MostRows(Question question) => question.Kind == QuestionKind.Organisation ? 1 : question.MaxRows ?? 1;

    /// <summary>The rows of a stored table, each with a cell for every column.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(Question question, string value)
    {
        var columns = Columns(question).Count;
        if (value.Length == 0 || columns == 0) return [];
        return [.. value.Split(Between).Chunk(columns).Select(cells => (IReadOnlyList<string>)[.. cells, .. Enumerable.Repeat("", columns - cells.Length)])];
    }

    /// <summary>The question of a field; null for a field that every application has.</summary>
    public static Question? QuestionOf(CallDefinition call, string field) => call.Questions.FirstOrDefault(question => OfQuestion(question.Id) == field);

    /// <summary>Whether a field is to be filled in, by what was answered before it: a question whose condition hangs on one that is not asked is not asked either.</summary>
    public static bool IsAsked(CallDefinition call, string field, IReadOnlyDictionary<string, string> values)
    {
        var question = QuestionOf(call, field);
        while (question?.Condition is { } condition)
        {
            // Only an earlier question can be a condition: so this ends.
            var on = call.Questions.TakeWhile(earlier => earlier.Id != question.Id).FirstOrDefault(earlier => earlier.Id == condition.Question);
            if (on is null || !condition.AnyOf.Intersect(Chosen(values.GetValueOrDefault(OfQuestion(on.Id), "")), StringComparer.Ordinal).Any()) return false;
            question = on;
        }

        return true;
    }

    /// <summary>Fields that are to be filled in, in the order of the form.</summary>
    public static IEnumerable<string> Asked(CallDefinition call, IReadOnlyDictionary<string, string> values) => Fields(call).Where(field => IsAsked(call, field, values));

    /// <summary>Whether one goes on only with it.</summary>
    public static bool IsRequired(CallDefinition call, string field) => QuestionOf(call, field)?.Required ?? field != Starts;

    /// <summary>What can be chosen as an answer: the options, or yes and no.</summary>
    public static IEnumerable<string> Choices(Question question) => question.Kind == QuestionKind.YesNo ? [Yes, No] : question.Options.Select(option => option.Id);

    /// <summary>The ids of a stored choice.</summary>
    public static IReadOnlyList<string> Chosen(string value) => value.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Brings what was typed into the form it is kept in. What is not right yet is kept as it was typed.</summary>
    public static string Normal(CallDefinition call, string field, string value)
    {
        var question = QuestionOf(call, field);
        switch (question?.Kind)
        {
            case QuestionKind.Number when TryNumber(value, out var number):
                return number.ToString(CultureInfo.InvariantCulture);
            case QuestionKind.MultipleChoice:
                var ticked = value.Split([Between, ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
                var known = Choices(question).ToList();
                // In the order of the options, whichever was ticked first; what is no option stays, so that it is said.
                return string.Join(Between, ticked.OrderBy(id => known.IndexOf(id) is var at and >= 0 ? at : int.MaxValue));
            case QuestionKind.Table or QuestionKind.Organisation:
                // Rows in which nothing stands are none, wherever they are.
                return string.Join(Between, Rows(question, value).Where(row => row.Any(cell => cell.Length > 0)).SelectMany(row => row.Index().Select(cell => NormalCell(call, Columns(question)[cell.Index].Kind, cell.Item))));
            case QuestionKind.Date or null when (question is not null || field == Starts) && TryDay(value, out var day):
                return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            default:
                return value;
        }
    }

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
                return CheckAnswer(call, QuestionOf(call, field)!, field, value);
        }
    }

    static string NormalCell(CallDefinition call, QuestionKind kind, string cell) => kind switch
    {
        QuestionKind.Number when TryNumber(cell, out var number) => number.ToString(CultureInfo.InvariantCulture),
        QuestionKind.Money when MoneyParser.TryParse(cell, call.Currency, out var amount, out _) => MoneyFormat.Plain(amount),
        QuestionKind.Date when TryDay(cell, out var day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => cell.Trim(),
    };

    static FieldProblem? CheckTable(CallDefinition call, Question question, string field, string value)
    {
        var rows = Rows(question, value);
        if (rows.Count > MostRows(question)) return new(field, DraftProblem.TooManyRows) { Given = rows.Count, Limit = MostRows(question) };
        if (question.Kind == QuestionKind.Organisation && rows.Any(row => row[0].Length == 0)) return new(field, DraftProblem.NoName);
        foreach (var (index, row) in rows.Index())
        {
            foreach (var (at, cell) in row.Index())
            {
                if (cell.Length > 0 && CheckCell(call, Columns(question)[at].Kind, field, cell) is { } problem) return problem with { Row = question.Kind == QuestionKind.Table ? index + 1 : 0 };
            }
        }

        return null;
    }

    static FieldProblem? CheckCell(CallDefinition call, QuestionKind kind, string field, string cell) => kind switch
    {
        QuestionKind.Number => TryNumber(cell, out _) ? null : new(field, DraftProblem.NotANumber),
        QuestionKind.Money => MoneyParser.TryParse(cell, call.Currency, out _, out var problem) ? null : new(field, DraftProblem.NotAnAmount) { Money = problem },
        QuestionKind.Date => TryDay(cell, out _) ? null : new(field, DraftProblem.NotADay),
        _ => TooLong(field, cell, CellCharacters),
    };

    static FieldProblem? CheckAnswer(CallDefinition call, Question question, string field, string value)
    {
        switch (question.Kind)
        {
            case QuestionKind.Number:
                return TryNumber(value, out var number) && number >= (question.Least ?? long.MinValue) && number <= (question.Most ?? long.MaxValue)
                    ? null
                    : new(field, DraftProblem.NotANumber) { Least = question.Least, Most = question.Most };
            case QuestionKind.Money:
                return MoneyParser.TryParse(value, call.Currency, out _, out var problem) ? null : new(field, DraftProblem.NotAnAmount) { Money = problem };
            case QuestionKind.Date:
                return TryDay(value, out _) ? null : new(field, DraftProblem.NotADay);
            case QuestionKind.Choice or QuestionKind.YesNo:
                return Choices(question).Contains(value, StringComparer.Ordinal) ? null : new(field, DraftProblem.NotAnOption);
            case QuestionKind.Table or QuestionKind.Organisation:
                return CheckTable(call, question, field, value);
            case QuestionKind.MultipleChoice:
                return Chosen(value).All(id => Choices(question).Contains(id, StringComparer.Ordinal)) ? null : new(field, DraftProblem.NotAnOption);
            default:
                return TooLong(field, value, question.MaxCharacters ?? OtherCharacters);
        }
    }

    /// <summary>Everything that keeps a draft from being submitted, in the order of the form.</summary>
    public static IReadOnlyList<FieldProblem> Missing(CallDefinition call, IReadOnlyDictionary<string, string> values, IReadOnlyCollection<string> documents)
    {
        var problems = new List<FieldProblem>();
        foreach (var field in Asked(call, values))
        {
            var value = values.GetValueOrDefault(field, "");
            if (value.Length == 0 && IsRequired(call, field)) problems.Add(new(field, DraftProblem.Empty));
            else if (Check(call, field, value) is { } wrong) problems.Add(wrong);
        }

        problems.AddRange(Documents(call, values).Where(document => document.Required && !documents.Contains(document.Id))
            .Select(document => new FieldProblem(document.Id, DraftProblem.NoDocument)));
        return problems;
    }

    /// <summary>Characters as people count them: a letter with its accents is one, an emoji is one.</summary>
    public static int Characters(string text) => new StringInfo(text).LengthInTextElements;

    /// <summary>A typed day: as date inputs post it, or as people of the region write it.</summary>
    public static bool TryDay(string typed, out DateOnly day) => DateOnly.TryParseExact(
        typed.Replace(" ", "", StringComparison.Ordinal).TrimEnd('.'), ["yyyy-MM-dd", "d.M.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        && day.Year is >= 2000 and < 2100;

    /// <summary>A typed whole number; spaces between thousands are ignored.</summary>
    public static bool TryNumber(string typed, out long number) => long.TryParse(
        string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter))).Replace('\u2212', '-'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

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

    /// <summary>Not a whole number, or below the least or above the most.</summary>
    NotANumber,

    /// <summary>Not one of the things that can be chosen.</summary>
    NotAnOption,

    /// <summary>A required document is missing.</summary>
    NoDocument,

    /// <summary>More rows than the question takes.</summary>
    TooManyRows,

    /// <summary>An organisation without a name.</summary>
    NoName,

    /// <summary>Something is wrong with the budget.</summary>
    Budget,

    /// <summary>Something is wrong with the partners.</summary>
    Partners,
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

    /// <summary>The least number; null without a limit.</summary>
    public long? Least { get; init; }

    /// <summary>The most; null without a limit.</summary>
    public long? Most { get; init; }

    /// <summary>What is wrong with the amount.</summary>
    public MoneyProblem Money { get; init; }

    /// <summary>The row of a table it is about, from 1; 0 for the whole.</summary>
    public int Row { get; init; }

    /// <summary>What is wrong with the budget.</summary>
    public BudgetProblem? Budget { get; init; }

    /// <summary>What is wrong with the partners.</summary>
    public PartnerProblem? Partners { get; init; }
}

using System.Globalization;
using Grants.Applications.Domain;
using Grants.Applications.Features.Organisations;
using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.AllInOne.DryRun;

/// <summary>Answers that somebody might give to the questions of a call, within its limits.</summary>
static class InventedAnswers
{
    const string Words = "Razgovarali smo sa stanovnicima i općinom i znamo šta nam treba. ";

    /// <summary>The values of a draft by field: the general ones, and one for each question that is asked.</summary>
    public static Dictionary<string, string> For(CallDefinition call, Money amount, int months, DateOnly starts)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [DraftForm.Title] = "Probni projekat",
            [DraftForm.Amount] = MoneyFormat.Plain(amount),
            [DraftForm.Months] = months.ToString(CultureInfo.InvariantCulture),
            [DraftForm.Starts] = Day(starts),
            [DraftForm.Own] = MoneyFormat.Plain(Own(call, amount)),
        };
        foreach (var question in call.Questions.Where(question => IsAsked(call, question, values)))
            values[DraftForm.OfQuestion(question.Id)] = Of(call, question, starts);
        return values;
    }

    /// <summary>As many partners as the call needs, and as many of them from another country.</summary>
    public static IReadOnlyList<Partner> Partners(CallDefinition call, string lead, Guid applicationId, DateTimeOffset at) =>
    [
        .. Enumerable.Range(1, call.Applicants.MinPartners).Select(number => new Partner
        {
            ApplicationId = applicationId, Id = Guid.CreateVersion7(), Name = $"Partner {number}", Town = "Proba", State = PartnerState.Named, AddedAt = at,
            Country = number <= call.Applicants.PartnersFromAnotherCountry ? Countries.All.First(country => country != lead) : lead,
        }),
    ];

    /// <summary>One row that costs as much as is asked for and the least own contribution together, where no limit is in the way if there is such a heading.</summary>
    public static BudgetRow Row(CallDefinition call, Money requested, Guid applicationId, DateTimeOffset at)
    {
        var limited = call.Budget.Limits.SelectMany(limit => limit.Headings).ToHashSet(StringComparer.Ordinal);
        return new BudgetRow
        {
            ApplicationId = applicationId, Id = Guid.CreateVersion7(), Description = "Probni trošak", QuantityHundredths = 100, UnitCostMinor = requested.Minor + Own(call, requested).Minor,
            Heading = call.Budget.Headings.OrderBy(heading => limited.Contains(heading.Id)).Select(heading => heading.Id).FirstOrDefault(""), AddedAt = at, SavedAt = at, Version = 1,
        };
    }

    // What is asked for is at most the rest: rounded up, so that the own contribution is not a cent too small.
    static Money Own(CallDefinition call, Money requested)
    {
        const int Whole = 10_000;
        var rest = Whole - call.Cofinancing.MinShareHundredths;
        var total = rest <= 0 ? requested.Minor : (long)(((Int128)requested.Minor * Whole + rest - 1) / rest);
        return new Money(total - requested.Minor, requested.Currency);
    }

    /// <summary>Whether a question is asked after these answers.</summary>
    public static bool IsAsked(CallDefinition call, Question question, IReadOnlyDictionary<string, string> values) => DraftForm.IsAsked(call, DraftForm.OfQuestion(question.Id), values);

    static string Of(CallDefinition call, Question question, DateOnly day) => question.Kind switch
    {
        QuestionKind.Text => Text(question.MaxCharacters ?? DraftForm.TitleCharacters),
        QuestionKind.Number => Within(question, 1).ToString(CultureInfo.InvariantCulture),
        QuestionKind.Money => MoneyFormat.Plain(new Money(Within(question, 1) * Currencies.MinorPerMajor(call.Currency), call.Currency)),
        QuestionKind.Date => Day(day),
        QuestionKind.Choice or QuestionKind.MultipleChoice => Chosen(call, question, question.Options.Select(option => option.Id)),
        QuestionKind.YesNo => Chosen(call, question, ["yes", "no"]),
        QuestionKind.Organisation => "Udruženje „Partner“\n1\nProba\nBiH",
        QuestionKind.Table => string.Join('\n', question.Columns.Select(column => column.Kind switch
        {
            QuestionKind.Number or QuestionKind.Money => "1",
            QuestionKind.Date => Day(day),
            _ => "Proba",
        })),
        _ => "",
    };

    // Whoever chooses what other questions depend on is asked them: as much of the form as possible is tried.
    static string Chosen(CallDefinition call, Question question, IEnumerable<string> options)
    {
        var all = options.ToList();
        var wanted = call.Questions.Where(other => other.Condition?.Question == question.Id).SelectMany(other => other.Condition!.AnyOf).ToHashSet(StringComparer.Ordinal);
        return all.Find(wanted.Contains) ?? all.FirstOrDefault() ?? "";
    }

    static long Within(Question question, long wish) => Math.Max(question.Least ?? wish, Math.Min(wish, question.Most ?? wish));

    static string Text(int limit)
    {
        var length = Math.Clamp(limit, 0, 200);
        return string.Concat(Enumerable.Repeat(Words, length / Words.Length + 1))[..length].TrimEnd();
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

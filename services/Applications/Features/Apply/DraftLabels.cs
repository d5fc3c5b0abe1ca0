using Grants.Applications.Domain;
using Grants.Contracts.Calls;
using Grants.Platform;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply;

/// <summary>Names of the fields of a form, for pages and for the sealed dossier.</summary>
public static class DraftLabels
{
    static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        [DraftForm.Title] = "edit.projectTitle", [DraftForm.Amount] = "edit.amount", [DraftForm.Months] = "edit.months", [DraftForm.Starts] = "edit.starts",
    };

    /// <summary>A field's name in the reader's language.</summary>
    public static string Of(PageContext page, CallDefinition call, string field) => Keys.TryGetValue(field, out var key)
        ? page.Text(typeof(DraftLabels), key)
        : LocalText.Pick(call.Questions.Single(question => DraftForm.OfQuestion(question.Id) == field).Label, page.Language).Text;

    /// <summary>What a dossier says of itself, in the languages of the call we have words in.</summary>
    public static DossierLabels ForDossier(CallDefinition call) => new(
        new Dictionary<string, Dictionary<string, string>>
        {
            ["title"] = In(call, "edit.projectTitle"), ["requestedMinor"] = In(call, "edit.amount"), ["durationMonths"] = In(call, "edit.months"),
            ["startsOn"] = In(call, "edit.starts"), ["organisation"] = In(call, "task.organisation"), ["attachments"] = In(call, "documents.title"),
            ["submittedAt"] = In(call, "dossier.submittedAt"), ["submittedByName"] = In(call, "dossier.submittedBy"), ["declaration"] = In(call, "check.declarationTitle"),
        },
        In(call, "dossier.declaration"),
        new Dictionary<string, Dictionary<string, string>> { [DraftForm.Yes] = In(call, "answer.yes"), [DraftForm.No] = In(call, "answer.no") })
    {
        OrganisationColumns = new()
        {
            ["name"] = In(call, "column.name"), ["number"] = In(call, "column.number"), ["town"] = In(call, "column.town"), ["country"] = In(call, "column.country"),
        },
    };

    /// <summary>Heads of the columns of a table in the reader's language.</summary>
    public static IReadOnlyList<string> Columns(PageContext page, Question question) =>
    [
        .. DraftForm.Columns(question).Select(column => question.Kind == QuestionKind.Organisation ? page.Text(typeof(DraftLabels), $"column.{column.Id}") : LocalText.Pick(column.Label, page.Language).Text),
    ];

    /// <summary>What can be chosen as an answer, in the reader's language.</summary>
    public static IReadOnlyList<(string Value, string Label)> Options(PageContext page, Question question) => question.Kind == QuestionKind.YesNo
        ? [(DraftForm.Yes, page.Text(typeof(DraftLabels), "answer.yes")), (DraftForm.No, page.Text(typeof(DraftLabels), "answer.no"))]
        : [.. question.Options.Select(option => (option.Id, LocalText.Pick(option.Label, page.Language).Text))];

    /// <summary>A stored answer as people read it.</summary>
    public static string Shown(PageContext page, CallDefinition call, string field, string value)
    {
        var question = DraftForm.QuestionOf(call, field);
        if ((field == DraftForm.Amount || question?.Kind == QuestionKind.Money) && MoneyParser.TryParse(value, call.Currency, out var amount, out _))
            return MoneyFormat.Format(amount, page.Culture);
        if ((field == DraftForm.Starts || question?.Kind == QuestionKind.Date) && DraftForm.TryDay(value, out var day)) return Dates.Day(day, page.Culture);
        if (question is not null && DraftForm.IsTable(question))
        {
            var heads = Columns(page, question);
            return string.Join("\n", DraftForm.Rows(question, value).Select(row => string.Join("; ", row.Index().Where(cell => cell.Item.Length > 0).Select(cell => $"{heads[cell.Index]}: {cell.Item}"))));
        }

        if (question is null || !DraftForm.Choices(question).Any()) return value;
        var options = Options(page, question).ToDictionary(option => option.Value, option => option.Label, StringComparer.Ordinal);
        return string.Join("\n", DraftForm.Chosen(value).Select(id => options.GetValueOrDefault(id, id)));
    }

    /// <summary>When a question is to be answered, in words: "if you answered …"; null for always.</summary>
    public static string? ConditionOf(PageContext page, CallDefinition call, Question question)
    {
        if (question.Condition is not { } condition || call.Questions.FirstOrDefault(earlier => earlier.Id == condition.Question) is not { } on) return null;
        var answers = Options(page, on).Where(option => condition.AnyOf.Contains(option.Value)).Select(option => page.Text(typeof(DraftLabels), "edit.quoted", option.Label));
        return page.Text(typeof(DraftLabels), "edit.onlyIf", LocalText.Pick(on.Label, page.Language).Text, string.Join(page.Text(typeof(DraftLabels), "edit.or"), answers));
    }

    static Dictionary<string, string> In(CallDefinition call, string key)
    {
        var found = call.Languages.Select(language => (language, text: Texts.Find(typeof(DraftLabels), key, language, strict: false)))
            .Where(pair => pair.text.Language == pair.language).ToDictionary(pair => pair.language, pair => pair.text.Value, StringComparer.Ordinal);
        if (found.Count == 0) found[Languages.Fallback] = Texts.Find(typeof(DraftLabels), key, Languages.Fallback, strict: true).Value;
        return found;
    }
}

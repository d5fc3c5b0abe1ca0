using Grants.Applications.Domain;
using Grants.Contracts.Calls;
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
        In(call, "dossier.declaration"));

    static Dictionary<string, string> In(CallDefinition call, string key)
    {
        var found = call.Languages.Select(language => (language, text: Texts.Find(typeof(DraftLabels), key, language, strict: false)))
            .Where(pair => pair.text.Language == pair.language).ToDictionary(pair => pair.language, pair => pair.text.Value, StringComparer.Ordinal);
        if (found.Count == 0) found[Languages.Fallback] = Texts.Find(typeof(DraftLabels), key, Languages.Fallback, strict: true).Value;
        return found;
    }
}

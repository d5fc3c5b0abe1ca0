using Grants.Applications.Domain;
using Grants.Platform.Localisation;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Calls.Rules;

/// <summary>What is wrong with a definition, as a sentence that says what to do.</summary>
public static class DefinitionSentences
{
    /// <summary>The sentence in the reader's language.</summary>
    public static string Of(PageContext page, DefinitionProblem problem) => page.Text(typeof(DefinitionSentences), Key(problem), [.. problem.Arguments]);

    /// <summary>The sentence for logs, and for programs that publish.</summary>
    public static string InEnglish(DefinitionProblem problem) =>
        Texts.Format(Texts.Find(typeof(DefinitionSentences), Key(problem), Languages.Fallback, strict: false), PageContext.DefaultZone, [.. problem.Arguments]);

    static string Key(DefinitionProblem problem) => $"problem.{problem.Code}";
}

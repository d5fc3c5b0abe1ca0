using Grants.Applications.Domain;
using Grants.Platform.Ui;

namespace Grants.Applications.Features.Apply.Partners;

/// <summary>What is wrong with the partners of an application, as a sentence.</summary>
public static class PartnerWords
{
    /// <summary>The sentence in the reader's language.</summary>
    public static string Of(PageContext page, PartnerProblem problem) =>
        page.Text(typeof(PartnerWords), $"problem.{problem.Kind}", problem.Name, problem.Wanted, problem.There);
}

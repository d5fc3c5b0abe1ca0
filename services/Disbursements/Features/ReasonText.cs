namespace Grants.Disbursements.Features;

/// <summary>A reason that somebody gives: any number of lines, with at least one letter or digit and nothing that cannot be seen.</summary>
public static class ReasonText
{
    /// <summary>Key of the sentence that says what is wrong, or null.</summary>
    public static string? Problem(string value, int mostCharacters) => PlainLine.Problem(value.Replace('\n', ' ').Replace('\t', ' ').Trim(), mostCharacters);

}

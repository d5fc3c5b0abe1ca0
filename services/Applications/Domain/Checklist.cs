using Grants.Contracts.Calls;

namespace Grants.Applications.Domain;

/// <summary>One field of a check that is being done. Each has its own version: two officers may work on one list, and nobody is overwritten unseen.</summary>
public sealed class CheckField
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Name of the field, see <see cref="CheckForm"/>.</summary>
    public string Field { get; init; } = "";

    /// <summary>What was chosen or typed, NFC.</summary>
    public string Value { get; set; } = "";

    /// <summary>Grows with each save of this field.</summary>
    public long Version { get; set; }

    /// <summary>When it was saved.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>By whom.</summary>
    public Guid SavedBy { get; set; }

    /// <summary>Their name.</summary>
    public string SavedByName { get; set; } = "";
}

/// <summary>The fields of a check: an answer and a reason for each item of the call's list, the outcome, and words for the whole.</summary>
public static class CheckForm
{
    /// <summary>Answers to an item.</summary>
    public const string Yes = "yes", No = "no", NotApplicable = "not-applicable";

    /// <summary>Fields of the check as a whole.</summary>
    public const string Outcome = "eligible", Reason = "reason";

    /// <summary>Longest reason of the whole, and of an item.</summary>
    public const int ReasonCharacters = 2000, WhyCharacters = 1000;

    /// <summary>The answers there are.</summary>
    public static readonly IReadOnlyList<string> Answers = [Yes, No, NotApplicable];

    /// <summary>Name of the field with the answer to an item.</summary>
    public static string OfItem(string itemId) => "item-" + itemId;

    /// <summary>Name of the field with the reason of an answer.</summary>
    public static string WhyOf(string itemId) => "why-" + itemId;

    /// <summary>All fields in the order of the form.</summary>
    public static IEnumerable<string> Fields(CallDefinition call) => [.. call.CheckList.SelectMany(item => new[] { OfItem(item.Id), WhyOf(item.Id) }), Outcome, Reason];

    /// <summary>Most characters of a text; null for a choice.</summary>
    public static int? LimitOf(string field) =>
        field == Reason ? ReasonCharacters : field.StartsWith("why-", StringComparison.Ordinal) ? WhyCharacters : null;

    /// <summary>Whether a value can be kept while the check is being done: a choice is one of those there are, a text is not too long.</summary>
    public static bool CanKeep(string field, string value) => LimitOf(field) is { } limit
        ? DraftForm.Characters(value) <= limit
        : value.Length == 0 || (field == Outcome ? value is Yes or No : Answers.Contains(value));
}

/// <summary>An answer to an item as it was in the end.</summary>
/// <param name="Answer">One of <see cref="CheckForm.Answers"/>.</param>
/// <param name="Reason">Why; may be empty unless the answer is no.</param>
public sealed record CheckedItem(string Answer, string Reason);

/// <summary>What keeps a check from being finished.</summary>
public enum CheckProblem
{
    /// <summary>An item has no answer.</summary>
    NoAnswer,

    /// <summary>A no has no reason.</summary>
    NoReason,

    /// <summary>A text is too long.</summary>
    TooLong,

    /// <summary>The outcome was not said.</summary>
    NoOutcome,

    /// <summary>The whole has no reason.</summary>
    NoReasonOfAll,

    /// <summary>Eligible, although an item is at no.</summary>
    EligibleWithNo,

    /// <summary>Not eligible, although no item is at no.</summary>
    IneligibleWithoutNo,

    /// <summary>Not eligible for an item alone that the applicant was never asked about.</summary>
    AskFirst,

    /// <summary>An applicant still has time to answer.</summary>
    Waiting,
}

/// <summary>A check with the clarifications that were asked: what it lacks, and what an application may be rejected for.</summary>
/// <param name="Call">The call's definition.</param>
/// <param name="Values">Values by field.</param>
/// <param name="Clarifications">All that were asked about the application.</param>
public sealed record Checklist(CallDefinition Call, IReadOnlyDictionary<string, string> Values, IReadOnlyList<Clarification> Clarifications)
{
    /// <summary>The answer to an item; empty when there is none.</summary>
    public string AnswerTo(CheckItem item) => Values.GetValueOrDefault(CheckForm.OfItem(item.Id), "");

    /// <summary>The reason of an answer; may be empty.</summary>
    public string WhyOf(CheckItem item) => Values.GetValueOrDefault(CheckForm.WhyOf(item.Id), "");

    /// <summary>Items with an answer, and with a reason where it is no.</summary>
    public int Done => Call.CheckList.Count(IsDone);

    /// <summary>Whether every item is answered.</summary>
    public bool IsComplete => Done == Call.CheckList.Count;

    /// <summary>Items at no.</summary>
    public IEnumerable<CheckItem> Failed => Call.CheckList.Where(item => AnswerTo(item) == CheckForm.No);

    /// <summary>
    /// What the application may be rejected for. An item that may be clarified is no ground before the applicant was asked about it and has answered, or has let the
    /// time go by: to reject for a slip that one question would have cleared is maladministration (European Ombudsman, case 1846/2023).
    /// </summary>
    public IReadOnlyList<CheckItem> Grounds => [.. Failed.Where(item => !MustAskFirst(item))];

    /// <summary>Whether the applicant is to be asked about an item before it can end the application.</summary>
    public bool MustAskFirst(CheckItem item) => item.Clarifiable && !Clarifications.Any(asked => asked.Concerns(item.Id) && asked.State != ClarificationState.Open);

    /// <summary>Everything that keeps the check from being finished, in the order of the form.</summary>
    public IReadOnlyList<(string Field, CheckProblem Problem)> Problems()
    {
        var problems = new List<(string, CheckProblem)>();
        var eligible = Values.GetValueOrDefault(CheckForm.Outcome, "");
        foreach (var item in Call.CheckList)
        {
            if (!CheckForm.Answers.Contains(AnswerTo(item))) problems.Add((CheckForm.OfItem(item.Id), CheckProblem.NoAnswer));
            else if (AnswerTo(item) == CheckForm.No && WhyOf(item).Length == 0) problems.Add((CheckForm.WhyOf(item.Id), CheckProblem.NoReason));
            if (!CheckForm.CanKeep(CheckForm.WhyOf(item.Id), WhyOf(item))) problems.Add((CheckForm.WhyOf(item.Id), CheckProblem.TooLong));
        }

        var isWhole = problems.Count == 0;
        if (eligible is not (CheckForm.Yes or CheckForm.No)) problems.Add((CheckForm.Outcome, CheckProblem.NoOutcome));
        else if (isWhole && eligible == CheckForm.Yes && Failed.Any()) problems.Add((CheckForm.Outcome, CheckProblem.EligibleWithNo));
        else if (isWhole && eligible == CheckForm.No && !Failed.Any()) problems.Add((CheckForm.Outcome, CheckProblem.IneligibleWithoutNo));
        else if (isWhole && eligible == CheckForm.No && Grounds.Count == 0 && !Clarifications.Any(asked => asked.State == ClarificationState.Open))
            problems.AddRange(Failed.Select(item => (CheckForm.OfItem(item.Id), CheckProblem.AskFirst)));
        if (Clarifications.Any(asked => asked.State == ClarificationState.Open)) problems.Add((CheckForm.Outcome, CheckProblem.Waiting));

        var reason = Values.GetValueOrDefault(CheckForm.Reason, "");
        if (reason.Length == 0) problems.Add((CheckForm.Reason, CheckProblem.NoReasonOfAll));
        else if (!CheckForm.CanKeep(CheckForm.Reason, reason)) problems.Add((CheckForm.Reason, CheckProblem.TooLong));
        return problems;
    }

    bool IsDone(CheckItem item) => AnswerTo(item) is var answer && CheckForm.Answers.Contains(answer) && (answer != CheckForm.No || WhyOf(item).Length > 0);
}

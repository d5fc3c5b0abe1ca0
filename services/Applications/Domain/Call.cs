using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.Applications.Domain;

/// <summary>A call as it stands now. What it says is in the newest of its <see cref="CallVersion"/>s.</summary>
public sealed class Call
{
    /// <summary>Id of the call.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of this record, and <c>SubjectVersion</c> of its events.</summary>
    public long Version { get; set; }

    /// <summary>Newest version of the definition.</summary>
    public int DefinitionVersion { get; set; }

    /// <summary>Programme code, for the scope of roles.</summary>
    public string Programme { get; set; } = "";

    /// <summary>What references begin with.</summary>
    public string ReferencePrefix { get; set; } = "";

    /// <summary>First instant in which a submission is accepted.</summary>
    public DateTimeOffset OpensAt { get; set; }

    /// <summary>The second in which the last submission is accepted.</summary>
    public DateTimeOffset ClosesAt { get; set; }

    /// <summary>When the closing is to be announced; null once it was.</summary>
    public DateTimeOffset? CloseDueAt { get; set; }

    /// <summary>
    /// Whether a submission that arrives at this instant is in time. The one place that answers it. It asks the clock of arrival only, not whether the closing
    /// was announced: what arrived in time is accepted also when it is handled after the announcement.
    /// </summary>
    public bool IsOpen(DateTimeOffset at) => OpensAt <= at && at < FirstInstantClosed;

    /// <summary>Open, coming or closed at this instant.</summary>
    public CallPhase PhaseAt(DateTimeOffset at) => at < OpensAt ? CallPhase.Coming : IsOpen(at) ? CallPhase.Open : CallPhase.Closed;

    /// <summary>The whole last second still counts: people read "23:59:59" as "until midnight".</summary>
    public DateTimeOffset FirstInstantClosed => ClosesAt.AddSeconds(1);
}

/// <summary>Where a call is in time.</summary>
public enum CallPhase
{
    /// <summary>Opens later.</summary>
    Coming,

    /// <summary>Takes submissions.</summary>
    Open,

    /// <summary>No longer takes submissions.</summary>
    Closed,
}

/// <summary>One published version of a call's definition. It never changes.</summary>
public sealed class CallVersion
{
    /// <summary>The call.</summary>
    public Guid CallId { get; init; }

    /// <summary>Number of the version, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The definition as canonical JSON.</summary>
    public string Definition { get; init; } = "";

    /// <summary>SHA-256 of its UTF-8 bytes.</summary>
    public string DefinitionSha256 { get; init; } = "";

    /// <summary>When it was published.</summary>
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>Who published it; empty for the system itself.</summary>
    public Guid PublishedBy { get; init; }

    /// <summary>Why the call was amended; empty for the first version.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>What a definition must keep to be published.</summary>
public static class CallRules
{
    /// <summary>What is wrong with a definition; empty when nothing is. For whoever writes definitions, so in English.</summary>
    public static IReadOnlyList<string> Problems(CallDefinition call)
    {
        var problems = new List<string>();
        Must(call.Languages.Count > 0, "A call has at least one language.");
        Must(call.Languages.All(call.Title.ContainsKey), "The title is in every language of the call.");
        Must(call.Approvals.Count > 0 && call.Approvals.All(rule => rule.People >= 2) && call.Approvals[^1].UpToMinor is null, "A payment needs at least two people.");
        Must(call.Instalments.Sum(instalment => instalment.ShareHundredths) == 10_000, "The instalments add up to 100 %.");
        Must(
            call.Instalments.All(instalment => instalment.ShareHundredths > 0 && instalment.Trigger is "agreement-in-force" or "report-accepted" or "final-report-accepted"),
            "Every instalment has a share above zero and is triggered by agreement-in-force or final-report-accepted.");
        // What people can type ends there, too; far below what a long holds, so that no sum of grants overflows.
        Must(call.TotalBudgetMinor <= MoneyParser.LargestMajor * 100, "The budget is at most 999,999,999,999.");
        Must(call.MinGrantMinor > 0 && call.MinGrantMinor <= call.MaxGrantMinor, "The smallest grant is above zero and not above the largest.");
        Must(call.MaxGrantMinor <= call.TotalBudgetMinor, "The largest grant is within the budget.");
        Must(call.FinalEvaluation.Evaluators >= 1, "At least one evaluator scores each application.");
        Must(Unique(call.Questions.Select(question => question.Id)), "Questions have different ids.");
        Must(Unique(call.Documents.Select(document => document.Id)), "Documents have different ids.");
        Must(Unique(call.CheckList.Select(item => item.Id)), "Items of the check have different ids.");
        Must(Unique(call.FinalEvaluation.Grid.Criteria.Select(criterion => criterion.Id)), "Criteria have different ids.");
        Must(call.Questions.All(question => question.Kind != QuestionKind.Text || question.MaxCharacters > 0), "Every question has a character limit.");
        return problems;

        void Must(bool kept, string rule)
        {
            if (!kept) problems.Add(rule);
        }

        static bool Unique(IEnumerable<string> ids) => ids.GroupBy(id => id, StringComparer.Ordinal).All(group => group.Key.Length > 0 && group.Count() == 1);
    }

    /// <summary>Whether an amendment leaves alone what applicants were promised: the grid and the money may not change once a dossier is sealed.</summary>
    public static bool KeepsPromises(CallDefinition before, CallDefinition after) =>
        before.Currency == after.Currency && before.TotalBudgetMinor == after.TotalBudgetMinor && before.MinGrantMinor == after.MinGrantMinor
        && before.MaxGrantMinor == after.MaxGrantMinor && before.FinalEvaluation.Grid.ThresholdHundredths == after.FinalEvaluation.Grid.ThresholdHundredths
        && before.FinalEvaluation.Grid.Criteria.Select(Worth).SequenceEqual(after.FinalEvaluation.Grid.Criteria.Select(Worth));

    static (string Id, int Min, int Max, int Weight) Worth(Criterion criterion) => (criterion.Id, criterion.MinPoints, criterion.MaxPoints, criterion.Weight);
}

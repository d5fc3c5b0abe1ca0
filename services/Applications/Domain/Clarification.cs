using Grants.Platform.Lifecycles;
using Grants.Platform.Localisation;

namespace Grants.Applications.Domain;

/// <summary>A question to the applicant about items of the check, and the answer. It explains the dossier and never changes it.</summary>
public sealed class Clarification
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of this record.</summary>
    public long Version { get; set; }

    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>Ids of the items it is about, each on a line.</summary>
    public string Items { get; init; } = "";

    /// <summary>What is asked, in the officer's words.</summary>
    public string Question { get; init; } = "";

    /// <summary>When it was asked.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>The officer.</summary>
    public Guid AskedBy { get; init; }

    /// <summary>Their name.</summary>
    public string AskedByName { get; init; } = "";

    /// <summary>The last second in which an answer is taken.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>When it is to be closed unanswered; null once it has ended.</summary>
    public DateTimeOffset? CloseDueAt { get; set; }

    /// <summary>Where it stands.</summary>
    public ClarificationState State { get; set; }

    /// <summary>The answer: while it is open, as far as it was written.</summary>
    public string Answer { get; set; } = "";

    /// <summary>Grows with each save of the answer.</summary>
    public long AnswerVersion { get; set; }

    /// <summary>When the answer was last saved, or handed in.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>By whom.</summary>
    public Guid? AnsweredBy { get; set; }

    /// <summary>Their name.</summary>
    public string AnsweredByName { get; set; } = "";

    /// <summary>Most characters of a question, and of an answer.</summary>
    public const int QuestionCharacters = 2000, AnswerCharacters = 5000;

    /// <summary>Most files with an answer.</summary>
    public const int MostFiles = 5;

    // What arrived in the last second may still be on its way through a slow line when the time is over.
    static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Asks.</summary>
    public static Clarification Ask(
        Guid id, Guid applicationId, IReadOnlyList<string> items, string question, Guid by, string byName, DateTimeOffset at, DateTimeOffset dueAt) => new()
        {
            Id = id,
            Version = 1,
            ApplicationId = applicationId,
            Items = string.Join('\n', items),
            Question = question,
            AskedAt = at,
            AskedBy = by,
            AskedByName = byName,
            DueAt = dueAt,
            CloseDueAt = dueAt.AddSeconds(1) + Grace,
        };

    /// <summary>Whether it is about an item.</summary>
    public bool Concerns(string itemId) => ItemIds.Contains(itemId);

    /// <summary>The items it is about.</summary>
    public IReadOnlyList<string> ItemIds => Items.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Whether an answer that arrives at this instant is in time: the whole last second counts. It asks the time of arrival only; the job that closes it comes later.
    /// </summary>
    public bool IsInTime(DateTimeOffset at) => at < DueAt.AddSeconds(1);

    /// <summary>Hands the answer in.</summary>
    public void HandIn(string answer, Guid by, string byName, DateTimeOffset at)
    {
        State = ClarificationLifecycle.Table.Next(State, ClarificationAction.Answer, ClarificationRole.Committer);
        Version++;
        CloseDueAt = null;
        Answer = answer;
        AnswerVersion++;
        AnsweredAt = at;
        AnsweredBy = by;
        AnsweredByName = byName;
    }

    /// <summary>Ends it when the time has run out. What was written and not handed in is nobody's answer.</summary>
    public void Expire()
    {
        State = ClarificationLifecycle.Table.Next(State, ClarificationAction.Expire, ClarificationRole.Clock);
        Version++;
        CloseDueAt = null;
    }

    /// <summary>
    /// Until when somebody who is asked now may answer: the last second of the local day that many days on. Should the clocks change over that second, a day later:
    /// a deadline is never earlier than was promised.
    /// </summary>
    public static DateTimeOffset DueFor(DateTimeOffset now, int days, string zone)
    {
        var day = DateOnly.FromDateTime(Dates.In(now, zone)).AddDays(days);
        DateTimeOffset due;
        while (!Dates.TryInstant($"{day:yyyy-MM-dd}T23:59:59", zone, out due, out _)) day = day.AddDays(1);
        return due;
    }

    /// <summary>What ids of its files begin with, among the documents of the application.</summary>
    public string FilePrefix => $"clarification-{Id:N}-";
}

/// <summary>States of a clarification.</summary>
public enum ClarificationState
{
    /// <summary>Waits for the answer.</summary>
    Open,

    /// <summary>Answered.</summary>
    Answered,

    /// <summary>The time ran out.</summary>
    Unanswered,
}

/// <summary>What is done to a clarification.</summary>
public enum ClarificationAction
{
    /// <summary>The answer is handed in.</summary>
    Answer,

    /// <summary>The time runs out.</summary>
    Expire,
}

/// <summary>Who does it.</summary>
public enum ClarificationRole
{
    /// <summary>A member of the organisation who may commit it.</summary>
    Committer,

    /// <summary>The clock.</summary>
    Clock,
}

/// <summary>The life of a clarification.</summary>
public static class ClarificationLifecycle
{
    /// <summary>The table. What is not in it is refused.</summary>
    public static readonly TransitionTable<ClarificationState, ClarificationAction, ClarificationRole> Table = new(
        new(ClarificationState.Open, ClarificationAction.Answer, ClarificationRole.Committer, ClarificationState.Answered),
        new(ClarificationState.Open, ClarificationAction.Expire, ClarificationRole.Clock, ClarificationState.Unanswered));
}

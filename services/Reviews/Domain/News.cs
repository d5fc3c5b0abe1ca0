namespace Grants.Reviews.Domain;

/// <summary>An applicant took an application back. Kept apart from the case because it may arrive before the submission does.</summary>
public sealed class Withdrawal
{
    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>A question to the applicant and its answer, which stand beside the dossier. Kept whether or not the submission has arrived.</summary>
public sealed class Clarification
{
    /// <summary>The clarification.</summary>
    public Guid Id { get; init; }

    /// <summary>The application.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>What was asked.</summary>
    public string Question { get; init; } = "";

    /// <summary>The applicant's words; empty when time ran out.</summary>
    public string Answer { get; init; } = "";

    /// <summary>When it was answered, or its time ran out.</summary>
    public DateTimeOffset At { get; init; }
}

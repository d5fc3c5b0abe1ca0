namespace Grants.Reviews.Domain;

/// <summary>One evaluator's work on one application, from the assignment to the submitted review.</summary>
public sealed class Assignment
{
    Assignment()
    {
    }

    /// <summary>Id of the assignment.</summary>
    public Guid Id { get; private init; }

    /// <summary>The application.</summary>
    public Guid ApplicationId { get; private init; }

    /// <summary>The evaluation it belongs to: its place among those of the definition, from 0.</summary>
    public int Evaluation { get; private init; }

    /// <summary>The evaluator.</summary>
    public Guid EvaluatorId { get; private init; }

    /// <summary>The officer who assigned.</summary>
    public Guid AssignedBy { get; private init; }

    /// <summary>When it was assigned.</summary>
    public DateTimeOffset AssignedAt { get; private init; }

    /// <summary>Why more evaluators than the call wants; empty otherwise.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Where it stands.</summary>
    public AssignmentState State { get; private set; }

    /// <summary>When the evaluator declared; null before.</summary>
    public DateTimeOffset? DeclaredAt { get; private set; }

    /// <summary>The conflict in the evaluator's words; empty when there is none.</summary>
    public string ConflictReason { get; private set; } = "";

    /// <summary>When the evaluator declined; null otherwise.</summary>
    public DateTimeOffset? DeclinedAt { get; private set; }

    /// <summary>Why the evaluator declined; empty otherwise.</summary>
    public string DeclineReason { get; private set; } = "";

    /// <summary>When something was last saved.</summary>
    public DateTimeOffset? SavedAt { get; private set; }

    /// <summary>When the review was submitted.</summary>
    public DateTimeOffset? SubmittedAt { get; private set; }

    /// <summary>Total in hundredths, fixed at submission.</summary>
    public int? TotalHundredths { get; private set; }

    /// <summary>Concurrency token.</summary>
    public long Version { get; private set; }

    /// <summary>Points and comments by criterion.</summary>
    public List<Score> Scores { get; private init; } = [];

    /// <summary>True while the evaluator has something to do.</summary>
    public bool IsOpen => State is AssignmentState.Assigned or AssignmentState.Declared or AssignmentState.Draft;

    /// <summary>True while it leads, or has led, to a review that counts.</summary>
    public bool HoldsPlace => IsOpen || State == AssignmentState.Submitted;

    /// <summary>True once the evaluator may read the application.</summary>
    public bool MayRead => State is AssignmentState.Declared or AssignmentState.Draft or AssignmentState.Submitted;

    /// <summary>Assigns an evaluator.</summary>
    public static Assignment Make(Guid applicationId, int evaluation, Guid evaluatorId, Guid assignedBy, DateTimeOffset at, string reason) => new()
    {
        Id = Guid.CreateVersion7(),
        ApplicationId = applicationId,
        Evaluation = evaluation,
        EvaluatorId = evaluatorId,
        AssignedBy = assignedBy,
        AssignedAt = at,
        Reason = reason,
        State = AssignmentState.Assigned,
        Version = 1,
    };

    /// <summary>Whether the action is possible now.</summary>
    public bool Allows(AssignmentAction action) => AssignmentLifecycle.Table.Allows(State, action, AssignmentActor.Evaluator);

    /// <summary>The evaluator declares that there is no conflict.</summary>
    public void DeclareImpartial(DateTimeOffset at)
    {
        Do(AssignmentAction.DeclareImpartial, AssignmentActor.Evaluator);
        DeclaredAt = at;
    }

    /// <summary>The work ends with a conflict, whatever was scored so far.</summary>
    public void DeclareConflict(AssignmentActor actor, string reason, DateTimeOffset at)
    {
        Do(AssignmentAction.DeclareConflict, actor);
        DeclaredAt = at;
        ConflictReason = reason;
    }

    /// <summary>The evaluator cannot or will not do it: another is needed.</summary>
    public void Decline(string reason, DateTimeOffset at)
    {
        Do(AssignmentAction.Decline, AssignmentActor.Evaluator);
        DeclinedAt = at;
        DeclineReason = reason;
    }

    /// <summary>Ends with the application, which was withdrawn.</summary>
    public void End() => Do(AssignmentAction.End, AssignmentActor.System);

    /// <summary>Saves what was given for a criterion; null leaves the part as it is.</summary>
    public void Save(string criterionId, int? points, string? comment, DateTimeOffset at)
    {
        Do(AssignmentAction.Save, AssignmentActor.Evaluator);
        var score = Scores.Find(score => string.Equals(score.CriterionId, criterionId, StringComparison.Ordinal));
        if (score is null) Scores.Add(score = new Score { AssignmentId = Id, CriterionId = criterionId });
        if (points is not null) score.Points = points;
        if (comment is not null) score.Comment = comment;
        SavedAt = at;
    }

    /// <summary>Submits the review: from now on nothing of it changes.</summary>
    /// <param name="grid">The grid, which says what is still missing.</param>
    /// <param name="at">Now.</param>
    /// <exception cref="InvalidOperationException">Points or comments are missing.</exception>
    public void Submit(Grid grid, DateTimeOffset at)
    {
        if (grid.Missing(Scores).Count > 0) throw new InvalidOperationException($"Assignment {Id} is not complete.");
        Do(AssignmentAction.Submit, AssignmentActor.Evaluator);
        TotalHundredths = grid.Total(Scores);
        SubmittedAt = at;
    }

    void Do(AssignmentAction action, AssignmentActor actor)
    {
        State = AssignmentLifecycle.Table.Next(State, action, actor);
        Version++;
    }
}

/// <summary>What an evaluator gave for one criterion.</summary>
public sealed class Score
{
    /// <summary>The assignment.</summary>
    public Guid AssignmentId { get; init; }

    /// <summary>The criterion's id in the grid.</summary>
    public string CriterionId { get; init; } = "";

    /// <summary>Points in hundredths; null while none are given.</summary>
    public int? Points { get; set; }

    /// <summary>Why.</summary>
    public string Comment { get; set; } = "";
}

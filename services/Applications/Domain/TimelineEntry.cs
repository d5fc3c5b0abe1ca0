namespace Grants.Applications.Domain;

/// <summary>What happened to an application, as its timeline tells it.</summary>
public enum TimelineKind
{
    /// <summary>Submitted.</summary>
    Submitted,

    /// <summary>Changed and submitted again before the closing.</summary>
    SubmittedAgain,

    /// <summary>The virus check, which was late, refused a document.</summary>
    DocumentRefused,

    /// <summary>The officer asked for a clarification.</summary>
    ClarificationAsked,

    /// <summary>The applicant answered.</summary>
    ClarificationAnswered,

    /// <summary>The time to answer ran out.</summary>
    ClarificationUnanswered,

    /// <summary>Passed the check.</summary>
    FoundEligible,

    /// <summary>Did not pass the check.</summary>
    FoundIneligible,

    /// <summary>An evaluator was assigned.</summary>
    EvaluatorAssigned,

    /// <summary>A review came in.</summary>
    ReviewReceived,

    /// <summary>An evaluator declared a conflict of interest.</summary>
    ConflictDeclared,

    /// <summary>An evaluator declined the assignment.</summary>
    EvaluatorDeclined,

    /// <summary>The committee recommended funding.</summary>
    RecommendedForFunding,

    /// <summary>The committee recommended not to fund.</summary>
    RecommendedAgainst,

    /// <summary>A grant was awarded.</summary>
    Awarded,

    /// <summary>Rejected.</summary>
    Rejected,

    /// <summary>Put on the reserve list.</summary>
    OnReserve,

    /// <summary>The letter with the outcome went to the applicant.</summary>
    LetterReleased,

    /// <summary>The award ended before its agreement was in force.</summary>
    AwardLapsed,

    /// <summary>The grant agreement was offered.</summary>
    AgreementOffered,

    /// <summary>One side accepted the agreement.</summary>
    AgreementAccepted,

    /// <summary>Both sides have accepted: it is in force.</summary>
    AgreementInForce,

    /// <summary>An instalment is due.</summary>
    InstalmentDue,

    /// <summary>One approver approved a payment.</summary>
    PaymentApprovedOnce,

    /// <summary>Enough people approved: it will be paid.</summary>
    PaymentReleased,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Taken back by the applicant.</summary>
    Withdrawn,

    /// <summary>A payment came back, or was never made.</summary>
    PaymentFailed,
}

/// <summary>Who may see an entry.</summary>
public enum TimelineAudience
{
    /// <summary>Applicant and staff.</summary>
    Everyone,

    /// <summary>Staff; the applicant too once the letter with the outcome has been released, whichever came first.</summary>
    EveryoneAfterLetter,

    /// <summary>Staff only.</summary>
    Staff,
}

/// <summary>One entry of an application's timeline. Never a name of an evaluator, never a score.</summary>
public sealed class TimelineEntry
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; init; }

    /// <summary>The application. No foreign key: an event may come before what it is about.</summary>
    public Guid ApplicationId { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public TimelineKind Kind { get; init; }

    /// <summary>Who may see it.</summary>
    public TimelineAudience Audience { get; init; }

    /// <summary>An amount, minor units, when the entry is about money.</summary>
    public long? AmountMinor { get; init; }

    /// <summary>Its currency.</summary>
    public string? Currency { get; init; }

    /// <summary>A small fact: the side that accepted, the number of an instalment, of an agreement.</summary>
    public string? Detail { get; init; }

    /// <summary>Makes an entry; who may see it follows from what happened.</summary>
    public static TimelineEntry Of(Guid applicationId, DateTimeOffset at, TimelineKind kind, string? detail = null, long? amountMinor = null, string? currency = null) => new()
    {
        Id = Guid.CreateVersion7(),
        ApplicationId = applicationId,
        At = at,
        Kind = kind,
        Audience = AudienceOf(kind),
        Detail = detail,
        AmountMinor = amountMinor,
        Currency = currency,
    };

    /// <summary>Who may see what. Money moves only after the letter, but events may overtake it, so all of it waits for the letter.</summary>
    public static TimelineAudience AudienceOf(TimelineKind kind) => kind switch
    {
        TimelineKind.Submitted or TimelineKind.SubmittedAgain or TimelineKind.Withdrawn or TimelineKind.DocumentRefused or TimelineKind.ClarificationAsked
            or TimelineKind.ClarificationAnswered or TimelineKind.ClarificationUnanswered or TimelineKind.FoundEligible or TimelineKind.EvaluatorAssigned
            or TimelineKind.LetterReleased => TimelineAudience.Everyone,
        TimelineKind.ReviewReceived or TimelineKind.ConflictDeclared or TimelineKind.EvaluatorDeclined or TimelineKind.RecommendedForFunding or TimelineKind.RecommendedAgainst
            or TimelineKind.PaymentApprovedOnce => TimelineAudience.Staff,
        _ => TimelineAudience.EveryoneAfterLetter,
    };
}

/// <summary>Reading a timeline.</summary>
public static class Timeline
{
    /// <summary>What the applicant sees: nothing of the outcome before the letter, one entry for all evaluators, oldest first.</summary>
    public static IReadOnlyList<TimelineEntry> ForApplicant(IEnumerable<TimelineEntry> all)
    {
        var entries = InOrder(all);
        var firstAssignment = entries.FirstOrDefault(entry => entry.Kind == TimelineKind.EvaluatorAssigned);
        return [.. entries.Where(entry => entry.Audience == TimelineAudience.Everyone || (entry.Audience == TimelineAudience.EveryoneAfterLetter && IsTold(entries, entry.Kind)))
            .Where(entry => entry.Kind != TimelineKind.EvaluatorAssigned || ReferenceEquals(entry, firstAssignment))];
    }

    /// <summary>
    /// Whether a letter has told of what happened. An application may have several decisions: the letter about a place on the reserve list does not tell of the award that
    /// follows. Letters from before there were several kinds tell of everything.
    /// </summary>
    static bool IsTold(IEnumerable<TimelineEntry> entries, TimelineKind kind)
    {
        var letter = kind switch
        {
            TimelineKind.Rejected => "rejection",
            TimelineKind.OnReserve => "reserve",
            TimelineKind.FoundIneligible => null,
            _ => "award",
        };
        return entries.Any(entry => entry.Kind == TimelineKind.LetterReleased && (letter is null || entry.Detail is null || entry.Detail == letter));
    }

    /// <summary>What staff see: everything, oldest first.</summary>
    public static IReadOnlyList<TimelineEntry> ForStaff(IEnumerable<TimelineEntry> all) => InOrder(all);

    /// <summary>By time; what happened in the same millisecond in the order of an application's life.</summary>
    static List<TimelineEntry> InOrder(IEnumerable<TimelineEntry> all) => [.. all.OrderBy(entry => entry.At).ThenBy(entry => entry.Kind).ThenBy(entry => entry.Id)];

    /// <summary>Where an application stands, from the entries a reader may see: the entry furthest on in its life.</summary>
    public static Standing StandingOf(IReadOnlyList<TimelineEntry> visible)
    {
        if (visible.Count == 0) return Standing.Draft;
        // An agreement that came into force in the same moment stands: it was too late to withdraw.
        if (Has(TimelineKind.Withdrawn) && !Has(TimelineKind.AgreementInForce)) return Standing.Withdrawn;
        if (visible.LastOrDefault(entry => entry.Kind == TimelineKind.PaymentFailed) is { } failed
            && !visible.Any(entry => entry.Kind is TimelineKind.PaymentReleased or TimelineKind.Paid && entry.At > failed.At))
        {
            return Standing.PaymentInApproval;
        }

        if (Has(TimelineKind.Paid)) return Standing.Paid;
        if (Has(TimelineKind.PaymentReleased)) return Standing.PaymentReleased;
        if (Has(TimelineKind.InstalmentDue)) return Standing.PaymentInApproval;
        if (Has(TimelineKind.AgreementInForce)) return Standing.AgreementInForce;
        if (Has(TimelineKind.AwardLapsed)) return Standing.AwardLapsed;
        if (Has(TimelineKind.AgreementAccepted)) return Standing.AgreementHalfAccepted;
        if (Has(TimelineKind.AgreementOffered)) return Standing.AgreementOffered;
        if (Has(TimelineKind.Awarded)) return IsTold(visible, TimelineKind.Awarded) ? Standing.Awarded : Standing.LetterWaiting;
        if (Has(TimelineKind.Rejected)) return IsTold(visible, TimelineKind.Rejected) ? Standing.Rejected : Standing.LetterWaiting;
        if (Has(TimelineKind.OnReserve)) return IsTold(visible, TimelineKind.OnReserve) ? Standing.OnReserve : Standing.LetterWaiting;
        if (Has(TimelineKind.LetterReleased)) return Standing.OutcomeComing;
        if (Has(TimelineKind.RecommendedForFunding) || Has(TimelineKind.RecommendedAgainst)) return Standing.Recommended;
        if (Has(TimelineKind.FoundIneligible)) return Standing.FoundIneligible;
        if (Has(TimelineKind.EvaluatorAssigned)) return Standing.InEvaluation;
        if (Has(TimelineKind.FoundEligible)) return Standing.Eligible;
        return Count(TimelineKind.ClarificationAsked) > Count(TimelineKind.ClarificationAnswered) + Count(TimelineKind.ClarificationUnanswered)
            ? Standing.ToClarify
            : Standing.Submitted;

        int Count(TimelineKind kind) => visible.Count(entry => entry.Kind == kind);

        bool Has(TimelineKind kind) => visible.Any(entry => entry.Kind == kind);
    }
}

/// <summary>Where an application stands for a reader. Each has texts that say it, who has the ball and what comes next.</summary>
public enum Standing
{
    /// <summary>Being written.</summary>
    Draft,

    /// <summary>Waits for the check.</summary>
    Submitted,

    /// <summary>The applicant is asked to make something clear.</summary>
    ToClarify,

    /// <summary>Waits for an evaluator.</summary>
    Eligible,

    /// <summary>Not eligible; the rejection is being recorded (staff).</summary>
    FoundIneligible,

    /// <summary>With the evaluators, then the committee.</summary>
    InEvaluation,

    /// <summary>Waits for the decision (staff).</summary>
    Recommended,

    /// <summary>Decided; the letter is held (staff).</summary>
    LetterWaiting,

    /// <summary>The letter came before the decision it tells of.</summary>
    OutcomeComing,

    /// <summary>Rejected, and told so.</summary>
    Rejected,

    /// <summary>On the reserve list, and told so.</summary>
    OnReserve,

    /// <summary>The award has ended before its agreement was in force.</summary>
    AwardLapsed,

    /// <summary>Awarded; the agreement is being prepared.</summary>
    Awarded,

    /// <summary>The agreement waits for the grantee.</summary>
    AgreementOffered,

    /// <summary>One side has accepted.</summary>
    AgreementHalfAccepted,

    /// <summary>Both have.</summary>
    AgreementInForce,

    /// <summary>An instalment waits for approval.</summary>
    PaymentInApproval,

    /// <summary>Approved; waits for the bank.</summary>
    PaymentReleased,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Taken back; nobody works on it any more.</summary>
    Withdrawn,
}

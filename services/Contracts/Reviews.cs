namespace Grants.Contracts.Reviews;

/// <summary>An evaluator was assigned to an application.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application's review case.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="AssignmentId">The assignment.</param>
/// <param name="EvaluatorId">The evaluator.</param>
/// <param name="AssignedBy">Who assigned.</param>
/// <param name="Evaluation">For which of the call's evaluations, from 0; null from an older release, which knew one only.</param>
public sealed record ReviewsAssigned(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid AssignmentId, Guid EvaluatorId, Guid AssignedBy, int? Evaluation = null) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>An evaluator submitted a review, or declared a conflict and left it. It tells no score and, to applicants, nobody's name.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application's review case.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="AssignmentId">The assignment.</param>
/// <param name="EvaluatorId">The evaluator.</param>
/// <param name="ConflictDeclared">True when the evaluator declared a conflict instead of scoring.</param>
/// <param name="Evaluation">In which of the call's evaluations, from 0; null from an older release, which knew one only.</param>
/// <param name="NextEvaluation">The evaluation, from 0, that the application went on to with this review and that waits for evaluators; null when it did not.</param>
/// <param name="Declined">True when the evaluator declined the assignment or it was taken back: another is needed.</param>
/// <param name="ThirdNeeded">True when the reviews lie so far apart that the call wants one more evaluator.</param>
public sealed record ReviewSubmitted(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid AssignmentId, Guid EvaluatorId, bool ConflictDeclared, int? Evaluation = null,
    int? NextEvaluation = null, bool Declined = false, bool ThirdNeeded = false) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The committee recommended an outcome for an application.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application's review case.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Fund">True when funding is recommended.</param>
/// <param name="AmountMinor">Recommended amount, minor units; 0 when not funded.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="RecommendedBy">Who recorded the recommendation.</param>
public sealed record RankingRecommended(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, bool Fund, long AmountMinor, string Currency, Guid RecommendedBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The decision-maker awarded a grant.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application's review case.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Reference">The application's reference.</param>
/// <param name="OrganisationId">Who is awarded.</param>
/// <param name="OrganisationName">Its name in the dossier.</param>
/// <param name="Title">Title of the project.</param>
/// <param name="DossierSha256">The dossier the decision is about.</param>
/// <param name="AmountMinor">Amount awarded, minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Reason">Reason given to the applicant.</param>
/// <param name="DecidedBy">The decision-maker.</param>
/// <param name="DecisionSha256">Hash that seals the decision.</param>
/// <param name="Lot">The lot; null from an older release, and where the call has one only.</param>
/// <param name="ContractingFrom">
/// When objections can no longer be made and the agreement may be offered, UTC; null when the call knows no objection that suspends it.
/// </param>
/// <param name="FromReserve">True when it takes the place of an award that lapsed.</param>
/// <param name="Findings">What the evaluation found, for the letter; null from an older release.</param>
public sealed record AwardDecided(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, string Reference, Guid OrganisationId, string OrganisationName, string Title,
    string DossierSha256, long AmountMinor, string Currency, string Reason, Guid DecidedBy, string DecisionSha256, string? Lot = null, DateTimeOffset? ContractingFrom = null,
    bool FromReserve = false, Findings? Findings = null) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The decision-maker rejected an application, or it was found not eligible.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application's review case.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Reference">The application's reference.</param>
/// <param name="OrganisationId">Who applied.</param>
/// <param name="OrganisationName">Its name in the dossier.</param>
/// <param name="Title">Title of the project.</param>
/// <param name="Reason">Reason given to the applicant.</param>
/// <param name="DecidedBy">The decision-maker.</param>
/// <param name="DecisionSha256">Hash that seals the decision.</param>
/// <param name="Findings">What the evaluation found, for the letter; null from an older release, and for an application that was not evaluated.</param>
public sealed record ApplicationRejected(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, string Reference, Guid OrganisationId, string OrganisationName, string Title,
    string Reason, Guid DecidedBy, string DecisionSha256, Findings? Findings = null) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The decision-maker put an application on the reserve list: it is awarded when an award before it lapses, and ends with the call's money.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application's review case.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Reference">The application's reference.</param>
/// <param name="OrganisationId">Who applied.</param>
/// <param name="OrganisationName">Its name in the dossier.</param>
/// <param name="Title">Title of the project.</param>
/// <param name="Place">Place on the reserve list of its lot, from 1.</param>
/// <param name="Reason">Reason given to the applicant.</param>
/// <param name="DecidedBy">The decision-maker.</param>
/// <param name="DecisionSha256">Hash that seals the decision.</param>
/// <param name="Findings">What the evaluation found, for the letter.</param>
public sealed record PutOnReserve(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, string Reference, Guid OrganisationId, string OrganisationName, string Title, int Place,
    string Reason, Guid DecidedBy, string DecisionSha256, Findings? Findings) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>
/// What the evaluation found, as the applicant may read it: it holds no evaluator's name, number or time, no single score, and its comments stand in an order that
/// does not tell who wrote them.
/// </summary>
/// <param name="ScoreHundredths">The score after aggregation.</param>
/// <param name="MaxHundredths">The most that could be reached.</param>
/// <param name="Sections">Score of each section of the grid, in its order.</param>
public sealed record Findings(int ScoreHundredths, int MaxHundredths, IReadOnlyList<SectionFinding> Sections);

/// <summary>What was found in one section of the grid.</summary>
/// <param name="Label">Its name per language.</param>
/// <param name="ScoreHundredths">Its score after aggregation.</param>
/// <param name="MaxHundredths">The most that could be reached in it.</param>
/// <param name="Comments">The comments on it, in their alphabetical order.</param>
public sealed record SectionFinding(Dictionary<string, string> Label, int ScoreHundredths, int MaxHundredths, IReadOnlyList<string> Comments);

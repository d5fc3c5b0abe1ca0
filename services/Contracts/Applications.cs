namespace Grants.Contracts.Applications;

/// <summary>A version of a call's definition was published. It carries the definition whole: nobody asks back.</summary>
/// <param name="CallId">The call.</param>
/// <param name="SubjectVersion">Version of the call's record.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Version">Number of the definition's version, from 1.</param>
/// <param name="Definition">The definition as canonical JSON.</param>
/// <param name="DefinitionSha256">SHA-256 of the UTF-8 bytes of <paramref name="Definition"/>, lower-case hex; every service compares it.</param>
public sealed record CallPublished(Guid CallId, long SubjectVersion, DateTimeOffset At, int Version, string Definition, string DefinitionSha256) : IEvent
{
    /// <inheritdoc />
    public string Subject => CallId.ToString();
}

/// <summary>A call's closing time has passed: no further application can be submitted.</summary>
/// <param name="CallId">The call.</param>
/// <param name="SubjectVersion">Version of the call's record.</param>
/// <param name="At">When it was noticed, UTC; the closing time itself stands in the definition.</param>
public sealed record CallClosed(Guid CallId, long SubjectVersion, DateTimeOffset At) : IEvent
{
    /// <inheritdoc />
    public string Subject => CallId.ToString();
}

/// <summary>An organisation or its members changed. Carries the whole of what others need.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="SubjectVersion">Version of the organisation's record.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Name">Name as registered.</param>
/// <param name="RegistrationNumber">Number in its register, as typed; empty when it has none.</param>
/// <param name="Town">Town of its seat.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or XK.</param>
/// <param name="Members">Everybody who acts for it now.</param>
public sealed record OrganisationChanged(
    Guid OrganisationId, long SubjectVersion, DateTimeOffset At, string Name, string RegistrationNumber, string Town, string Country,
    IReadOnlyList<OrganisationMember> Members) : IEvent
{
    /// <inheritdoc />
    public string Subject => OrganisationId.ToString();
}

/// <summary>A person who acts for an organisation.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="MayCommit">True for those who may submit and sign for it.</param>
public sealed record OrganisationMember(Guid PersonId, bool MayCommit);

/// <summary>An application was submitted and sealed as a dossier. The bytes are in the file store under <c>dossiers/</c> by their hash.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application.</param>
/// <param name="At">When the submission arrived, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="CallVersion">Version of the definition the dossier was made with.</param>
/// <param name="DefinitionSha256">Hash of that definition.</param>
/// <param name="Reference">Short reference people see, such as <c>L4C-2026-00042</c>.</param>
/// <param name="DossierVersion">1 for the first submission.</param>
/// <param name="DossierSha256">SHA-256 of the dossier's canonical JSON, lower-case hex.</param>
/// <param name="OrganisationId">Who applies.</param>
/// <param name="OrganisationName">Its name at submission.</param>
/// <param name="Title">Title of the project.</param>
/// <param name="RequestedMinor">Amount asked for, minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="SubmittedBy">The person who submitted, or the officer who registered what came on paper.</param>
/// <param name="Lot">The lot it is for; null from an older release, and where the call has one only.</param>
/// <param name="Country">Country of the applicant, ISO 3166-1 alpha-2 or XK; null from an older release.</param>
/// <param name="Language">Language the application is written in; null from an older release.</param>
/// <param name="Partners">Organisations that take part; null from an older release.</param>
/// <param name="Channel">How it came: <c>online</c>, <c>paper</c> or <c>mail</c>; null from an older release, which knew the first only.</param>
public sealed record ApplicationSubmitted(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, int CallVersion, string DefinitionSha256, string Reference, int DossierVersion,
    string DossierSha256, Guid OrganisationId, string OrganisationName, string Title, long RequestedMinor, string Currency, Guid SubmittedBy,
    string? Lot = null, string? Country = null, string? Language = null, IReadOnlyList<ApplicationPartner>? Partners = null, string? Channel = null) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>An organisation that takes part in an application beside the one that applies.</summary>
/// <param name="OrganisationId">The organisation; null when it is not registered here.</param>
/// <param name="Name">Its name at submission.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code, or XK.</param>
public sealed record ApplicationPartner(Guid? OrganisationId, string Name, string Country);

/// <summary>The applicant took an application back. Possible until the agreement is in force; nobody works on it any more.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Reference">Reference people see.</param>
/// <param name="OrganisationId">Who had applied.</param>
/// <param name="Reason">The applicant's reason; may be empty.</param>
/// <param name="WithdrawnBy">The person.</param>
public sealed record ApplicationWithdrawn(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, string Reference, Guid OrganisationId, string Reason, Guid WithdrawnBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The applicant is asked to make something clear. The dossier stays as it is; the answer stands beside it.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Reference">Reference people see.</param>
/// <param name="OrganisationId">Who is asked.</param>
/// <param name="ClarificationId">The clarification.</param>
/// <param name="Question">What is asked, in the officer's words.</param>
/// <param name="DueAt">Until when an answer is taken, UTC.</param>
/// <param name="AskedBy">The officer.</param>
public sealed record ClarificationAsked(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, string Reference, Guid OrganisationId, Guid ClarificationId, string Question, DateTimeOffset DueAt,
    Guid AskedBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>A clarification ended: it was answered, or its time ran out.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Reference">Reference people see.</param>
/// <param name="OrganisationId">Who was asked.</param>
/// <param name="ClarificationId">The clarification.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">The applicant's words; empty when time ran out.</param>
/// <param name="AskedBy">The officer who waits for it.</param>
/// <param name="AnsweredBy">The person; null when time ran out.</param>
public sealed record ClarificationAnswered(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, string Reference, Guid OrganisationId, Guid ClarificationId, string Question, string Answer,
    Guid AskedBy, Guid? AnsweredBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>A draft is not submitted and its deadline is near.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="OrganisationId">Whose draft it is.</param>
/// <param name="Title">Title of the project as far as it was typed; may be empty.</param>
/// <param name="ClosesAt">When the call closes, UTC.</param>
public sealed record DraftDeadlineNear(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid OrganisationId, string Title, DateTimeOffset ClosesAt) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The administrative and eligibility check of an application is finished.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the application.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="Eligible">The outcome.</param>
/// <param name="Reason">The officer's reason, in the officer's words.</param>
/// <param name="DecidedBy">The officer.</param>
public sealed record EligibilityDecided(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, bool Eligible, string Reason, Guid DecidedBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

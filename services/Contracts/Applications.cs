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
/// <param name="SubmittedBy">The person who submitted.</param>
public sealed record ApplicationSubmitted(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, int CallVersion, string DefinitionSha256, string Reference, int DossierVersion,
    string DossierSha256, Guid OrganisationId, string OrganisationName, string Title, long RequestedMinor, string Currency, Guid SubmittedBy) : IApplicationEvent
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

namespace Grants.Contracts.Disbursements;

/// <summary>A grant agreement was offered to the grantee.</summary>
/// <param name="ApplicationId">Lifecycle id; the grant's id too.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="OrganisationId">The grantee.</param>
/// <param name="AgreementNumber">Number of the agreement.</param>
/// <param name="TextSha256">Hash of the agreement's text.</param>
/// <param name="AmountMinor">Amount of the grant, minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
public sealed record AgreementOffered(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid OrganisationId, string AgreementNumber, string TextSha256, long AmountMinor,
    string Currency) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>A side accepted the agreement. The agreement is in force when both have.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="OrganisationId">The grantee.</param>
/// <param name="Side"><c>grantee</c> or <c>funder</c>.</param>
/// <param name="PersonId">Who accepted.</param>
/// <param name="TextSha256">Hash of the text accepted.</param>
/// <param name="InForce">True when this was the second acceptance.</param>
public sealed record AgreementSigned(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid OrganisationId, string Side, Guid PersonId, string TextSha256, bool InForce) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>An instalment became due and waits for approval.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="InstalmentId">The instalment; the payment's business key.</param>
/// <param name="Number">1 for the first.</param>
/// <param name="AmountMinor">Amount, minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
public sealed record InstalmentRequested(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid InstalmentId, int Number, long AmountMinor, string Currency) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>A person approved an instalment's payment.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="InstalmentId">The instalment.</param>
/// <param name="ApprovedBy">The person.</param>
/// <param name="Approvals">How many approvals there are now.</param>
/// <param name="Complete">True when enough people have approved and it may be paid.</param>
public sealed record PaymentApproved(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid InstalmentId, Guid ApprovedBy, int Approvals, bool Complete) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>The bank's statement shows the payment.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="OrganisationId">The grantee.</param>
/// <param name="InstalmentId">The instalment.</param>
/// <param name="AmountMinor">Amount paid, minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="PaidOn">Booking date on the statement.</param>
public sealed record PaymentSettled(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid OrganisationId, Guid InstalmentId, long AmountMinor, string Currency, DateOnly PaidOn) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>An award ended before its agreement was in force: its money is free for the reserve list.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="OrganisationId">Who had been awarded.</param>
/// <param name="AmountMinor">The amount that is free again, minor units: the award as decided.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Cause"><c>refused</c> by the grantee, <c>failed</c> for what preparation found, <c>expired</c>, or <c>withdrawn</c>.</param>
/// <param name="Reason">In words, for the file.</param>
/// <param name="By">Who caused it; null when it was time.</param>
public sealed record AwardLapsed(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid OrganisationId, long AmountMinor, string Currency, string Cause, string Reason,
    Guid? By) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

/// <summary>A payment came back or was never made: its instalment waits for approval again.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the grant.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CallId">The call.</param>
/// <param name="OrganisationId">The grantee.</param>
/// <param name="InstalmentId">The instalment.</param>
/// <param name="AmountMinor">Amount, minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Reason">Why, in the finance officer's words.</param>
/// <param name="RecordedBy">The finance officer.</param>
public sealed record PaymentFailed(
    Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid CallId, Guid OrganisationId, Guid InstalmentId, long AmountMinor, string Currency, string Reason,
    Guid RecordedBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => ApplicationId.ToString();
}

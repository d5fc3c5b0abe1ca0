namespace Grants.Contracts.Accounts;

/// <summary>A person's account was created or changed.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="SubjectVersion">Version of the person's record.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Name">Name as the person writes it.</param>
/// <param name="Email">E-mail address, the sign-in name.</param>
/// <param name="Language">Language tag the person reads, such as <c>bs</c>.</param>
/// <param name="Active">False when the person may no longer sign in.</param>
public sealed record PersonChanged(Guid PersonId, long SubjectVersion, DateTimeOffset At, string Name, string Email, string Language, bool Active) : IEvent
{
    /// <inheritdoc />
    public string Subject => PersonId.ToString();
}

/// <summary>A platform role was granted. Subject is the person, so that grants and revocations of one person keep their order.</summary>
/// <param name="PersonId">Who received it.</param>
/// <param name="SubjectVersion">Version of the person's record.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RoleGrantId">Id of this grant of a role.</param>
/// <param name="Role">Role code, such as <c>finance-officer</c>.</param>
/// <param name="Scope">Where it holds: <c>*</c>, <c>programme:L4C</c>, <c>call:{id}</c> or <c>country:BA</c>.</param>
public sealed record RoleGranted(Guid PersonId, long SubjectVersion, DateTimeOffset At, Guid RoleGrantId, string Role, string Scope) : IEvent
{
    /// <inheritdoc />
    public string Subject => PersonId.ToString();
}

/// <summary>A platform role was taken back.</summary>
/// <param name="PersonId">Who held it.</param>
/// <param name="SubjectVersion">Version of the person's record.</param>
/// <param name="At">When, UTC.</param>
/// <param name="RoleGrantId">Id of the grant that ended.</param>
/// <param name="Role">Role code.</param>
/// <param name="Scope">Where it held.</param>
public sealed record RoleRevoked(Guid PersonId, long SubjectVersion, DateTimeOffset At, Guid RoleGrantId, string Role, string Scope) : IEvent
{
    /// <inheritdoc />
    public string Subject => PersonId.ToString();
}

/// <summary>A mail that carries a secret link is wanted. The link is erased from the mail's log once the mail server took it.</summary>
/// <param name="MailId">Id of the mail, made by the sender: the same mail is never written twice.</param>
/// <param name="SubjectVersion">Always 1.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Template">One of <c>confirm-email</c>, <c>invitation</c>, <c>first-administrator</c>.</param>
/// <param name="To">The address.</param>
/// <param name="Name">Name of the person addressed.</param>
/// <param name="Language">Language of the mail.</param>
/// <param name="Link">Path with the secret, such as <c>/account/confirm?token=...</c>; relative to the public origin.</param>
public sealed record MailWithSecretRequested(Guid MailId, long SubjectVersion, DateTimeOffset At, string Template, string To, string Name, string Language, string Link) : IEvent
{
    /// <inheritdoc />
    public string Subject => MailId.ToString();
}

namespace Grants.Contracts.Notifications;

/// <summary>A letter was released to the applicant: from now on the applicant knows what it says.</summary>
/// <param name="ApplicationId">Lifecycle id.</param>
/// <param name="SubjectVersion">Version of the letter.</param>
/// <param name="At">When, UTC.</param>
/// <param name="LetterId">The letter.</param>
/// <param name="Kind"><c>award</c>, <c>reserve</c> or <c>rejection</c>.</param>
/// <param name="ReleasedBy">Who released it.</param>
public sealed record NotificationDelivered(Guid ApplicationId, long SubjectVersion, DateTimeOffset At, Guid LetterId, string Kind, Guid ReleasedBy) : IApplicationEvent
{
    /// <inheritdoc />
    public string Subject => LetterId.ToString();
}

using Grants.Platform;

namespace Grants.Disbursements.Domain;

/// <summary>
/// An awarded application on its way to money. Its id is the application's. <see cref="Version"/> is the version of all events about it, instalments'
/// included, so every action on the grant or its instalments moves it.
/// </summary>
public sealed class Grant
{
    Grant()
    {
    }

    public Guid ApplicationId { get; private init; }

    public long Version { get; private set; }

    public GrantState State { get; private set; }

    public Guid CallId { get; private init; }

    public string Reference { get; private init; } = "";

    public Guid OrganisationId { get; private init; }

    /// <summary>Name in the dossier.</summary>
    public string OrganisationName { get; private init; } = "";

    public string Title { get; private init; } = "";

    public string DossierSha256 { get; private init; } = "";

    public string DecisionSha256 { get; private init; } = "";

    public string Currency { get; private init; } = "";

    public long AwardedMinor { get; private init; }

    public DateTimeOffset AwardedAt { get; private init; }

    public Guid AwardedBy { get; private init; }

    /// <summary>What the agreement says; null until it is offered. Never more than the award.</summary>
    public long? AgreedMinor { get; private set; }

    /// <summary>The account given last.</summary>
    public Guid? BankAccountId { get; private set; }

    /// <summary>The account that was confirmed after the agreement was in force; null while it is the agreement's.</summary>
    public Guid? ConfirmedAccountId { get; private set; }

    /// <summary>Who confirmed it: they asked for payments to it and approve none.</summary>
    public Guid? AccountConfirmedBy { get; private set; }

    /// <summary>Until then objections can be made and the agreement is not offered; null when nothing is waited for.</summary>
    public DateTimeOffset? ContractingFrom { get; private init; }

    /// <summary>The lot; null where the call has one only.</summary>
    public string? Lot { get; private init; }

    /// <summary>When the award lapses unless the grantee has done what it waits for; null while no term runs.</summary>
    public DateTimeOffset? AnswerDueAt { get; private set; }

    /// <summary>The newest corrected budget, which the grantee accepts before the agreement is offered; null when the budget was not corrected.</summary>
    public Guid? BudgetCorrectionId { get; private set; }

    /// <summary>What an accepted correction of the budget left of the award; null when it left it as it is. Never goes up.</summary>
    public long? CorrectedMinor { get; private set; }

    /// <summary>The most the agreement may be about.</summary>
    public Money Grantable => new(CorrectedMinor ?? AwardedMinor, Currency);

    public bool IsBeforeInForce => GrantLifecycle.BeforeInForce.Contains(State);

    public Money Awarded => new(AwardedMinor, Currency);

    public Money? Agreed => AgreedMinor is { } minor ? new Money(minor, Currency) : null;

    public static Grant FromAward(
        Guid applicationId, Guid callId, string reference, Guid organisationId, string organisationName, string title, string dossierSha256, string decisionSha256,
        Money awarded, DateTimeOffset awardedAt, Guid awardedBy, bool reserved, DateTimeOffset? contractingFrom = null, string? lot = null) => new()
        {
            ApplicationId = applicationId,
            Version = 1,
            State = reserved ? GrantState.InPreparation : GrantState.Incident,
            CallId = callId,
            Reference = reference,
            OrganisationId = organisationId,
            OrganisationName = organisationName,
            Title = title,
            DossierSha256 = dossierSha256,
            DecisionSha256 = decisionSha256,
            Currency = awarded.Currency,
            AwardedMinor = awarded.Minor,
            AwardedAt = awardedAt,
            AwardedBy = awardedBy,
            ContractingFrom = contractingFrom,
            Lot = lot,
        };

    public bool Allows(GrantAction action, Actor actor) => GrantLifecycle.Table.Allows(State, action, actor);

    public void ResolveIncident() => Move(GrantAction.ResolveIncident, Actor.System);

    public void GiveAccount(BankAccount account)
    {
        Move(GrantAction.GiveAccount, Actor.Grantee);
        BankAccountId = account.Id;
        AnswerDueAt = null;
    }

    /// <summary>Payments go to the account given last from now on.</summary>
    public void ConfirmAccount(Guid by)
    {
        Move(GrantAction.ConfirmAccount, Actor.ProgrammeOfficer);
        (ConfirmedAccountId, AccountConfirmedBy) = (BankAccountId, by);
    }

    /// <summary>Fixes the amount of the agreement.</summary>
    /// <exception cref="InvalidOperationException">More than was awarded, nothing, or another currency: callers say so to people before.</exception>
    public void Offer(Money amount)
    {
        if (amount.Currency != Currency || amount.Minor <= 0 || amount.Minor > Grantable.Minor)
            throw new InvalidOperationException("An agreement is about an amount above zero and never above the award.");
        Move(GrantAction.OfferAgreement, Actor.ProgrammeOfficer);
        AgreedMinor = amount.Minor;
        AnswerDueAt = null;
    }

    public void AcceptForGrantee()
    {
        Move(GrantAction.AcceptForGrantee, Actor.Grantee);
        AnswerDueAt = null;
    }

    public void AcceptForFunder() => Move(GrantAction.AcceptForFunder, Actor.DecisionMaker);

    /// <summary>Ends the award before its agreement is in force.</summary>
    public void Lapse(Actor actor)
    {
        Move(GrantAction.Lapse, actor);
        AnswerDueAt = null;
    }

    /// <summary>Ends the agreement in force.</summary>
    public void Cancel() => Move(GrantAction.Cancel, Actor.DecisionMaker);

    /// <summary>Gives the grantee a term, or another one; null takes it away.</summary>
    public void SetTerm(DateTimeOffset? dueAt)
    {
        AnswerDueAt = dueAt;
        Version++;
    }

    /// <summary>Another corrected budget waits for the grantee.</summary>
    public void CorrectBudget(Guid correctionId)
    {
        BudgetCorrectionId = correctionId;
        Version++;
    }

    /// <summary>The grantee accepted the corrected budget.</summary>
    /// <exception cref="InvalidOperationException">Nothing, or more than before: callers say so to people before.</exception>
    public void AcceptBudget(Money grantable)
    {
        if (grantable.Currency != Currency || grantable.Minor <= 0 || grantable.Minor > Grantable.Minor)
            throw new InvalidOperationException("A corrected budget leaves an amount above zero and never more than before.");
        if (grantable.Minor != AwardedMinor) CorrectedMinor = grantable.Minor;
        AnswerDueAt = null;
        Version++;
    }

    /// <summary>The next version, for an event about one of its instalments.</summary>
    public long Touch() => ++Version;

    void Move(GrantAction action, Actor actor)
    {
        State = GrantLifecycle.Table.Next(State, action, actor);
        Version++;
    }
}

/// <summary>A bank account as the grantee gave it. A correction is another row: who gave which account when is never lost.</summary>
public sealed record BankAccount
{
    public required Guid Id { get; init; }

    public required Guid ApplicationId { get; init; }

    /// <summary>The holder's name as the bank has it.</summary>
    public required string Holder { get; init; }

    /// <summary>Without spaces, capital letters.</summary>
    public required string Iban { get; init; }

    public required string BankName { get; init; }

    /// <summary>Empty when none was given.</summary>
    public required string Bic { get; init; }

    /// <summary>The language the grantee's person used: the agreement is written in it.</summary>
    public required string Language { get; init; }

    public required Guid GivenBy { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>All but country and the last four characters hidden, for lists.</summary>
    public string MaskedIban => Mask(Iban);

    public static string Mask(string iban) => iban.Length > 8 ? $"{iban[..2]}** **** {iban[^4..]}" : "****";
}

/// <summary>The agreement that was offered: its text is in the file store by its hash and never changes.</summary>
public sealed record Agreement
{
    public required Guid Id { get; init; }

    public required Guid ApplicationId { get; init; }

    /// <summary>Such as <c>L4C-2026-00042/A1</c>.</summary>
    public required string Number { get; init; }

    public required string Language { get; init; }

    public required string TextSha256 { get; init; }

    /// <summary>Version of the call's definition whose instalments and approvals it took over.</summary>
    public required int CallVersion { get; init; }

    /// <summary>The account that stands in the text.</summary>
    public required Guid BankAccountId { get; init; }

    public required long AmountMinor { get; init; }

    public required string Currency { get; init; }

    /// <summary>The officer who confirmed amount and account and thereby asked for the payments: never one of those who approve them.</summary>
    public required Guid OfferedBy { get; init; }

    public required DateTimeOffset OfferedAt { get; init; }

    public static string NumberOf(string reference, int sequence) => $"{reference}/A{sequence}";
}

/// <summary>The two sides of an agreement.</summary>
public enum AgreementSide
{
    Grantee,
    Funder,
}

/// <summary>That a side accepted exactly this text.</summary>
public sealed record AgreementAcceptance
{
    public required Guid Id { get; init; }

    public required Guid AgreementId { get; init; }

    public required AgreementSide Side { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>Full name as typed.</summary>
    public required string FullName { get; init; }

    /// <summary>Position in the organisation as typed.</summary>
    public required string Position { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string TextSha256 { get; init; }
}

/// <summary>Why an award or an agreement ended.</summary>
public enum EndCause
{
    /// <summary>The grantee refused the award.</summary>
    Refused,

    /// <summary>The preparation found what stands in its way.</summary>
    Failed,

    /// <summary>The grantee did not answer in time.</summary>
    Expired,

    /// <summary>The applicant withdrew the application.</summary>
    Withdrawn,

    /// <summary>An agreement in force was ended.</summary>
    Cancelled,
}

/// <summary>That a grant ended before all of it was paid. Never changed: what lapsed does not come back.</summary>
public sealed record GrantEnd
{
    public required Guid ApplicationId { get; init; }

    public required EndCause Cause { get; init; }

    public required string Reason { get; init; }

    /// <summary>What went back to the budget of the call; 0 when nothing was reserved.</summary>
    public required long ReleasedMinor { get; init; }

    /// <summary>Empty when it was time.</summary>
    public required Guid By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>The applicant withdrew the application. It may arrive before the award, which then lapses at once, or too late.</summary>
public sealed record Withdrawal
{
    public required Guid ApplicationId { get; init; }

    public required string Reason { get; init; }

    public required Guid By { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The agreement was in force: it goes on, and staff see that the applicant wanted otherwise.</summary>
    public required bool TooLate { get; init; }
}

/// <summary>Something the system must not settle by itself, such as an award that the budget does not cover.</summary>
public sealed class Incident
{
    public Guid Id { get; init; }

    public Guid CallId { get; init; }

    public Guid? ApplicationId { get; init; }

    /// <summary>The ledger's reason.</summary>
    public LedgerRefusal Refusal { get; init; }

    public long AmountMinor { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public DateTimeOffset? ResolvedAt { get; set; }
}

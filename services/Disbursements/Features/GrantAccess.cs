using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grants.Disbursements.Features;

/// <summary>A grant as one person may see it, and who that person is to it.</summary>
/// <param name="Caller">The person.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Call">Newest version of its call.</param>
/// <param name="Organisation">The grantee; null when not known here yet.</param>
/// <param name="Tied">Everybody who acts or acted for the grantee; null when not known here yet.</param>
/// <param name="ToldAt">When the letter of award was released.</param>
/// <param name="IsMember">Whether the person acts for the grantee, which has been told.</param>
/// <param name="MayCommit">Whether they may sign for it.</param>
public sealed record GrantSeen(
    Caller Caller, Grant Grant, CallVersion Call, Organisation? Organisation, IReadOnlySet<Guid>? Tied, DateTimeOffset? ToldAt, bool IsMember, bool MayCommit)
{
    /// <summary>Roles that see grants in their scope.</summary>
    public static readonly string[] StaffRoles = [Role.ProgrammeOfficer, Role.DecisionMaker, Role.FinanceOfficer, Role.NationalCoordinator, Role.Auditor];

    public Place Place => Call.Place(Organisation?.Country);

    public bool IsStaff => Caller.Holds(Place, StaffRoles);

    /// <summary>Whether the person is independent of the grantee for sure.</summary>
    public bool IsIndependent => Tied is not null && !Tied.Contains(Caller.PersonId);

    public bool CanGiveAccount => IsMember && MayCommit && Grant.Allows(GrantAction.GiveAccount, Actor.Grantee);

    /// <summary>Whether the person may confirm the account that was given after the agreement was in force.</summary>
    public bool CanConfirmAccount => IsOfficer && IsIndependent && Grant.Allows(GrantAction.ConfirmAccount, Actor.ProgrammeOfficer);

    /// <summary>Whether budget and documents can still change: until the agreement is offered.</summary>
    public bool IsBeingPrepared => Grant.State is GrantState.InPreparation or GrantState.AccountGiven;

    public bool IsOfficer => Caller.Holds(Place, Role.ProgrammeOfficer);

    public bool CanOffer => IsOfficer && IsIndependent && Grant.Allows(GrantAction.OfferAgreement, Actor.ProgrammeOfficer);

    public bool CanAcceptForGrantee => IsMember && MayCommit && Grant.Allows(GrantAction.AcceptForGrantee, Actor.Grantee);

    /// <summary>Whether the person may refuse the award for the grantee: until the agreement is in force.</summary>
    public bool CanRefuse => IsMember && MayCommit && Grant.Allows(GrantAction.Lapse, Actor.Grantee);

    /// <summary>Whether the person may end the award for what its preparation found.</summary>
    public bool CanFail => IsOfficer && IsIndependent && Grant.Allows(GrantAction.Lapse, Actor.ProgrammeOfficer);

    /// <summary>Whether the person may end the agreement in force.</summary>
    public bool CanCancel => Caller.Holds(Place, Role.DecisionMaker) && IsIndependent && Grant.Allows(GrantAction.Cancel, Actor.DecisionMaker);

    public bool CanAcceptForFunder =>
        Caller.Holds(Place, Role.DecisionMaker) && IsIndependent && Grant.Allows(GrantAction.AcceptForFunder, Actor.DecisionMaker);
}

/// <summary>Reading grants under their access rule, and holding one while it is changed.</summary>
public static class GrantAccess
{
    /// <summary>The grant, or null when it is not the caller's to see.</summary>
    public static async Task<GrantSeen?> SeeAsync(this DisbursementsDb db, Caller caller, Guid applicationId, CancellationToken ct)
    {
        var grant = await db.AwardedGrants.SingleOrDefaultAsync(known => known.ApplicationId == applicationId, ct);
        if (grant is null) return null;
        var call = (await db.NewestCallAsync(grant.CallId, ct))!;
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(known => known.Id == grant.OrganisationId, ct);
        var people = await db.OrganisationPeople.AsNoTracking().Where(person => person.OrganisationId == grant.OrganisationId).ToListAsync(ct);
        var letter = await db.AwardLetters.AsNoTracking().SingleOrDefaultAsync(known => known.ApplicationId == applicationId, ct);
        var member = people.Find(person => person.PersonId == caller.PersonId && person.Active);
        var isMember = letter is not null && member is not null;
        var seen = new GrantSeen(
            caller, grant, call, organisation, organisation is null ? null : people.Select(person => person.PersonId).ToHashSet(), letter?.DeliveredAt, isMember,
            isMember && member!.MayCommit);
        return seen.IsMember || seen.IsStaff ? seen : null;
    }

    /// <summary>
    /// Begins a transaction that holds the grant: whoever else wants to change it or its instalments waits, and then reads what was written. Works alike on
    /// both databases, because an update locks its row.
    /// </summary>
    public static async Task<IDbContextTransaction> HoldGrantAsync(this DisbursementsDb db, Guid applicationId, CancellationToken ct)
    {
        var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.AwardedGrants.Where(grant => grant.ApplicationId == applicationId)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.Version, grant => grant.Version), ct);
        return transaction;
    }

    /// <summary>Names of people, as far as they are known here.</summary>
    public static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(this DisbursementsDb db, IEnumerable<Guid> people, CancellationToken ct)
    {
        var ids = people.Distinct().ToList();
        return await db.People.AsNoTracking().Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, ct);
    }
}

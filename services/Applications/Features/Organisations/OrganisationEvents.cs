using Grants.Applications.Domain;
using Grants.Contracts.Applications;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Organisations;

/// <summary>Telling the others about an organisation.</summary>
public static class OrganisationEvents
{
    /// <summary>Publishes the organisation as it is now, whole.</summary>
    public static void PublishChanged(this ApplicationsDb db, Organisation organisation, DateTimeOffset at) => db.Publish(new OrganisationChanged(
        organisation.Id, organisation.Version, at, organisation.Name, organisation.RegistrationNumber, organisation.Town, organisation.Country,
        [.. organisation.Members.OrderBy(member => member.AddedAt).Select(member => new OrganisationMember(member.PersonId, member.MayCommit))]));
}

using Grants.Contracts.Accounts;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>Keeps who is an evaluator or sits in the committee where. Other roles are read from the token of whoever acts.</summary>
public sealed class OnRoleGranted(ReviewsDb db) : IHandle<RoleGranted>
{
    public async Task Handle(RoleGranted message, CancellationToken ct)
    {
        if (message.Role is Role.CommitteeMember or Role.Chair && await db.Set<CommitteeGrant>().FindAsync([message.RoleGrantId], ct) is null)
            db.Add(new CommitteeGrant { RoleGrantId = message.RoleGrantId, PersonId = message.PersonId, Scope = message.Scope });
        if (message.Role != Role.Evaluator) return;
        if (await db.EvaluatorGrants.FindAsync([message.RoleGrantId], ct) is not null) return; // revoked already: that came through another queue
        db.EvaluatorGrants.Add(new EvaluatorGrant { RoleGrantId = message.RoleGrantId, PersonId = message.PersonId, Scope = message.Scope });
    }
}

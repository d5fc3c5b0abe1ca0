using Grants.Contracts.Accounts;
using Grants.Platform.Http;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>An evaluator is one no longer: nothing new is assigned, and open assignments cannot be opened any more (the token lacks the role).</summary>
public sealed class OnRoleRevoked(ReviewsDb db) : IHandle<RoleRevoked>
{
    public async Task Handle(RoleRevoked message, CancellationToken ct)
    {
        if (message.Role is Role.CommitteeMember or Role.Chair)
        {
            var seat = await db.Set<CommitteeGrant>().FindAsync([message.RoleGrantId], ct);
            if (seat is null) db.Add(seat = new CommitteeGrant { RoleGrantId = message.RoleGrantId, PersonId = message.PersonId, Scope = message.Scope });
            seat.Revoked = true;
        }

        if (message.Role != Role.Evaluator) return;
        var held = await db.EvaluatorGrants.FindAsync([message.RoleGrantId], ct);
        if (held is null)
            db.EvaluatorGrants.Add(held = new EvaluatorGrant { RoleGrantId = message.RoleGrantId, PersonId = message.PersonId, Scope = message.Scope });
        held.Revoked = true;
    }
}

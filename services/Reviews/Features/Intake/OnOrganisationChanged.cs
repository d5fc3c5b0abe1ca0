using Grants.Contracts.Applications;
using Grants.Contracts.Reviews;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Intake;

/// <summary>
/// Copies who acts for an organisation, or once did: leaving it an hour ago does not make somebody independent of it. They neither evaluate nor decide on
/// applications in which it applies or is a partner. An evaluator who turns out to be one of them loses what was assigned, at once, whatever was declared.
/// </summary>
public sealed class OnOrganisationChanged(ReviewsDb db, AppTime clock) : IHandle<OrganisationChanged>
{
    public async Task Handle(OrganisationChanged message, CancellationToken ct)
    {
        // Two versions handled at once: without the lock the older could be written last.
        await db.Organisations.Where(known => known.Id == message.OrganisationId)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.SubjectVersion, known => known.SubjectVersion), ct);
        var held = await db.Organisations.Include(organisation => organisation.Members)
            .SingleOrDefaultAsync(organisation => organisation.Id == message.OrganisationId, ct);
        var isNewer = held is null || message.SubjectVersion > held.SubjectVersion;
        if (held is null) db.Organisations.Add(held = new Organisation { Id = message.OrganisationId });
        if (isNewer)
        {
            held.SubjectVersion = message.SubjectVersion;
            held.Country = message.Country;
        }

        // An older version still tells who once belonged to it.
        foreach (var id in message.Members.Select(member => member.PersonId).Distinct().Except(held.Members.Select(member => member.PersonId)).ToList())
            held.Members.Add(new Member { OrganisationId = held.Id, PersonId = id });
        var members = held.Members.Select(member => member.PersonId).ToHashSet();

        var cases = await db.Cases.Where(one => one.OrganisationId == message.OrganisationId
            || db.CasePartners.Any(partner => partner.ApplicationId == one.ApplicationId && partner.OrganisationId == message.OrganisationId)).ToListAsync(ct);
        foreach (var one in cases.Where(one => one.Allows(CaseAction.TakeConflict, CaseActor.System)))
        {
            var assignments = await db.Assignments.Where(assignment => assignment.ApplicationId == one.ApplicationId).ToListAsync(ct);
            foreach (var assignment in assignments.Where(assignment => assignment.IsOpen && members.Contains(assignment.EvaluatorId)))
            {
                using var span = Tracing.Start("review conflict found", one.ApplicationId);
                assignment.DeclareConflict(AssignmentActor.System, "", clock.Now);
                one.Do(CaseAction.TakeConflict, CaseActor.System);
                db.Audit(clock.Now, Guid.Empty, "review.conflict-found", assignment.Id);
                db.Publish(new ReviewSubmitted(one.ApplicationId, one.Version, clock.Now, one.CallId, assignment.Id, assignment.EvaluatorId, ConflictDeclared: true,
                    assignment.Evaluation));
            }
        }
    }
}

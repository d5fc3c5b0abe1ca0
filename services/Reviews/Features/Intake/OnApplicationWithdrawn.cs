using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Platform.Persistence;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Intake;

/// <summary>
/// Nobody works on the application any more: what is open ends, what was sent stays on file. What was decided stays decided: the award's money comes back with
/// the news that it lapsed.
/// </summary>
public sealed class OnApplicationWithdrawn(ReviewsDb db, AppTime clock) : IHandle<ApplicationWithdrawn>
{
    public async Task Handle(ApplicationWithdrawn message, CancellationToken ct)
    {
        using var span = Tracing.Start("review withdrawn", message.ApplicationId);
        if (await db.Withdrawals.FindAsync([message.ApplicationId], ct) is not null) return;
        db.Withdrawals.Add(new Withdrawal { ApplicationId = message.ApplicationId, At = message.At });
        if (await db.Cases.FindAsync([message.ApplicationId], ct) is not { } held || !held.Allows(CaseAction.Withdraw, CaseActor.System)) return;
        held.Do(CaseAction.Withdraw, CaseActor.System);
        foreach (var assignment in (await db.Assignments.Where(one => one.ApplicationId == message.ApplicationId).ToListAsync(ct)).Where(one => one.IsOpen))
        {
            assignment.End();
            db.Audit(clock.Now, message.WithdrawnBy, "review.ended", assignment.Id);
        }
    }
}

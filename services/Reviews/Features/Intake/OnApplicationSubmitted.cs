using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grants.Reviews.Features.Intake;

/// <summary>Opens the case of an application, and completes it with the outcome of the check, or its withdrawal, if that came first.</summary>
public sealed class OnApplicationSubmitted(ReviewsDb db, AppTime clock) : IHandle<ApplicationSubmitted>
{
    public async Task Handle(ApplicationSubmitted message, CancellationToken ct)
    {
        using var span = Tracing.Start("review case open", message.ApplicationId);
        var held = await db.Cases.FindAsync([message.ApplicationId], ct);
        if (held is null)
            db.Cases.Add(held = ReviewCase.Receive(message));
        else if (message.SubjectVersion > held.ApplicationVersion && held.State != CaseState.Withdrawn)
            held.Resubmit(message);
        else
            return;

        await db.CasePartners.Where(partner => partner.ApplicationId == message.ApplicationId).ExecuteDeleteAsync(ct);
        db.CasePartners.AddRange(CasePartner.Of(message));
        if (await db.Withdrawals.FindAsync([message.ApplicationId], ct) is not null)
        {
            held.Do(CaseAction.Withdraw, CaseActor.System);
            return;
        }

        if (await db.EligibilityOutcomes.FindAsync([message.ApplicationId], ct) is { } outcome) Eligibility.Apply(db, held, outcome, clock.Now);
    }
}

using Grants.Contracts.Applications;
using Grants.Platform.Hosting;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>Opens the case of an application, and completes it with the outcome of the check if that came first.</summary>
public sealed class OnApplicationSubmitted(ReviewsDb db, AppTime clock) : IHandle<ApplicationSubmitted>
{
    public async Task Handle(ApplicationSubmitted message, CancellationToken ct)
    {
        using var span = Tracing.Start("review case open", message.ApplicationId);
        var held = await db.Cases.FindAsync([message.ApplicationId], ct);
        if (held is null)
            db.Cases.Add(held = ReviewCase.Receive(message));
        else if (message.SubjectVersion > held.ApplicationVersion)
            held.Resubmit(message);
        else
            return;

        if (await db.EligibilityOutcomes.FindAsync([message.ApplicationId], ct) is { } outcome) Eligibility.Apply(db, held, outcome, clock.Now);
    }
}

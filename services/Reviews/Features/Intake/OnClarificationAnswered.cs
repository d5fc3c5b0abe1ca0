using Grants.Contracts.Applications;
using Grants.Platform.Messaging;
using Grants.Reviews.Domain;

namespace Grants.Reviews.Features.Intake;

/// <summary>Keeps what was asked and answered. It stands beside the dossier, which stays as it was submitted.</summary>
public sealed class OnClarificationAnswered(ReviewsDb db) : IHandle<ClarificationAnswered>
{
    public async Task Handle(ClarificationAnswered message, CancellationToken ct)
    {
        if (await db.Clarifications.FindAsync([message.ClarificationId], ct) is not null) return;
        db.Clarifications.Add(new Clarification
        {
            Id = message.ClarificationId,
            ApplicationId = message.ApplicationId,
            Question = message.Question,
            Answer = message.Answer,
            At = message.At,
        });
    }
}

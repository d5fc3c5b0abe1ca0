using Grants.Contracts.Disbursements;
using Grants.Notifications.Domain;
using Grants.Notifications.Features.Letters;
using Grants.Platform;
using Grants.Platform.Hosting;
using Grants.Platform.Http;
using Grants.Platform.Messaging;

namespace Grants.Notifications.Features.Tasks;

/// <summary>
/// Nothing is prepared or signed any more. The officers know of the money; the grantee is told only if the letter of the award has told them before: one still held does
/// not go out.
/// </summary>
public sealed class OnAwardLapsed(NotificationsDb db) : IHandle<AwardLapsed>
{
    public async Task Handle(AwardLapsed message, CancellationToken ct)
    {
        using var span = Tracing.Start("inbox award lapsed", message.ApplicationId);
        var application = await db.ApplicationAsync(message, message.CallId, ct);
        application.LapsedAt ??= message.At;
        foreach (var template in new[] { ItemTemplate.Account, ItemTemplate.Prepare, ItemTemplate.Accept, ItemTemplate.Sign })
            await db.CloseAsync(template, message.ApplicationId, message.At, ct);
        await db.DropHeldLettersAsync(message.ApplicationId, letter => letter.Kind == LetterKind.Award, message.At, ct);
        var amount = new Money(message.AmountMinor, message.Currency);
        await db.TellAsync(
            new(ItemTemplate.Lapsed, Audience.Role(Role.ProgrammeOfficer), message.ApplicationId, message.CallId, $"/applications/{message.ApplicationId}/timeline"),
            message, ct, amount);
        if (await db.IsToldOfAwardAsync(message.ApplicationId, ct))
        {
            await db.TellAsync(
                new(ItemTemplate.AwardEnded, Audience.Organisation(message.OrganisationId), message.ApplicationId, message.CallId, $"/applications/{message.ApplicationId}/timeline"),
                message, ct, amount);
        }
    }
}

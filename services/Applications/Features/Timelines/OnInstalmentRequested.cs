using System.Globalization;
using Grants.Applications.Domain;
using Grants.Contracts.Disbursements;
using Grants.Platform.Messaging;

namespace Grants.Applications.Features.Timelines;

/// <summary>An instalment is due.</summary>
public sealed class OnInstalmentRequested(ApplicationsDb db) : IHandle<InstalmentRequested>
{
    /// <inheritdoc />
    public Task Handle(InstalmentRequested message, CancellationToken ct)
    {
        db.Add(TimelineEntry.Of(message.ApplicationId, message.At, TimelineKind.InstalmentDue, message.Number.ToString(CultureInfo.InvariantCulture), message.AmountMinor, message.Currency));
        return Task.CompletedTask;
    }
}

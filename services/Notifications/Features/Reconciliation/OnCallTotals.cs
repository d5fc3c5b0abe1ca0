using Grants.Platform.Reconciliation;

namespace Grants.Notifications.Features.Reconciliation;

/// <summary>Keeps the figures of the other services, to compare them with this one's.</summary>
public sealed class OnCallTotals(NotificationsDb db) : KeepTotals(db);

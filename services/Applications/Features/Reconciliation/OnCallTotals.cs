using Grants.Platform.Reconciliation;

namespace Grants.Applications.Features.Reconciliation;

/// <summary>Keeps the figures of the other services, to compare them with this one's.</summary>
public sealed class OnCallTotals(ApplicationsDb db) : KeepTotals(db);

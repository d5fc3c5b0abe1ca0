using Grants.Platform.Reconciliation;

namespace Grants.Reviews.Features.Reconciliation;

/// <summary>Keeps the figures of the other services, to compare them with this one's.</summary>
public sealed class OnCallTotals(ReviewsDb db) : KeepTotals(db);

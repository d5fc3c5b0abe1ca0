using Grants.Contracts.Calls;
using Grants.Platform;

namespace Grants.Applications.Domain;

/// <summary>
/// The sums of a budget and what they break. All is exact: a share is compared by multiplying, so a limit that is broken by one cent is broken and one that is kept is kept.
/// </summary>
/// <param name="Rows">Rows in order.</param>
/// <param name="Headings">Sum of each heading of the call, in its order.</param>
/// <param name="ByPartner">Sum of what each partner spends; the empty id is the applicant.</param>
/// <param name="TotalMinor">Sum of all rows.</param>
/// <param name="OwnMinor">What the applicant and its partners add.</param>
/// <param name="Problems">What keeps it from being submitted.</param>
public sealed record ProjectBudget(
    IReadOnlyList<BudgetRow> Rows, IReadOnlyList<(BudgetHeading Heading, long Minor)> Headings, IReadOnlyDictionary<Guid, long> ByPartner, long TotalMinor, long OwnMinor,
    IReadOnlyList<BudgetProblem> Problems)
{
    // The whole, in hundredths of a percent.
    const int Whole = 10_000;

    /// <summary>What is asked for: the total less what is added.</summary>
    public long RequestedMinor => TotalMinor - OwnMinor;

    /// <summary>Whether an own contribution can be made at all.</summary>
    public static bool TakesOwn(CallDefinition call) => call.Cofinancing.MaxShareHundredths > 0;

    /// <summary>Adds up and compares with the limits of the call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="own">The own contribution as stored; empty for none.</param>
    public static ProjectBudget Of(CallDefinition call, IEnumerable<BudgetRow> rows, string own)
    {
        var ordered = BudgetRow.InOrder(rows);
        var ownMinor = TakesOwn(call) && MoneyParser.TryParse(own, call.Currency, out var amount, out _) ? amount.Minor : 0;
        var headings = call.Budget.Headings.Select(heading => (heading, ordered.Where(row => row.Heading == heading.Id).Sum(row => row.TotalMinor))).ToList();
        var byPartner = ordered.GroupBy(row => row.PartnerId ?? Guid.Empty).ToDictionary(group => group.Key, group => group.Sum(row => row.TotalMinor));
        var budget = new ProjectBudget(ordered, headings, byPartner, ordered.Sum(row => row.TotalMinor), ownMinor, []);
        return budget with { Problems = [.. budget.Broken(call)] };
    }

    IEnumerable<BudgetProblem> Broken(CallDefinition call)
    {
        if (Rows.Count == 0)
        {
            yield return new(BudgetProblemKind.NoRows);
            yield break;
        }

        // A heading that an amendment of the call took away: its rows would be in no sum.
        foreach (var row in Rows.Where(row => call.Budget.Headings.All(heading => heading.Id != row.Heading))) yield return new(BudgetProblemKind.HeadingGone) { Row = row };
        foreach (var limit in call.Budget.Limits)
        {
            var written = SumOf(limit.Headings);
            if (limit.MaxMinor is { } most && written > most) yield return new(BudgetProblemKind.AboveAmount) { Limit = limit, WrittenMinor = written, AllowedMinor = most };
            if (limit.MaxShareHundredths is not { } share) continue;
            var of = limit.Of.Count == 0 ? TotalMinor : SumOf(limit.Of);
            if (IsAbove(written, share, of)) yield return new(BudgetProblemKind.AboveShare) { Limit = limit, WrittenMinor = written, AllowedMinor = PartOf(share, of), OfMinor = of };
        }

        var (least, largest) = (call.Cofinancing.MinShareHundredths, call.Cofinancing.MaxShareHundredths);
        if (IsAbove(OwnMinor, Whole, TotalMinor)) yield return new(BudgetProblemKind.OwnAboveTotal) { WrittenMinor = OwnMinor, AllowedMinor = TotalMinor };
        else if (IsAbove(OwnMinor, largest, TotalMinor)) yield return new(BudgetProblemKind.OwnAbove) { WrittenMinor = OwnMinor, AllowedMinor = PartOf(largest, TotalMinor), OfMinor = TotalMinor };
        // Written the other way round: what is asked for may be at most the rest.
        else if (IsAbove(RequestedMinor, Whole - least, TotalMinor))
            yield return new(BudgetProblemKind.OwnBelow) { WrittenMinor = OwnMinor, AllowedMinor = TotalMinor - PartOf(Whole - least, TotalMinor), OfMinor = TotalMinor };
        if (RequestedMinor < call.MinGrantMinor || RequestedMinor > call.MaxGrantMinor) yield return new(BudgetProblemKind.AmountOutside) { WrittenMinor = RequestedMinor };
    }

    long SumOf(IReadOnlyList<string> headings) => Headings.Where(sum => headings.Contains(sum.Heading.Id)).Sum(sum => sum.Minor);

    /// <summary>Whether an amount is more than a share of another.</summary>
    public static bool IsAbove(long minor, int shareHundredths, long ofMinor) => (Int128)minor * Whole > (Int128)shareHundredths * ofMinor;

    /// <summary>The largest amount in whole minor units that is not more than the share.</summary>
    public static long PartOf(int shareHundredths, long ofMinor) => (long)((Int128)shareHundredths * ofMinor / Whole);
}

/// <summary>What can be wrong with a budget as a whole.</summary>
public enum BudgetProblemKind
{
    /// <summary>No row yet.</summary>
    NoRows,

    /// <summary>A row stands under a heading that the call no longer has.</summary>
    HeadingGone,

    /// <summary>Some headings are above an amount.</summary>
    AboveAmount,

    /// <summary>Some headings are above a share of others.</summary>
    AboveShare,

    /// <summary>More is added than everything costs.</summary>
    OwnAboveTotal,

    /// <summary>More is added than counts.</summary>
    OwnAbove,

    /// <summary>Less is added than must be.</summary>
    OwnBelow,

    /// <summary>What is asked for is below the smallest or above the largest grant.</summary>
    AmountOutside,
}

/// <summary>What is wrong with a budget as a whole, with the amounts its sentence names.</summary>
/// <param name="Kind">What it is.</param>
public sealed record BudgetProblem(BudgetProblemKind Kind)
{
    /// <summary>The limit that is broken.</summary>
    public BudgetLimit? Limit { get; init; }

    /// <summary>The row it is about.</summary>
    public BudgetRow? Row { get; init; }

    /// <summary>What was written.</summary>
    public long WrittenMinor { get; init; }

    /// <summary>What would be allowed: at most, or for an own contribution that is too small at least.</summary>
    public long AllowedMinor { get; init; }

    /// <summary>What the share is of.</summary>
    public long OfMinor { get; init; }
}

using Grants.Contracts.Applications;
using Grants.Contracts.Calls;

namespace Grants.Disbursements.Domain;

/// <summary>A budget as an officer corrected it; its sums were made by the server. Never changed: another correction is another row.</summary>
public sealed record BudgetCorrection
{
    public required Guid Id { get; init; }

    public required Guid ApplicationId { get; init; }

    /// <summary>1 for the first of this grant.</summary>
    public required int Number { get; init; }

    /// <summary>Sum of all lines after it.</summary>
    public required long TotalMinor { get; init; }

    /// <summary>What the grantee and its partners add, as submitted.</summary>
    public required long OwnMinor { get; init; }

    /// <summary>What is left of the grant: never more than before.</summary>
    public required long GrantMinor { get; init; }

    public required string Currency { get; init; }

    public required Guid By { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A line that a correction lowered.</summary>
public sealed record CorrectedLine
{
    public required Guid CorrectionId { get; init; }

    /// <summary>Id of the line in the dossier.</summary>
    public required string LineId { get; init; }

    public required long BeforeMinor { get; init; }

    /// <summary>0 for a line that is not eligible.</summary>
    public required long TotalMinor { get; init; }

    /// <summary>False when the cost may not be charged to the grant at all.</summary>
    public required bool Eligible { get; init; }

    public required string Reason { get; init; }
}

/// <summary>That the grantee accepted a corrected budget. Never changed.</summary>
public sealed record BudgetAcceptance
{
    public required Guid CorrectionId { get; init; }

    public required Guid PersonId { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What is wrong with a corrected budget.</summary>
public enum BudgetProblem
{
    /// <summary>The corrected lines do not cover what the grantee adds: nothing is left of the grant.</summary>
    NothingLeft,

    /// <summary>A limit of the call is passed.</summary>
    Limit,

    /// <summary>What the grantee adds is less than the call's smallest share.</summary>
    OwnShareTooSmall,

    /// <summary>Less than the smallest grant of the lot.</summary>
    BelowSmallestGrant,
}

/// <summary>Lines, sums and limits of a budget under correction.</summary>
/// <param name="Lines">Lines of the dossier with what they are now.</param>
/// <param name="OwnMinor">What the grantee and its partners add.</param>
/// <param name="GrantableMinor">The most the grant may be.</param>
public sealed record CorrectedBudget(IReadOnlyList<CorrectedBudget.Line> Lines, long OwnMinor, long GrantableMinor)
{
    /// <summary>A line and its sum now.</summary>
    public sealed record Line(DossierBudgetLine Submitted, long TotalMinor);

    public long TotalMinor => Lines.Aggregate(0L, (sum, line) => checked(sum + line.TotalMinor));

    /// <summary>What the grant comes to: what the lines cost less what the grantee adds, never more than before.</summary>
    public long GrantMinor => Math.Min(GrantableMinor, TotalMinor - OwnMinor);

    public long HeadingMinor(string heading) => Lines.Where(line => line.Submitted.Heading == heading).Aggregate(0L, (sum, line) => checked(sum + line.TotalMinor));

    /// <summary>What is wrong by the rules of the call; the limit, where one is passed.</summary>
    public IEnumerable<(BudgetProblem Problem, BudgetLimit? Limit)> Check(CallDefinition call, string? lot)
    {
        if (GrantMinor <= 0)
        {
            yield return (BudgetProblem.NothingLeft, null);
            yield break;
        }

        foreach (var limit in call.Budget.Limits)
            if (!Keeps(limit)) yield return (BudgetProblem.Limit, limit);
        // In whole numbers, cross-multiplied: a share of exactly the limit keeps it, and nothing is rounded.
        if ((Int128)OwnMinor * 10_000 < (Int128)call.Cofinancing.MinShareHundredths * TotalMinor) yield return (BudgetProblem.OwnShareTooSmall, null);
        var held = call.Lots.FirstOrDefault(known => known.Id == lot) ?? (call.Lots.Count == 1 ? call.Lots[0] : null);
        if (held is not null && GrantMinor < held.MinGrantMinor) yield return (BudgetProblem.BelowSmallestGrant, null);
    }

    bool Keeps(BudgetLimit limit)
    {
        var limited = limit.Headings.Aggregate(0L, (sum, heading) => checked(sum + HeadingMinor(heading)));
        var whole = limit.Of.Count == 0 ? TotalMinor : limit.Of.Aggregate(0L, (sum, heading) => checked(sum + HeadingMinor(heading)));
        return (limit.MaxMinor is not { } most || limited <= most) && (limit.MaxShareHundredths is not { } share || (Int128)limited * 10_000 <= (Int128)share * whole);
    }
}

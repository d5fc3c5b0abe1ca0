namespace Grants.Reviews.Domain;

/// <summary>One application on the ranking list.</summary>
/// <param name="Case">The application.</param>
/// <param name="ScoreHundredths">Its score in the last evaluation; null while reviews are missing.</param>
/// <param name="Reviews">How many reviews count.</param>
/// <param name="AmountMinor">What it would cost: the recommended or awarded amount, otherwise the amount asked for.</param>
public sealed record Candidate(ReviewCase Case, int? ScoreHundredths, int Reviews, long AmountMinor)
{
    /// <summary>How many reviews the evaluation it is at wants.</summary>
    public int ReviewsNeeded { get; init; } = 1;

    /// <summary>Why it is not good enough; null when it is, or while reviews are missing.</summary>
    public Shortfall? Shortfall { get; init; }

    /// <summary>Score in an evaluation before the last in which it stayed; it is not ranked by that.</summary>
    public int? EarlierScoreHundredths { get; init; }
}

/// <summary>A candidate in its place.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Place">Place from 1, equal scores share it; null when it cannot be placed.</param>
/// <param name="RunningMinor">What all fundable ones down to this one cost together; null when this one is not fundable.</param>
/// <param name="Fits">True when the running sum is within the budget.</param>
public sealed record Ranked(Candidate Candidate, int? Place, long? RunningMinor, bool Fits);

/// <summary>The order of applications and the line where the money ends.</summary>
public static class RankingList
{
    /// <summary>
    /// Best score first; equal scores share a place and stand in the order of submission. Below the threshold, or a
    /// minimum of a section or criterion, nothing is summed up. Candidates that were not
    /// recommended for funding, or were rejected, cost nothing and are passed over.
    /// </summary>
    public static IReadOnlyList<Ranked> Build(IEnumerable<Candidate> candidates, int thresholdHundredths, long budgetMinor)
    {
        var ordered = candidates.OrderByDescending(candidate => candidate.ScoreHundredths ?? -1)
            .ThenBy(candidate => candidate.Case.SubmittedAt).ThenBy(candidate => candidate.Case.Reference, StringComparer.Ordinal).ToList();
        var list = new List<Ranked>();
        var running = 0L;
        foreach (var candidate in ordered)
        {
            if (candidate.ScoreHundredths is not { } score)
            {
                list.Add(new Ranked(candidate, null, null, false));
                continue;
            }

            var place = 1 + ordered.Count(other => other.ScoreHundredths > score);
            if (score < thresholdHundredths || candidate.Shortfall is not null || candidate.AmountMinor == 0)
            {
                list.Add(new Ranked(candidate, place, null, false));
                continue;
            }

            running = checked(running + candidate.AmountMinor);
            list.Add(new Ranked(candidate, place, running, running <= budgetMinor));
        }

        return list;
    }
}

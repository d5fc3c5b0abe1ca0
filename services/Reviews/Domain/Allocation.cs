using Grants.Contracts.Calls;

namespace Grants.Reviews.Domain;

/// <summary>An application with all that ranking and dividing the money look at, and nothing else.</summary>
public sealed record Contender
{
    /// <summary>The application.</summary>
    public required Guid ApplicationId { get; init; }

    /// <summary>Its reference, the last word between equals.</summary>
    public required string Reference { get; init; }

    /// <summary>The lot it is for.</summary>
    public required string Lot { get; init; }

    /// <summary>Country of the applicant; empty when it is not known.</summary>
    public required string Country { get; init; }

    /// <summary>Who applies as lead.</summary>
    public required Guid OrganisationId { get; init; }

    /// <summary>When the submission arrived.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Amount asked for, minor units.</summary>
    public required long RequestedMinor { get; init; }

    /// <summary>Score in the last evaluation; null while reviews are missing.</summary>
    public int? ScoreHundredths { get; init; }

    /// <summary>Scores of the sections of the last grid, by their ids.</summary>
    public IReadOnlyDictionary<string, int> Sections { get; init; } = new Dictionary<string, int>();

    /// <summary>False when it is below a threshold or a minimum, whatever its score.</summary>
    public bool IsGoodEnough { get; init; } = true;
}

/// <summary>What the rules of the call make of an application. Every application has exactly one.</summary>
public enum ProposedOutcome
{
    /// <summary>To be funded.</summary>
    Fund,

    /// <summary>Good enough; it moves up when money is free again.</summary>
    Reserve,

    /// <summary>Good enough, but a rule keeps the money from it, and no list is kept for it.</summary>
    PassedOver,

    /// <summary>Below the threshold or a minimum.</summary>
    Below,

    /// <summary>Reviews are missing: it cannot be placed.</summary>
    Unscored,
}

/// <summary>Why: each is a sentence on the pages.</summary>
public enum ProposedWhy
{
    /// <summary>Its rank is high enough.</summary>
    Rank,

    /// <summary>It is one of the least number of grants of its country, which go before the rest; by rank alone it would get less or nothing.</summary>
    Country,

    /// <summary>Its rank is high enough, and the rest of the lot's budget is less than it asked for but enough by the rules.</summary>
    RestOfBudget,

    /// <summary>Its rank is high enough, and the organisation gets what its cap leaves.</summary>
    RestOfCap,

    /// <summary>Nothing is left of the lot's budget.</summary>
    BudgetSpent,

    /// <summary>What is left of the lot's budget is less than the least that may be awarded to it, so it is passed over.</summary>
    RestTooSmall,

    /// <summary>By rank alone it would be funded; the least number of grants of each country took the money.</summary>
    CountriesFirst,

    /// <summary>The organisation has as many grants as one may have.</summary>
    OrganisationHasEnough,

    /// <summary>What the cap leaves the organisation is less than the least that may be awarded.</summary>
    OrganisationCap,

    /// <summary>Below the threshold or a minimum.</summary>
    Below,

    /// <summary>Reviews are missing.</summary>
    Unscored,
}

/// <summary>An application in its place, with what is proposed for it.</summary>
/// <param name="Contender">The application.</param>
/// <param name="Place">Place in its lot from 1; those that only the reference tells apart share it. Null when it has no score.</param>
/// <param name="IsTied">True when it shares its place.</param>
/// <param name="Outcome">What is proposed.</param>
/// <param name="Why">Why.</param>
/// <param name="AmountMinor">The grant proposed; 0 unless it is to be funded.</param>
/// <param name="RestMinor">What was left of the lot's budget, or of the cap where that is the reason, when its turn came.</param>
/// <param name="LeastMinor">The least that may be awarded to it.</param>
/// <param name="ReservePlace">Place on the reserve list of its lot from 1; null when it is not on it.</param>
public sealed record Placed(
    Contender Contender, int? Place, bool IsTied, ProposedOutcome Outcome, ProposedWhy Why, long AmountMinor, long RestMinor, long LeastMinor, int? ReservePlace);

/// <summary>
/// Divides the money of a call among its applications by the rules of its definition: the order, each lot's own budget, the least number of grants of each
/// country before the rest goes by rank, the cap and number of grants of an organisation, the least share of what was asked for, the reserve list. It looks
/// at nothing else, so that equal input always has an equal answer, in whatever order it comes.
/// </summary>
public sealed class Allocator
{
    readonly CallDefinition call;
    readonly Dictionary<string, Lot> lots;

    /// <summary>Divides by the rules of a definition.</summary>
    public Allocator(CallDefinition call)
    {
        this.call = call;
        lots = call.Lots.ToDictionary(lot => lot.Id, StringComparer.Ordinal);
    }

    /// <summary>
    /// All contenders, lot by lot, each lot in its order: best score first, then by the tie-breaks of the last evaluation, then by reference.
    /// </summary>
    public IReadOnlyList<Placed> Propose(IEnumerable<Contender> contenders)
    {
        var ordered = contenders.OrderBy(one => one, Comparer<Contender>.Create(CompareTotally)).ToList();
        // What rank alone would give tells whom the grants per country helped, and from whom they took.
        var byRank = Divide(ordered, 0);
        var byRules = call.Allocation.MinGrantsPerCountry == 0 ? byRank : Divide(ordered, call.Allocation.MinGrantsPerCountry);

        var list = new List<Placed>();
        foreach (var lot in call.Lots)
        {
            var (index, place, reserve) = (0, 0, 0);
            Contender? before = null;
            var inLot = ordered.Where(one => one.Lot == lot.Id).ToList();
            foreach (var one in inLot)
            {
                index++;
                if (before is null || Compare(before, one) != 0) place = index;
                before = one;
                var share = byRules[one.ApplicationId];
                if (share.Outcome == ProposedOutcome.Fund && byRank[one.ApplicationId].Amount < share.Amount) share = share with { Why = ProposedWhy.Country };
                else if (share.Why is ProposedWhy.BudgetSpent or ProposedWhy.RestTooSmall && byRank[one.ApplicationId].Outcome == ProposedOutcome.Fund)
                    share = share with { Why = ProposedWhy.CountriesFirst };
                var isTied = one.ScoreHundredths is not null && inLot.Exists(other => other.ApplicationId != one.ApplicationId && Compare(other, one) == 0);
                list.Add(new Placed(
                    one, one.ScoreHundredths is null ? null : place, isTied, share.Outcome, share.Why, share.Amount, share.Rest, share.Least,
                    share.Outcome == ProposedOutcome.Reserve ? ++reserve : null));
            }
        }

        return list;
    }

    /// <summary>Countries of the call that have fewer grants in a proposal than the call wants for each.</summary>
    public IReadOnlyList<string> CountriesWithTooFew(IEnumerable<Placed> proposal)
    {
        var counts = proposal.Where(one => one.Outcome == ProposedOutcome.Fund).GroupBy(one => one.Contender.Country).ToDictionary(group => group.Key, group => group.Count());
        return [.. call.Countries.Where(country => counts.GetValueOrDefault(country) < call.Allocation.MinGrantsPerCountry)];
    }

    /// <summary>The least that may be awarded to an application that would get this much if it could: the smallest grant, or the least share of what was asked for.</summary>
    public long Least(string lotId, long requestedMinor, long wantedMinor)
    {
        // Rounded up: a share of 80 % of 1.01 is 0.81, since 0.80 would be less than 80 %.
        var share = (long)(((Int128)requestedMinor * call.Allocation.MinShareHundredths + 9_999) / 10_000);
        return Math.Max(1, Math.Min(wantedMinor, Math.Max(lots[lotId].MinGrantMinor, share)));
    }

    /// <summary>
    /// What may be awarded of a wanted amount when so much is left of the lot's budget and the organisation was awarded so much, so often; 0 when nothing may.
    /// </summary>
    public long Awardable(string lotId, long requestedMinor, long wantedMinor, long restMinor, long organisationMinor, int organisationGrants)
    {
        if (organisationGrants >= call.Allocation.MaxAwardsPerOrganisation) return 0;
        var wanted = Math.Min(wantedMinor, lots[lotId].MaxGrantMinor);
        var amount = Math.Min(wanted, Math.Min(restMinor, RestOfCap(organisationMinor)));
        return amount >= Least(lotId, requestedMinor, wanted) ? amount : 0;
    }

    long RestOfCap(long organisationMinor) => call.Allocation.CapPerOrganisationMinor is { } cap ? cap - organisationMinor : long.MaxValue;

    Dictionary<Guid, Share> Divide(List<Contender> ordered, int perCountry)
    {
        var shares = new Dictionary<Guid, Share>();
        var rests = call.Lots.ToDictionary(lot => lot.Id, lot => lot.BudgetMinor, StringComparer.Ordinal);
        var organisations = new Dictionary<Guid, (long Minor, int Grants)>();
        var countries = new Dictionary<string, int>(StringComparer.Ordinal);
        var good = ordered.Where(one => one is { ScoreHundredths: not null, IsGoodEnough: true }).ToList();

        // A first grant for each country before a second for any: when the money ends early, more countries have one.
        for (var round = 1; round <= perCountry; round++)
        {
            foreach (var one in good.Where(one => !shares.ContainsKey(one.ApplicationId)))
                if (one.Country.Length > 0 && countries.GetValueOrDefault(one.Country) < round) Try(one);
        }

        foreach (var one in good.Where(one => !shares.ContainsKey(one.ApplicationId)).ToList())
            if (!Try(one)) shares[one.ApplicationId] = WhyNot(one);
        foreach (var one in ordered.Where(one => !shares.ContainsKey(one.ApplicationId)))
        {
            shares[one.ApplicationId] = one.IsGoodEnough
                ? new Share(ProposedOutcome.Unscored, ProposedWhy.Unscored, 0, 0, 0)
                : new Share(ProposedOutcome.Below, ProposedWhy.Below, 0, 0, 0);
        }

        return shares;

        bool Try(Contender one)
        {
            var (minor, grants) = organisations.GetValueOrDefault(one.OrganisationId);
            var rest = rests[one.Lot];
            var amount = Awardable(one.Lot, one.RequestedMinor, one.RequestedMinor, rest, minor, grants);
            if (amount == 0) return false;
            var wanted = Math.Min(one.RequestedMinor, lots[one.Lot].MaxGrantMinor);
            var why = amount == wanted ? ProposedWhy.Rank : amount == rest ? ProposedWhy.RestOfBudget : ProposedWhy.RestOfCap;
            shares[one.ApplicationId] = new Share(ProposedOutcome.Fund, why, amount, rest, Least(one.Lot, one.RequestedMinor, wanted));
            rests[one.Lot] = rest - amount;
            organisations[one.OrganisationId] = (minor + amount, grants + 1);
            countries[one.Country] = countries.GetValueOrDefault(one.Country) + 1;
            return true;
        }

        Share WhyNot(Contender one)
        {
            var (minor, grants) = organisations.GetValueOrDefault(one.OrganisationId);
            var least = Least(one.Lot, one.RequestedMinor, Math.Min(one.RequestedMinor, lots[one.Lot].MaxGrantMinor));
            if (grants >= call.Allocation.MaxAwardsPerOrganisation) return new Share(ProposedOutcome.PassedOver, ProposedWhy.OrganisationHasEnough, 0, 0, least);
            if (RestOfCap(minor) < least) return new Share(ProposedOutcome.PassedOver, ProposedWhy.OrganisationCap, 0, RestOfCap(minor), least);
            var outcome = call.Stages.Any(stage => stage.Decision is { ReserveList: true }) ? ProposedOutcome.Reserve : ProposedOutcome.PassedOver;
            return new Share(outcome, rests[one.Lot] == 0 ? ProposedWhy.BudgetSpent : ProposedWhy.RestTooSmall, 0, rests[one.Lot], least);
        }
    }

    int CompareTotally(Contender one, Contender other)
    {
        var order = Compare(one, other);
        return order != 0 ? order : string.CompareOrdinal(one.Reference, other.Reference);
    }

    /// <summary>Below zero when the first stands before the second by the rules; zero when only the reference tells them apart.</summary>
    int Compare(Contender one, Contender other)
    {
        var order = (other.ScoreHundredths ?? -1).CompareTo(one.ScoreHundredths ?? -1);
        foreach (var rule in call.FinalEvaluation.TieBreaks)
        {
            if (order != 0) return order;
            order = rule.By switch
            {
                TieBreakKind.Section => other.Sections.GetValueOrDefault(rule.Section!).CompareTo(one.Sections.GetValueOrDefault(rule.Section!)),
                TieBreakKind.EarlierSubmission => one.SubmittedAt.CompareTo(other.SubmittedAt),
                _ => one.RequestedMinor.CompareTo(other.RequestedMinor),
            };
        }

        return order;
    }

    sealed record Share(ProposedOutcome Outcome, ProposedWhy Why, long Amount, long Rest, long Least);
}

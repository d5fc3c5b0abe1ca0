using FsCheck;
using FsCheck.Fluent;
using Grants.Contracts.Calls;
using Grants.Reviews.Domain;
using Grants.Testing;

namespace Grants.Reviews.Tests.Domain;

public sealed class AllocatorTests
{
    static readonly DateTimeOffset Day = new(2027, 1, 15, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Calls with one to three lots, three countries, caps, counts, shares, with and without a reserve list; applications that are often equal in something.</summary>
    static readonly Arbitrary<(CallDefinition Call, IReadOnlyList<Contender> Contenders)> Cases = (
        from lots in Gen.Choose(1, 3)
        from budgets in Gen.Choose(0, 30).ArrayOf(3)
        from perCountry in Gen.Choose(0, 2)
        from share in Gen.Elements(0, 7_000, 8_000, 10_000)
        from most in Gen.Choose(1, 2)
        from cap in Gen.Elements<long?>(null, 900, 1_500)
        from reserve in Gen.Elements(true, false)
        from ties in Gen.SubListOf(new TieBreak(TieBreakKind.Section, "relevance"), new TieBreak(TieBreakKind.EarlierSubmission, null), new TieBreak(TieBreakKind.SmallerRequest, null))
        from count in Gen.Choose(0, 12)
        from facts in Gen.Choose(0, 1_000_000).ArrayOf(8).ArrayOf(count)
        let call = Call(budgets[..lots].Select(budget => budget * 100L + 100), perCountry, share, most, cap, reserve, [.. ties])
        select (call, (IReadOnlyList<Contender>)[.. facts.Select((fact, index) => Of(
            $"R-{index:00}", fact[0] % 9 == 0 ? null : fact[0] % 5 * 100, fact[1] % 12 * 97 + 50, $"lot-{fact[2] % lots}", ((string[])["BA", "RS", "MK", ""])[fact[3] % 4],
            new Guid(fact[4] % 6, 1, 1, new byte[8]), fact[5] % 3, fact[6] % 3 * 100, fact[7] % 6 != 0))])).ToArbitrary();

    [Fact]
    public void No_budget_cap_or_number_is_exceeded_and_every_application_has_one_outcome() => Holds((call, contenders, list) =>
    {
        var funded = list.Where(one => one.Outcome == ProposedOutcome.Fund).ToList();
        return call.Lots.All(lot => funded.Where(one => one.Contender.Lot == lot.Id).Sum(one => one.AmountMinor) <= lot.BudgetMinor)
            && funded.GroupBy(one => one.Contender.OrganisationId).All(group =>
                group.Count() <= call.Allocation.MaxAwardsPerOrganisation && group.Sum(one => one.AmountMinor) <= (call.Allocation.CapPerOrganisationMinor ?? long.MaxValue))
            && funded.All(one => one.Contender.IsGoodEnough && one.AmountMinor >= one.LeastMinor && one.AmountMinor <= Math.Min(one.Contender.RequestedMinor, call.MaxGrantMinor)
                && (one.Contender.RequestedMinor > call.MaxGrantMinor || one.AmountMinor * 10_000 >= one.Contender.RequestedMinor * call.Allocation.MinShareHundredths))
            && list.Select(one => one.Contender.ApplicationId).Order().SequenceEqual(contenders.Select(one => one.ApplicationId).Order())
            && list.All(one => one.Outcome == ProposedOutcome.Fund == one.AmountMinor > 0 && one.Outcome == ProposedOutcome.Reserve == one.ReservePlace is not null)
            && call.Lots.All(lot => list.Where(one => one.Contender.Lot == lot.Id && one.ReservePlace is not null).Select(one => one.ReservePlace!.Value)
                .SequenceEqual(Enumerable.Range(1, list.Count(one => one.Contender.Lot == lot.Id && one.ReservePlace is not null))));
    });

    [Fact]
    public void The_order_in_which_applications_come_does_not_matter() => Holds((call, contenders, list) =>
        new Allocator(call).Propose(contenders.Reverse()).SequenceEqual(list)
        && new Allocator(call).Propose(contenders.OrderBy(one => one.RequestedMinor * 7919 % 1009)).SequenceEqual(list));

    [Fact]
    public void A_higher_score_never_lowers_a_rank() => Holds((call, contenders, list) => contenders.Where(one => one.ScoreHundredths is not null).All(one =>
        Place(new Allocator(call).Propose(contenders.Select(other => other == one ? one with { ScoreHundredths = one.ScoreHundredths + 100 } : other)), one) <= Place(list, one)));

    [Fact]
    public void A_second_model_that_adds_up_anew_each_time_agrees() => Holds((call, contenders, list) =>
    {
        var expected = Naive(call, contenders);
        return list.All(one => expected.GetValueOrDefault(one.Contender.ApplicationId) == one.AmountMinor);
    });

    [Fact]
    public void Each_country_has_its_grants_before_any_has_more_unless_no_application_of_it_could_have_one() => Holds((call, contenders, list) =>
    {
        var lacking = new Allocator(call).CountriesWithTooFew(list);
        var funded = list.Where(one => one.Outcome == ProposedOutcome.Fund).ToList();
        // Whoever of such a country was not funded would not even fit into the budget that countries with enough left over.
        return lacking.All(country => list.Where(one => one.Contender.Country == country && one.Outcome is ProposedOutcome.Reserve or ProposedOutcome.PassedOver
                && one.Why is ProposedWhy.BudgetSpent or ProposedWhy.RestTooSmall)
            .All(one => call.Lots.Single(lot => lot.Id == one.Contender.Lot).BudgetMinor - funded.Where(other => other.Contender.Lot == one.Contender.Lot).Sum(other => other.AmountMinor) < one.LeastMinor));
    });

    [Fact]
    public void Only_the_reference_tells_equals_apart_and_that_is_said()
    {
        var call = Call([1_000], 0, 0, 1, null, true, []);
        var list = new Allocator(call).Propose([Of("B", 1500, 700), Of("A", 1500, 700), Of("C", 1400, 700)]);

        Assert.Equal(["A", "B", "C"], list.Select(one => one.Contender.Reference));
        Assert.Equal([1, 1, 3], list.Select(one => one.Place));
        Assert.Equal([true, true, false], list.Select(one => one.IsTied));
        Assert.Equal([700, 300, 0], list.Select(one => one.AmountMinor));
    }

    [Fact]
    public void Tie_breaks_decide_in_the_order_of_the_definition()
    {
        var (early, small) = (Of("early", 1500, 700, hour: 1), Of("small", 1500, 600, hour: 2));
        string First(params TieBreakKind[] kinds) => new Allocator(Call([1_000], 0, 0, 1, null, true, [.. kinds.Select(kind => new TieBreak(kind, "relevance"))])).Propose([early, small])[0].Contender.Reference;

        Assert.Equal("early", First(TieBreakKind.EarlierSubmission, TieBreakKind.SmallerRequest));
        Assert.Equal("small", First(TieBreakKind.SmallerRequest, TieBreakKind.EarlierSubmission));
        small = small with { Sections = new Dictionary<string, int> { ["relevance"] = 900 } };
        Assert.Equal("small", First(TieBreakKind.Section, TieBreakKind.EarlierSubmission));
    }

    [Theory]
    [InlineData(0, 500, ProposedOutcome.Fund, ProposedWhy.RestOfBudget)]
    [InlineData(8_000, 500, ProposedOutcome.Reserve, ProposedWhy.RestTooSmall)]
    [InlineData(8_000, 560, ProposedOutcome.Fund, ProposedWhy.RestOfBudget)]
    [InlineData(8_000, 559, ProposedOutcome.Reserve, ProposedWhy.RestTooSmall)]
    [InlineData(0, 0, ProposedOutcome.Reserve, ProposedWhy.BudgetSpent)]
    [InlineData(0, 99, ProposedOutcome.Reserve, ProposedWhy.RestTooSmall)] // the smallest grant is 100
    public void The_rest_goes_to_the_next_only_if_it_is_enough_by_the_rules(int share, long rest, ProposedOutcome outcome, ProposedWhy why)
    {
        var list = new Allocator(Call([1_000 + rest], 0, share, 1, null, true, [])).Propose([Of("A", 1900, 1_000), Of("B", 1500, 700)]);

        Assert.Equal((outcome, why, outcome == ProposedOutcome.Fund ? rest : 0), (list[1].Outcome, list[1].Why, list[1].AmountMinor));
    }

    [Fact]
    public void Who_is_passed_over_does_not_stop_a_smaller_one_behind()
    {
        var list = new Allocator(Call([1_300], 0, 10_000, 1, null, true, [])).Propose([Of("A", 1900, 1_000), Of("B", 1800, 700), Of("C", 1700, 300)]);

        Assert.Equal([1_000, 0, 300], list.Select(one => one.AmountMinor));
        Assert.Equal((ProposedWhy.RestTooSmall, 1), (list[1].Why, list[1].ReservePlace));
    }

    [Fact]
    public void Of_one_organisation_no_more_than_the_number_and_the_cap_are_funded()
    {
        var one = Guid.NewGuid();
        var call = Call([9_000], 0, 0, 2, 1_200, true, []);
        var list = new Allocator(call).Propose([Of("A", 1900, 800, organisation: one), Of("B", 1800, 700, organisation: one), Of("C", 1700, 100, organisation: one)]);

        Assert.Equal([800, 400, 0], list.Select(placed => placed.AmountMinor));
        Assert.Equal([ProposedWhy.Rank, ProposedWhy.RestOfCap, ProposedWhy.OrganisationHasEnough], list.Select(placed => placed.Why));
        Assert.Equal(ProposedOutcome.PassedOver, list[2].Outcome);
    }

    [Fact]
    public void Countries_come_before_rank_and_both_sides_of_it_are_said()
    {
        var call = Call([1_000], 1, 10_000, 1, null, true, []);
        var list = new Allocator(call).Propose([Of("A", 1900, 500, country: "BA"), Of("B", 1800, 500, country: "BA"), Of("C", 1300, 500, country: "RS")]);

        Assert.Equal([500, 0, 500], list.Select(one => one.AmountMinor));
        Assert.Equal([ProposedWhy.Rank, ProposedWhy.CountriesFirst, ProposedWhy.Country], list.Select(one => one.Why));
        Assert.Equal(["MK"], new Allocator(call).CountriesWithTooFew(list));
    }

    [Fact]
    public void Below_the_threshold_or_without_a_score_nothing_is_proposed()
    {
        var list = new Allocator(Call([9_000], 0, 0, 1, null, false, [])).Propose([Of("A", null, 500), Of("B", 1100, 500, good: false), Of("C", 1000, 500)]);

        Assert.Equal(["B", "C", "A"], list.Select(one => one.Contender.Reference));
        Assert.Equal([1, 2, null], list.Select(one => one.Place));
        Assert.Equal([ProposedOutcome.Below, ProposedOutcome.Fund, ProposedOutcome.Unscored], list.Select(one => one.Outcome));
    }

    static void Holds(Func<CallDefinition, IReadOnlyList<Contender>, IReadOnlyList<Placed>, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Cases, given => property(given.Call, given.Contenders, new Allocator(given.Call).Propose(given.Contenders))));

    static int Place(IReadOnlyList<Placed> list, Contender one) => list.Single(placed => placed.Contender.ApplicationId == one.ApplicationId).Place!.Value;

    /// <summary>The same rules told otherwise: again and again the best that may have something, with all sums made anew from what was given so far.</summary>
    static Dictionary<Guid, long> Naive(CallDefinition call, IReadOnlyList<Contender> contenders)
    {
        var rules = call.Allocation;
        var given = new List<(Contender To, long Minor)>();
        var good = contenders.Where(one => one.ScoreHundredths is not null && one.IsGoodEnough).ToList();
        for (var round = 1; round <= rules.MinGrantsPerCountry; round++)
            while (Best(one => one.Country != "" && given.Count(gift => gift.To.Country == one.Country) < round) is { } next) given.Add(next);
        while (Best(_ => true) is { } next) given.Add(next);
        return given.ToDictionary(gift => gift.To.ApplicationId, gift => gift.Minor);

        (Contender, long)? Best(Func<Contender, bool> wanted)
        {
            var able = good.Where(one => wanted(one) && given.TrueForAll(gift => gift.To != one)).Select(one => (one, Minor: May(one))).Where(pair => pair.Minor > 0).ToList();
            // Money only gets less, so who may have nothing now may have nothing later: the best of those who may is the next in order.
            IOrderedEnumerable<(Contender one, long)> sorted = able.OrderBy(pair => -pair.one.ScoreHundredths!.Value);
            foreach (var rule in call.FinalEvaluation.TieBreaks)
            {
                sorted = rule.By switch
                {
                    TieBreakKind.Section => sorted.ThenBy(pair => -pair.one.Sections[rule.Section!]),
                    TieBreakKind.EarlierSubmission => sorted.ThenBy(pair => pair.one.SubmittedAt),
                    _ => sorted.ThenBy(pair => pair.one.RequestedMinor),
                };
            }

            return able.Count == 0 ? null : sorted.ThenBy(pair => pair.one.Reference, StringComparer.Ordinal).First();
        }

        long May(Contender one)
        {
            var lot = call.Lots.Single(lot => lot.Id == one.Lot);
            var mine = given.Where(gift => gift.To.OrganisationId == one.OrganisationId).ToList();
            if (mine.Count >= rules.MaxAwardsPerOrganisation) return 0;
            var wanted = Math.Min(one.RequestedMinor, lot.MaxGrantMinor);
            var left = Math.Min(lot.BudgetMinor - given.Where(gift => gift.To.Lot == one.Lot).Sum(gift => gift.Minor), (rules.CapPerOrganisationMinor ?? 1_000_000) - mine.Sum(gift => gift.Minor));
            var least = Math.Min(wanted, Math.Max(lot.MinGrantMinor, decimal.Ceiling(one.RequestedMinor * rules.MinShareHundredths / 10_000m)));
            return left >= wanted ? wanted : left >= least ? left : 0;
        }
    }

    static CallDefinition Call(IEnumerable<long> budgets, int perCountry, int share, int most, long? cap, bool reserve, IReadOnlyList<TieBreak> ties)
    {
        var call = SampleCall.In("en");
        return (call with
        {
            Countries = ["BA", "RS", "MK"],
            Lots = [.. budgets.Select((budget, index) => new Lot($"lot-{index}", SampleCall.Text(["en"], "Lot"), budget, 100, 1_000))],
            Allocation = new(share, most, cap, 0, perCountry),
        }).With(stage => stage switch
        {
            { Evaluation: { } evaluation } => stage with { Evaluation = evaluation with { TieBreaks = ties } },
            { Decision: { } decision } => stage with { Decision = decision with { ReserveList = reserve } },
            _ => stage,
        });
    }

    static Contender Of(
        string reference, int? score, long requested, string lot = "lot-0", string country = "BA", Guid? organisation = null, int hour = 0, int section = 0, bool good = true) => new()
    {
        ApplicationId = Guid.CreateVersion7(),
        Reference = reference,
        Lot = lot,
        Country = country,
        OrganisationId = organisation ?? Guid.NewGuid(),
        SubmittedAt = Day.AddHours(hour),
        RequestedMinor = requested,
        ScoreHundredths = score,
        Sections = new Dictionary<string, int> { ["relevance"] = section },
        IsGoodEnough = good,
    };
}

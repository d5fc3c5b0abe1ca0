using FsCheck;
using FsCheck.Fluent;
using Grants.Contracts.Calls;
using Grants.Disbursements.Domain;
using Grants.Platform;

namespace Grants.Disbursements.Tests.Domain;

public sealed class RulesTests
{
    static readonly IReadOnlyList<InstalmentRule> EightyTwenty = [new(8000, "agreement-in-force"), new(2000, "final-report-accepted")];

    static readonly Guid Me = Guid.CreateVersion7(), Officer = Guid.CreateVersion7(), Member = Guid.CreateVersion7(), Colleague = Guid.CreateVersion7();

    [Fact]
    public void Eighty_and_twenty_of_9999_99_lose_no_cent()
    {
        var plan = Instalment.Plan(Guid.CreateVersion7(), Guid.CreateVersion7(), new Money(9_999_99, "BAM"), EightyTwenty);
        Assert.Equal([7_999_99L, 2_000_00L], plan.Select(instalment => instalment.AmountMinor));
        Assert.Equal([1, 2], plan.Select(instalment => instalment.Number));
    }

    [Theory]
    // The rows of docs/worked-examples/instalments.md.
    [InlineData(9_999_99, "8000,2000", "799999,200000")]
    [InlineData(10_000_00, "8000,2000", "800000,200000")]
    [InlineData(10_000_01, "8000,2000", "800001,200000")]
    [InlineData(100_00, "3334,3333,3333", "3334,3333,3333")]
    [InlineData(1_00, "3334,3333,3333", "34,33,33")]
    [InlineData(5_000_01, "5000,3000,2000", "250001,150000,100000")]
    [InlineData(1, "8000,2000", "1,0")]
    [InlineData(3, "5000,5000", "2,1")]
    [InlineData(12_345_67, "4000,4000,2000", "493827,493827,246913")]
    public void Instalments_of_the_worked_examples(long minor, string shares, string parts)
    {
        var rules = shares.Split(',').Select(share => new InstalmentRule(int.Parse(share, System.Globalization.CultureInfo.InvariantCulture), "agreement-in-force")).ToList();
        Assert.Equal(parts, string.Join(',', Instalment.Split(new Money(minor, "BAM"), rules).Select(part => part.Minor)));
    }

    [Fact]
    public void A_plan_made_twice_is_the_same_plan()
    {
        var (grant, call) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var first = Instalment.Plan(grant, call, new Money(100_00, "BAM"), EightyTwenty);
        Assert.Equal(first.Select(i => i.Id), Instalment.Plan(grant, call, new Money(100_00, "BAM"), EightyTwenty).Select(i => i.Id));
        Assert.Equal(2, first.Select(i => i.Id).Distinct().Count());
    }

    [Fact]
    public void Instalments_of_any_schedule_sum_to_the_whole() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            Gen.Choose(1, int.MaxValue).ToArbitrary(), Gen.Choose(1, 9999).ToArbitrary(),
            (amount, share) => Instalment.Split(new Money(amount, "BAM"), [new(share, "agreement-in-force"), new(10_000 - share, "final-report-accepted")]).Sum(part => part.Minor) == amount));

    [Fact]
    public void A_schedule_that_cannot_be_carried_out_is_refused()
    {
        Assert.True(Instalment.CanPlan(EightyTwenty));
        Assert.False(Instalment.CanPlan([]));
        Assert.False(Instalment.CanPlan([new(8000, "agreement-in-force"), new(1999, "final-report-accepted")]));
        Assert.False(Instalment.CanPlan([new(10_000, "someday")]));
        Assert.False(Instalment.CanPlan([new(12_000, "agreement-in-force"), new(-2_000, "final-report-accepted")]));
    }

    [Fact]
    public void An_agreement_is_never_about_more_than_the_award()
    {
        var grant = Offerable();
        Assert.Throws<InvalidOperationException>(() => grant.Offer(new Money(100_01, "BAM")));
        Assert.Throws<InvalidOperationException>(() => grant.Offer(new Money(0, "BAM")));
        Assert.Throws<InvalidOperationException>(() => grant.Offer(new Money(100_00, "EUR")));
        grant.Offer(new Money(100_00, "BAM"));
    }

    [Theory]
    [InlineData(-5, 2)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void No_rule_of_a_call_makes_fewer_than_two_people_enough(int asked, int needed) => Assert.Equal(needed, PaymentRules.ApprovalsNeeded(1_00, WithApprovals(asked)));

    [Fact]
    public void How_many_people_a_payment_needs_goes_by_its_amount()
    {
        var call = WithApprovals(2) with { Approvals = [new(5_000_00, 2), new(20_000_00, 3), new(null, 4)] };
        Assert.Equal(2, PaymentRules.ApprovalsNeeded(5_000_00, call));
        Assert.Equal(3, PaymentRules.ApprovalsNeeded(5_000_01, call));
        Assert.Equal(4, PaymentRules.ApprovalsNeeded(20_000_01, call));
        // Limits without a last rule say nothing of a larger payment: nobody may.
        Assert.Null(PaymentRules.ApprovalsNeeded(20_000_01, call with { Approvals = [new(20_000_00, 3)] }));
    }

    [Fact]
    public void The_stricter_version_of_a_call_counts_and_an_unreadable_one_stops_everything()
    {
        Assert.Equal(3, PaymentRules.ApprovalsNeeded(1_00, WithApprovals(2), WithApprovals(3)));
        Assert.Null(PaymentRules.ApprovalsNeeded(1_00, WithApprovals(2), null));
        Assert.Null(PaymentRules.ApprovalsNeeded(1_00));
    }

    [Fact]
    public void Whoever_may_not_approve_is_told_why()
    {
        PaymentRefusal? Refuse(Guid person, bool role = true, InstalmentState state = InstalmentState.Requested, IReadOnlySet<Guid>? tied = null, bool known = true, int? needed = 2) =>
            PaymentRules.RefuseApproval(person, role, state, Officer, known ? tied ?? new HashSet<Guid> { Member } : null, [Colleague], needed);

        Assert.Null(Refuse(Me));
        Assert.Equal(PaymentRefusal.NotYourPlace, Refuse(Me, role: false));
        Assert.Equal(PaymentRefusal.ApprovedAlready, Refuse(Colleague));
        Assert.Equal(PaymentRefusal.AskedForIt, Refuse(Officer));
        Assert.Equal(PaymentRefusal.TiedToGrantee, Refuse(Member));
        Assert.Equal(PaymentRefusal.MembersUnknown, Refuse(Me, known: false));
        Assert.Equal(PaymentRefusal.RulesUnreadable, Refuse(Me, needed: null));
        foreach (var state in Enum.GetValues<InstalmentState>().Where(state => state is not (InstalmentState.Requested or InstalmentState.Approved)))
            Assert.Equal(PaymentRefusal.NotWaiting, Refuse(Me, state: state));
        // One approval is not enough, so an instalment that says it is approved waits for another.
        Assert.Null(Refuse(Me, state: InstalmentState.Approved));
        Assert.Equal(
            PaymentRefusal.NotWaiting, PaymentRules.RefuseApproval(Me, true, InstalmentState.Approved, Officer, new HashSet<Guid>(), [Colleague, Guid.CreateVersion7()], 2));
    }

    [Fact]
    public void An_instalment_counts_to_two_even_when_told_that_one_is_enough()
    {
        var instalment = Instalment.Plan(Guid.CreateVersion7(), Guid.CreateVersion7(), new Money(100_00, "BAM"), EightyTwenty)[0];
        instalment.Request(default);
        Assert.False(instalment.Approve(1, needed: 1, default));
        Assert.Equal(InstalmentState.Requested, instalment.State);
        Assert.True(instalment.Approve(2, needed: 1, default));
        Assert.Equal(InstalmentState.Approved, instalment.State);
    }

    [Theory]
    [InlineData("BA391290079401028494", "BA** **** 8494")]
    [InlineData("", "****")]
    public void Lists_show_an_account_without_its_middle(string iban, string shown) => Assert.Equal(shown, BankAccount.Mask(iban));

    static Grant Offerable()
    {
        var grant = Grant.FromAward(
            Guid.CreateVersion7(), Guid.CreateVersion7(), "R", Guid.CreateVersion7(), "O", "T", "d", "e", new Money(100_00, "BAM"), default, Officer, reserved: true);
        grant.GiveAccount(new BankAccount
        {
            Id = Guid.CreateVersion7(),
            ApplicationId = grant.ApplicationId,
            Holder = "H",
            Iban = Life.GoodIban,
            BankName = "B",
            Bic = "",
            Language = "bs",
            GivenBy = Member,
            GivenAt = default,
        });
        return grant;
    }

    static CallDefinition WithApprovals(int approvals) => Life.Any(approvals);
}

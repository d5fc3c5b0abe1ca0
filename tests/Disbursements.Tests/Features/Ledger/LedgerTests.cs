using System.Data.Common;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Persistence;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Ledger;

[Trait("Database", "both")]
public sealed class LedgerTests
{
    readonly Guid grant = Guid.CreateVersion7();

    [Fact]
    public async Task A_life_of_an_award_moves_the_four_counters_and_sums_to_zero()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        Assert.Null(await ledger.AwardAsync(grant, 80_00));
        Assert.Equal(new LedgerCounters(80_00, 0, 0, 100_00), await ledger.CountersAsync(LedgerAccount.CallOf(ledger.CallId)));

        Assert.Null(await ledger.RecordAsync(ledger.Payment(grant, Guid.CreateVersion7(), 50_00)));
        Assert.Equal(new LedgerCounters(30_00, 50_00, 0, 100_00), await ledger.CountersAsync(LedgerAccount.CallOf(ledger.CallId)));
        Assert.Equal(new LedgerCounters(0, 0, 30_00, 50_00), await ledger.CountersAsync(LedgerAccount.GrantOf(grant)));

        Assert.Null(await ledger.RecordAsync(LedgerTransfer.Void(ledger.CallId, grant, "less", LedgerDatabase.Bam(30_00), LedgerDatabase.At, Guid.Empty)));
        Assert.Equal(new LedgerCounters(0, 50_00, 0, 100_00), await ledger.CountersAsync(LedgerAccount.CallOf(ledger.CallId)));
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_domain_refuses_an_award_beyond_the_budget()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        Assert.Null(await ledger.AwardAsync(grant, 60_00));
        Assert.Equal(LedgerRefusal.BeyondBudget, await ledger.AwardAsync(Guid.CreateVersion7(), 40_01));
        Assert.Null(await ledger.AwardAsync(Guid.CreateVersion7(), 40_00));
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_database_refuses_an_award_beyond_the_budget_when_the_domain_did_not()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        var error = await Assert.ThrowsAnyAsync<DbException>(() => ledger.InTransactionAsync(async db =>
        {
            await db.OpenAsync(LedgerAccount.ForGrant(ledger.CallId, grant, "BAM"), default);
            await db.WriteAsync(LedgerTransfer.Award(ledger.CallId, grant, LedgerDatabase.Bam(100_01), LedgerDatabase.At, Guid.Empty), default);
        }));
        Assert.True(new DbUpdateException("", error).IsCheckViolation(), error.Message);
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_domain_refuses_a_payment_beyond_the_award()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await ledger.AwardAsync(grant, 60_00);
        await ledger.AwardAsync(Guid.CreateVersion7(), 40_00);
        Assert.Equal(LedgerRefusal.BeyondAward, await ledger.RecordAsync(ledger.Payment(grant, Guid.CreateVersion7(), 60_01)));
        Assert.Null(await ledger.RecordAsync(ledger.Payment(grant, Guid.CreateVersion7(), 60_00)));
        Assert.Equal(LedgerRefusal.BeyondAward, await ledger.RecordAsync(ledger.Payment(grant, Guid.CreateVersion7(), 1)));
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_database_refuses_a_payment_beyond_the_award_when_the_domain_did_not()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await ledger.AwardAsync(grant, 60_00);
        await ledger.AwardAsync(Guid.CreateVersion7(), 40_00);
        var error = await Assert.ThrowsAnyAsync<DbException>(() =>
            ledger.InTransactionAsync(db => db.WriteAsync(ledger.Payment(grant, Guid.CreateVersion7(), 60_01), default)));
        Assert.True(new DbUpdateException("", error).IsCheckViolation(), error.Message);
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task A_transfer_in_another_currency_is_refused_by_the_domain_and_by_the_database()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await ledger.AwardAsync(grant, 60_00);
        var euros = LedgerTransfer.Payment(ledger.CallId, grant, Guid.CreateVersion7(), new(1_00, "EUR"), LedgerDatabase.At, Guid.Empty);
        Assert.Equal(LedgerRefusal.OtherCurrency, await ledger.RecordAsync(euros));
        var error = await Assert.ThrowsAsync<DbUpdateException>(() => ledger.InTransactionAsync(db => db.WriteAsync(euros, default)));
        Assert.Contains("foreign key constraint", error.InnerException!.Message, StringComparison.OrdinalIgnoreCase);
        await ledger.AssertBooksAreRightAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Nothing_and_less_than_nothing_is_no_transfer(long minor)
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        Assert.Equal(LedgerRefusal.NotAnAmount, await ledger.AwardAsync(grant, minor));
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_same_transfer_again_changes_nothing_and_another_under_its_key_is_refused()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        var instalment = Guid.CreateVersion7();
        await ledger.AwardAsync(grant, 60_00);
        Assert.Null(await ledger.RecordAsync(ledger.Payment(grant, instalment, 10_00)));
        Assert.Null(await ledger.RecordAsync(ledger.Payment(grant, instalment, 10_00)));
        Assert.Equal(LedgerRefusal.KeyUsedDifferently, await ledger.RecordAsync(ledger.Payment(grant, instalment, 10_01)));
        Assert.Equal(10_00, (await ledger.CountersAsync(LedgerAccount.GrantOf(grant))).CreditsPosted);
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_database_refuses_a_second_transfer_under_the_same_key_when_the_domain_did_not()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        var instalment = Guid.CreateVersion7();
        await ledger.AwardAsync(grant, 60_00);
        await ledger.RecordAsync(ledger.Payment(grant, instalment, 10_00));
        await Assert.ThrowsAsync<DbUpdateException>(() => ledger.InTransactionAsync(db => db.WriteAsync(ledger.Payment(grant, instalment, 10_00), default)));
        Assert.Equal(10_00, (await ledger.CountersAsync(LedgerAccount.GrantOf(grant))).CreditsPosted);
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_ledger_is_not_written_outside_a_transaction()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await using var db = ledger.Open();
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.RecordAsync(LedgerTransfer.Budget(ledger.CallId, 2, LedgerDatabase.Bam(1), LedgerDatabase.At), default));
    }

    [Theory]
    [InlineData("update ledger_transfers set amount_minor = amount_minor + 1")]
    [InlineData("delete from ledger_transfers")]
    public async Task Transfers_can_be_neither_changed_nor_deleted(string sql)
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await using var db = ledger.Open();
        var error = await Assert.ThrowsAnyAsync<DbException>(() => db.Database.ExecuteSqlRawAsync(sql));
        Assert.Contains(TestDatabase.IsPostgres ? "permission denied" : "append-only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_awards_never_exceed_the_budget()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => ledger.AwardAsync(Guid.CreateVersion7(), 9_00))));
        Assert.Equal(11, outcomes.Count(refusal => refusal is null));
        Assert.All(outcomes.Where(refusal => refusal is not null), refusal => Assert.Equal(LedgerRefusal.BeyondBudget, refusal));
        Assert.Equal(99_00, (await ledger.CountersAsync(LedgerAccount.CallOf(ledger.CallId))).DebitsPending);
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Parallel_payments_never_exceed_the_award_and_the_same_one_is_paid_once()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await ledger.AwardAsync(grant, 50_00);
        var instalments = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToList();
        var outcomes = await Task.WhenAll(instalments.Concat(instalments).Concat(instalments)
            .Select(instalment => Task.Run(async () => (instalment, Refusal: await ledger.RecordAsync(ledger.Payment(grant, instalment, 9_00))))));
        Assert.Equal(5, outcomes.Where(outcome => outcome.Refusal is null).Select(outcome => outcome.instalment).Distinct().Count());
        Assert.Equal(new LedgerCounters(0, 0, 5_00, 45_00), await ledger.CountersAsync(LedgerAccount.GrantOf(grant)));
        await ledger.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_audit_finds_a_counter_that_somebody_edited()
    {
        using var ledger = await LedgerDatabase.CreateAsync(100_00);
        await ledger.AwardAsync(grant, 50_00);
        await using var db = ledger.Open();
        await db.Database.ExecuteSqlRawAsync("update ledger_accounts set credits_posted = credits_posted + 1 where kind = 'Call'");
        var difference = Assert.Single(await LedgerAudit.FindAsync(db, ledger.CallId, default));
        Assert.Equal((100_01, 100_00), (difference.Held.CreditsPosted, difference.Recomputed.CreditsPosted));
    }
}

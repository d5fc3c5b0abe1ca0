using System.Net;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Ledger;
using Grants.Platform.Http;
using Grants.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Grants.Disbursements.Tests;

/// <summary>SQLite lets one writer in at a time. Here writers really meet, so what holds money together is the order of locks and the CHECK constraints.</summary>
[Trait("Database", "postgres")]
public sealed class PostgresTests
{
    /// <summary>Settings of a fresh, migrated database.</summary>
    public static Task<(string Key, string Value)[]> DatabaseAsync() => PostgresServer.NewDatabaseAsync(DisbursementsService.Definition);

    static PostgresDisbursementsDb Open(string connection) => new(new DbContextOptionsBuilder<PostgresDisbursementsDb>().UseNpgsql(connection).Options);

    [Fact]
    public async Task People_who_click_at_the_same_moment_approve_list_and_pay_once()
    {
        await using var life = await Life.AwardedAsync(settings: await DatabaseAsync());
        var instalment = await life.InForceAsync();
        Caller[] officers = [life.Finance1, life.Finance2, life.Finance3];
        var approvals = await AtOnceAsync(18, number => life.PostAsync(officers[number % 3], $"/payments/{instalment}/approval", new { }));
        Assert.DoesNotContain(approvals, answer => answer.StatusCode == HttpStatusCode.InternalServerError);
        Assert.Equal([(1, false), (2, true)], (await life.Service.Events<PaymentApproved>()).Select(approval => (approval.Approvals, approval.Complete)));

        await AtOnceAsync(10, number => life.PostAsync(officers[number % 3], "/payments/lists", new { currency = "BAM" }));
        Assert.Equal(1, await life.Db(db => db.PaymentLists.CountAsync()));

        var settlements = await AtOnceAsync(18, number => life.PostAsync(officers[number % 3], $"/payments/{instalment}/settlement", new { statementLine = $"{number}/1", paidOn = "2027-01-04" }));
        Assert.All(settlements, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        Assert.Single(await life.Service.Events<PaymentSettled>());
        Assert.Equal(new LedgerCounters(0, 0, 1_600_00, 6_400_00), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Awards_that_arrive_at_the_same_moment_never_reserve_more_than_the_budget()
    {
        await using var life = await Life.StartAsync(await DatabaseAsync());
        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 20_000_00)));
        await AtOnceAsync(8, number => life.Service.DeliverOnceAsync(life.Award(applicationId: Guid.CreateVersion7(), reference: $"L4C-2026-{number:00000}")));
        var states = await life.Db(db => db.AwardedGrants.Select(grant => grant.State).ToListAsync());
        Assert.Equal((2, 6), (states.Count(state => state == GrantState.InPreparation), states.Count(state => state == GrantState.Incident)));
        Assert.Equal(16_000_00, (await life.CountersAsync(LedgerAccount.CallOf(life.CallId))).DebitsPending);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task The_constraint_stops_the_second_of_two_awards_that_both_saw_enough_money()
    {
        var connection = (await DatabaseAsync())[1].Value;
        var (call, first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var db = Open(connection))
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.OpenAsync(LedgerAccount.ForFunder(call, "BAM"), default);
            await db.OpenAsync(LedgerAccount.ForCall(call, "BAM"), default);
            foreach (var grant in new[] { first, second }) await db.OpenAsync(LedgerAccount.ForGrant(call, grant, "BAM"), default);
            await db.RecordAsync(LedgerTransfer.Budget(call, 1, LedgerDatabase.Bam(100_00), LedgerDatabase.At), default);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        await using var one = Open(connection);
        await using var other = Open(connection);
        await using var oneTransaction = await one.Database.BeginTransactionAsync();
        await using var otherTransaction = await other.Database.BeginTransactionAsync();
        Assert.Null(await one.RecordAsync(LedgerTransfer.Award(call, first, LedgerDatabase.Bam(60_00), LedgerDatabase.At, Guid.Empty), default));
        // The rules of the other have read 100.00 free, since the first has not committed. Its update waits for the row and then meets the constraint.
        Assert.Equal(100_00, (await other.AccountAsync(LedgerAccount.CallOf(call), default))!.FreeMinor);
        var late = other.WriteAsync(LedgerTransfer.Award(call, second, LedgerDatabase.Bam(60_00), LedgerDatabase.At, Guid.Empty), default);
        await one.SaveChangesAsync();
        await oneTransaction.CommitAsync();
        var error = await Assert.ThrowsAsync<PostgresException>(() => late);
        Assert.Equal(("23514", "ck_ledger_not_beyond_budget"), (error.SqlState, error.ConstraintName));
        await otherTransaction.RollbackAsync();

        await using var check = Open(connection);
        Assert.Empty(await LedgerAudit.FindAsync(check, null, default));
        Assert.Equal(60_00, (await check.AccountAsync(LedgerAccount.CallOf(call), default))!.DebitsPending);
    }

    [Theory]
    [InlineData("update ledger_transfers set amount_minor = amount_minor + 1")]
    [InlineData("delete from ledger_transfers")]
    [InlineData("truncate ledger_transfers cascade")]
    [InlineData("update bank_accounts set iban = 'BA00'")]
    [InlineData("delete from payment_approvals")]
    public async Task What_is_written_for_good_cannot_be_changed_with_sql(string sql)
    {
        var database = await DatabaseAsync();
        await using var life = await Life.AwardedAsync(settings: database);
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        var error = await Assert.ThrowsAsync<PostgresException>(() => life.Db(db => db.Database.ExecuteSqlRawAsync(sql)));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        // Not even by the owner of the tables, by mistake.
        await using var owner = Open(PostgresServer.AsOwner(database[1].Value));
        error = await Assert.ThrowsAsync<PostgresException>(() => owner.Database.ExecuteSqlRawAsync(sql));
        Assert.Contains("append-only", error.MessageText, StringComparison.Ordinal);
    }

    static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> act) => Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => act(number))));
}

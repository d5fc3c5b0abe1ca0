using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Disbursements.Features.Intake;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests;

/// <summary>On PostgreSQL two transactions may both read before either has written: what is read must be held.</summary>
[Trait("Database", "postgres")]
public sealed class InterleavingTests
{
    [Fact]
    public async Task From_award_to_payment_with_everybody_clicking_at_once_nothing_is_done_twice()
    {
        await using var life = await Life.AwardedAsync(settings: await PostgresTests.DatabaseAsync());
        await AtOnceAsync(6, _ => life.PostAsync(life.President, $"{life.GrantUrl}/account", life.Account()));
        var offer = await life.OfferFieldsAsync("7000");
        await AtOnceAsync(6, _ => life.PostAsync(life.Officer, $"{life.GrantUrl}/preparation", offer));
        var acceptance = await life.AcceptanceAsync();
        await AtOnceAsync(6, _ => life.PostAsync(life.President, $"{life.GrantUrl}/agreement", acceptance));
        await AtOnceAsync(6, _ => life.PostAsync(life.DecisionMaker, $"{life.GrantUrl}/agreement", acceptance));
        var instalment = await life.Db(db => db.Instalments.Where(i => i.Number == 1).Select(i => i.Id).SingleAsync());
        await AtOnceAsync(9, n => life.PostAsync(n % 3 == 0 ? life.Finance1 : n % 3 == 1 ? life.Finance2 : life.Finance3, $"/payments/{instalment}/approval", new { }));
        await AtOnceAsync(9, n => life.PostAsync(n % 2 == 0 ? life.Finance1 : life.Finance2, "/payments/lists", new { currency = "BAM" }));
        await AtOnceAsync(9, n => life.PostAsync(n % 2 == 0 ? life.Finance1 : life.Finance2, $"/payments/{instalment}/settlement", new { statementLine = $"14/{n}", paidOn = "2027-01-04" }));

        Assert.Equal(new LedgerCounters(0, 0, 1_400_00, 5_600_00), await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId)));
        Assert.Single(await life.Service.Events<AgreementOffered>());
        Assert.Equal(2, (await life.Service.Events<AgreementSigned>()).Count);
        Assert.Equal([(1, false), (2, true)], (await life.Service.Events<PaymentApproved>()).Select(approval => (approval.Approvals, approval.Complete)));
        Assert.Single(await life.Service.Events<PaymentSettled>());
        Assert.Equal(1, await life.Db(db => db.PaymentLists.CountAsync()));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_award_that_waited_for_another_is_refused_with_a_reason_and_not_by_the_database()
    {
        await using var life = await Life.StartAsync(await PostgresTests.DatabaseAsync());
        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 10_000_00)));
        await InterleaveAsync(
            life, db => HandleAsync(db, life.Award()), db => HandleAsync(db, life.Award(applicationId: Guid.CreateVersion7(), reference: "L4C-2026-00043")));
        Assert.Equal(LedgerRefusal.BeyondBudget, await life.Db(db => db.Incidents.Select(incident => incident.Refusal).SingleAsync()));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Two_versions_of_a_call_handled_at_the_same_time_give_the_budget_of_the_newer()
    {
        await using var life = await Life.StartAsync(await PostgresTests.DatabaseAsync());
        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 100_00), 1));
        var (second, third) = (life.Published(life.Definition(budgetMinor: 120_00), 2), life.Published(life.Definition(budgetMinor: 150_00), 3));
        await InterleaveAsync(life, db => new OnCallPublished(db).Handle(second, default), db => new OnCallPublished(db).Handle(third, default));
        Assert.Equal(150_00, await life.Db(db => db.LedgerAccounts.Where(account => account.Kind == LedgerAccountKind.Call).Select(account => account.CreditsPosted - account.DebitsPosted).SingleAsync()));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Who_was_removed_from_the_grantee_stays_removed_when_the_older_event_is_written_last()
    {
        await using var life = await Life.AwardedAsync(settings: await PostgresTests.DatabaseAsync());
        var removed = life.Organisation(3, new OrganisationMember(life.President.PersonId, true));
        var older = life.Organisation(2, [.. life.Members]);
        await InterleaveAsync(life, db => new OnOrganisationChanged(db).Handle(removed, default), db => new OnOrganisationChanged(db).Handle(older, default));
        Assert.Equal(3, await life.Db(db => db.Organisations.Select(organisation => organisation.Version).SingleAsync()));
        Assert.False(await life.Db(db => db.OrganisationPeople.Where(person => person.PersonId == life.Volunteer.PersonId).Select(person => person.Active).SingleAsync()));
    }

    static Task HandleAsync(DisbursementsDb db, Grants.Contracts.Reviews.AwardDecided award) =>
        new OnAwardDecided(db, Microsoft.Extensions.Logging.Abstractions.NullLogger<OnAwardDecided>.Instance).Handle(award, default);

    static async Task AtOnceAsync(int times, Func<int, Task<HttpResponseMessage>> post)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, times).Select(number => Task.Run(() => post(number))));
        Assert.All(answers, answer => Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{answer.StatusCode}"));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.Found);
    }

    /// <summary>The first has done everything but commit when the second begins; the second runs until it waits for the first, or to its end.</summary>
    static async Task InterleaveAsync(Life life, Func<DisbursementsDb, Task> first, Func<DisbursementsDb, Task> second)
    {
        Task other;
        await life.Db(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await first(db);
            await db.SaveChangesAsync();
            other = Task.Run(() => life.Db(async later =>
            {
                await using var its = await later.Database.BeginTransactionAsync();
                await second(later);
                await later.SaveChangesAsync();
                await its.CommitAsync();
                return 0;
            }));
            while (!other.IsCompleted && !await WaitsAsync(life)) await Task.Yield();
            await transaction.CommitAsync();
            await other;
            return 0;
        });
    }

    static Task<bool> WaitsAsync(Life life) => life.Db(async db => await db.Database.SqlQuery<int>(
        $"""select count(*)::int as "Value" from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'""").SingleAsync() > 0);
}

using Grants.Contracts.Accounts;
using Grants.Contracts.Applications;
using Grants.Disbursements.Domain;
using Grants.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Intake;

[Trait("Database", "both")]
public sealed class IntakeTests
{
    [Fact]
    public async Task A_published_call_has_its_budget_in_the_ledger_once()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition(50_000_00)));
        // Once more under another message id, as a republication would come.
        await life.Service.DeliverAsync(life.Published(life.Definition(50_000_00)));
        Assert.Equal(new LedgerCounters(0, 0, 0, 50_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        await life.AssertBooksAreRightAsync();
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task The_newest_version_of_a_call_gives_the_budget_in_whatever_order_they_come(int first, int second)
    {
        await using var life = await Life.StartAsync();
        var versions = new Dictionary<int, CallPublished> { [1] = life.Published(life.Definition(50_000_00), 1), [2] = life.Published(life.Definition(40_000_00), 2) };
        await life.Service.DeliverAsync(versions[first]);
        await life.Service.DeliverAsync(versions[second]);
        var call = await life.Db(db => db.LedgerAccounts.SingleAsync(account => account.Kind == LedgerAccountKind.Call));
        Assert.Equal(40_000_00, call.FreeMinor);
        Assert.Equal(2, await life.Db(db => db.CallVersions.CountAsync()));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task A_definition_without_its_hash_becomes_a_dead_letter()
    {
        await using var life = await Life.StartAsync();
        var wrong = life.Published(life.Definition()) with { DefinitionSha256 = new string('0', 64) };
        var outcome = Assert.Single(await life.Service.DeliverOnceAsync(wrong));
        Assert.Equal(Delivery.DeadLettered, outcome.Value);
        Assert.Equal(0, await life.Db(db => db.CallVersions.CountAsync()));
    }

    [Fact]
    public async Task Another_text_under_a_version_that_is_known_becomes_a_dead_letter()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition()));
        var outcome = Assert.Single(await life.Service.DeliverOnceAsync(life.Published(life.Definition(budgetMinor: 1_00))));
        Assert.Equal(Delivery.DeadLettered, outcome.Value);
    }

    [Fact]
    public async Task An_award_reserves_its_money()
    {
        await using var life = await Life.AwardedAsync();
        Assert.Equal(GrantState.InPreparation, await life.StateAsync());
        Assert.Equal(new LedgerCounters(8_000_00, 0, 0, 100_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_award_that_comes_again_under_another_id_reserves_nothing_more()
    {
        await using var life = await Life.AwardedAsync();
        await life.Service.DeliverAsync(life.Award());
        Assert.Equal(8_000_00, (await life.CountersAsync(LedgerAccount.CallOf(life.CallId))).DebitsPending);
    }

    [Fact]
    public async Task An_award_before_its_call_is_held_and_not_lost()
    {
        await using var life = await Life.StartAsync(("Messaging:HoldMilliseconds", "1"));
        Assert.Equal(Delivery.DeadLettered, Assert.Single(await life.Service.DeliverOnceAsync(life.Award())).Value);
        // Waiting: a job of the platform tries it again by itself.
        Assert.True(await life.Db(db => db.Set<DeadLetter>().Select(letter => letter.Waiting).SingleAsync()));
        Assert.Equal(0, await life.Db(db => db.AwardedGrants.CountAsync()));
        await life.Service.DeliverAsync(life.Published(life.Definition()));
        await life.Service.DeliverAsync(life.Award());
        Assert.Equal(GrantState.InPreparation, await life.StateAsync());
    }

    [Fact]
    public async Task An_award_beyond_the_budget_is_an_incident_that_people_see_and_that_a_larger_budget_resolves()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 7_999_99)));
        await life.Service.DeliverAsync(life.Organisation());
        await life.Service.DeliverAsync(life.Award());
        await life.Service.DeliverAsync(life.Told());
        Assert.Equal(GrantState.Incident, await life.StateAsync());
        Assert.Contains("more than the call has left", await life.PageAsync(life.Officer, life.GrantUrl), StringComparison.Ordinal);
        Assert.Contains("Somebody must look at this", await life.PageAsync(life.Finance1, $"/ledger/{life.CallId}"), StringComparison.Ordinal);
        var refused = await life.RefusedAsync(life.President, $"{life.GrantUrl}/account", life.Account());
        Assert.Contains("can no longer be changed", refused, StringComparison.Ordinal);
        await life.AssertBooksAreRightAsync();

        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 8_000_00), 2));
        Assert.Equal(GrantState.InPreparation, await life.StateAsync());
        Assert.DoesNotContain("Somebody must look at this", await life.PageAsync(life.Finance1, $"/ledger/{life.CallId}"), StringComparison.Ordinal);
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task An_award_in_another_currency_is_an_incident()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition()));
        await life.Service.DeliverAsync(life.Award(currency: "EUR"));
        Assert.Equal(GrantState.Incident, await life.StateAsync());
        Assert.Equal(LedgerRefusal.OtherCurrency, await life.Db(db => db.Incidents.Select(incident => incident.Refusal).SingleAsync()));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task A_budget_cut_below_what_is_reserved_leaves_nothing_to_award_and_is_an_incident_until_it_fits()
    {
        await using var life = await Life.AwardedAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 7_000_00), 2));
        // What is reserved stays, everything else went back.
        Assert.Equal(new LedgerCounters(8_000_00, 92_000_00, 0, 100_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        var incident = await life.Db(db => db.Incidents.SingleAsync());
        Assert.Equal((LedgerRefusal.BeyondBudget, 1_000_00L), (incident.Refusal, incident.AmountMinor));
        Assert.Contains("Somebody must look at this", await life.PageAsync(life.Finance1, $"/ledger/{life.CallId}"), StringComparison.Ordinal);
        await life.AssertBooksAreRightAsync();

        var next = life.Award(1, applicationId: Guid.CreateVersion7(), reference: "L4C-2026-00043");
        await life.Service.DeliverAsync(next);
        Assert.Equal(GrantState.Incident, await life.Db(db => db.AwardedGrants.Where(grant => grant.ApplicationId == next.ApplicationId).Select(grant => grant.State).SingleAsync()));

        // The grantee agrees to less: the call has its due first, and only then what waited.
        await life.GiveAccountAsync();
        await life.OfferAsync("6999.99");
        Assert.Equal(new LedgerCounters(7_000_00, 93_000_00, 0, 100_000_00), await life.CountersAsync(LedgerAccount.CallOf(life.CallId)));
        Assert.Equal(0, await life.Db(db => db.Incidents.CountAsync(open => open.ResolvedAt == null)));
        await life.AssertBooksAreRightAsync();
    }

    [Fact]
    public async Task Another_decision_on_an_application_that_is_awarded_becomes_a_dead_letter()
    {
        await using var life = await Life.AwardedAsync();
        var outcome = Assert.Single(await life.Service.DeliverOnceAsync(life.Award(9_000_00) with { DecisionSha256 = new string('c', 64) }));
        Assert.Equal(Delivery.DeadLettered, outcome.Value);
        Assert.Equal(8_000_00, (await life.CountersAsync(LedgerAccount.CallOf(life.CallId))).DebitsPending);
    }

    [Fact]
    public async Task Awards_delivered_at_the_same_time_never_reserve_more_than_the_budget()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition(budgetMinor: 20_000_00)));
        await Task.WhenAll(Enumerable.Range(1, 6).Select(number => Task.Run(() =>
            life.Service.DeliverOnceAsync(life.Award(applicationId: Guid.CreateVersion7(), reference: $"L4C-2026-{number:00000}")))));
        var states = await life.Db(db => db.AwardedGrants.Select(grant => grant.State).ToListAsync());
        Assert.Equal((2, 4), (states.Count(state => state == GrantState.InPreparation), states.Count(state => state == GrantState.Incident)));
        Assert.Equal(16_000_00, (await life.CountersAsync(LedgerAccount.CallOf(life.CallId))).DebitsPending);
        await life.AssertBooksAreRightAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_grantee_sees_the_grant_after_the_letter_and_not_before_whichever_event_comes_first(bool letterFirst)
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Published(life.Definition()));
        await life.Service.DeliverAsync(life.Organisation());
        if (letterFirst) await life.Service.DeliverAsync(life.Told());
        await life.Service.DeliverAsync(life.Award());
        if (!letterFirst)
        {
            await life.PageAsync(life.President, life.GrantUrl, System.Net.HttpStatusCode.NotFound);
            Assert.DoesNotContain("L4C-2026-00042", await life.PageAsync(life.President, "/grants"), StringComparison.Ordinal);
            await life.Service.DeliverAsync(life.Told());
        }

        await life.PageAsync(life.President, life.GrantUrl);
        Assert.Contains("L4C-2026-00042", await life.PageAsync(life.President, "/grants"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_of_rejection_shows_no_grant()
    {
        await using var life = await Life.StartAsync();
        await life.Service.DeliverAsync(life.Told() with { Kind = "rejection" });
        Assert.Equal(0, await life.Db(db => db.AwardLetters.CountAsync()));
    }

    [Fact]
    public async Task An_older_version_of_an_organisation_changes_nothing_but_who_once_belonged_to_it()
    {
        await using var life = await Life.AwardedAsync();
        await life.Service.DeliverAsync(life.Organisation(3, new OrganisationMember(life.President.PersonId, true)));
        await life.Service.DeliverAsync(life.Organisation(2, new OrganisationMember(life.Finance1.PersonId, true)) with { Name = "Old name" });
        var organisation = await life.Db(db => db.Organisations.SingleAsync());
        Assert.Equal((3, "Удружење «Нада» Требиње"), (organisation.Version, organisation.Name));
        var people = await life.Db(db => db.OrganisationPeople.ToDictionaryAsync(person => person.PersonId, person => person.Active));
        Assert.True(people[life.President.PersonId]);
        Assert.False(people[life.Volunteer.PersonId]);
        Assert.False(people[life.Finance1.PersonId]);
    }

    [Fact]
    public async Task An_older_name_of_a_person_is_ignored()
    {
        await using var life = await Life.StartAsync();
        var id = Guid.CreateVersion7();
        await life.Service.DeliverAsync(new PersonChanged(id, 2, life.Now, "New", "x@example.org", "bs", true));
        await life.Service.DeliverAsync(new PersonChanged(id, 1, life.Now, "Old", "x@example.org", "bs", true));
        Assert.Equal("New", await life.Db(db => db.People.Select(person => person.Name).SingleAsync()));
    }
}

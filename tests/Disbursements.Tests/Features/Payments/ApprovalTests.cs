using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Payments;

[Trait("Database", "both")]
public sealed class ApprovalTests
{
    [Fact]
    public async Task One_person_with_every_role_cannot_take_a_payment_through()
    {
        await using var life = await Life.AwardedAsync();
        var everything = Life.Person("Everything") with { Roles = [.. Role.All.Select(role => new HeldRole(role, "*"))] };
        await life.GiveAccountAsync();
        await life.DoAsync(everything, $"{life.GrantUrl}/preparation", await life.OfferFieldsAsync("8000"));
        await life.AcceptAsync(life.President);
        await life.AcceptAsync(everything);
        var instalment = await life.Db(db => db.Instalments.Where(i => i.Number == 1).Select(i => i.Id).SingleAsync());

        Assert.Contains("other people must approve", await life.RefusedAsync(everything, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict), StringComparison.Ordinal);
        await life.ListAsync(everything);
        await life.RefusedAsync(everything, $"/payments/{instalment}/settlement", new { statementLine = "1", paidOn = "2027-01-04" });
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
        Assert.Equal(0, (await life.CountersAsync(LedgerAccount.GrantOf(life.ApplicationId))).CreditsPosted);
    }

    [Fact]
    public async Task The_same_person_never_counts_twice()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => life.PostAsync(life.Finance1, $"/payments/{instalment}/approval", new { }))));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        Assert.Single(await life.Service.Events<PaymentApproved>());
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
        Assert.Contains("You approved it already", await life.PageAsync(life.Finance1, $"/payments/{instalment}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_refuses_a_second_approval_of_one_person_when_the_domain_did_not()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await Assert.ThrowsAsync<DbUpdateException>(() => life.Db(db =>
        {
            db.Approvals.Add(new PaymentApproval { Id = Guid.CreateVersion7(), Round = 0, InstalmentId = instalment, Approver = life.Finance1.PersonId, At = life.Now });
            return db.SaveChangesAsync();
        }));
    }

    [Fact]
    public async Task Officers_who_approve_at_the_same_moment_complete_it_once()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        var answers = await Task.WhenAll(new[] { life.Finance1, life.Finance2, life.Finance3 }.Select(officer => Task.Run(() => life.PostAsync(officer, $"/payments/{instalment}/approval", new { }))));
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Found));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal([(1, false), (2, true)], (await life.Service.Events<PaymentApproved>()).Select(approval => (approval.Approvals, approval.Complete)));
    }

    [Fact]
    public async Task Whoever_offered_the_agreement_cannot_approve_whatever_roles_they_have_later()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        var officer = life.Officer with { Roles = [new HeldRole(Role.FinanceOfficer, "*")] };
        Assert.Contains("You offered the agreement", await life.RefusedAsync(officer, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("You offered the agreement", await life.PageAsync(officer, "/payments"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finance_officer_of_the_grantee_present_or_former_approves_nothing()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Finance1.PersonId, true)]));
        await life.RefusedAsync(life.Finance1, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict);
        await life.Service.DeliverAsync(life.Organisation(3));
        Assert.Contains("You belong or belonged to the grantee", await life.RefusedAsync(life.Finance1, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal(0, await life.Db(db => db.Approvals.CountAsync()));
    }

    [Fact]
    public async Task An_approval_counts_no_longer_once_its_giver_turns_out_to_belong_to_the_grantee()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        // The membership was there, but its event comes only now.
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Finance1.PersonId, true)]));
        await life.ApproveAsync(life.Finance2, instalment);
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
        Assert.Contains("does not count", await life.PageAsync(life.Finance2, $"/payments/{instalment}"), StringComparison.Ordinal);
        await life.ApproveAsync(life.Finance3, instalment);
        Assert.Equal(InstalmentState.Approved, (await life.InstalmentAsync(instalment)).State);
        Assert.Equal([(1, false), (1, false), (2, true)], (await life.Service.Events<PaymentApproved>()).Select(approval => (approval.Approvals, approval.Complete)));
    }

    [Fact]
    public async Task What_was_approved_goes_on_no_list_after_an_approver_turned_out_to_belong_to_the_grantee_until_somebody_else_approves()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.Finance1.PersonId, true)]));
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance2));
        Assert.Equal(0, await life.Db(db => db.PaymentLines.CountAsync()));
        Assert.Contains("Waiting for you (1)", await life.PageAsync(life.Finance3, "/payments"), StringComparison.Ordinal);

        await life.ApproveAsync(life.Finance3, instalment);
        Assert.NotEqual("/payments/lists", await life.ListAsync(life.Finance2));
        Assert.Equal(InstalmentState.Listed, (await life.InstalmentAsync(instalment)).State);
    }

    [Fact]
    public async Task A_call_that_asks_for_more_people_before_the_list_is_made_gets_them()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        await life.Service.DeliverAsync(life.Published(life.Definition(approvals: 4), 2));
        Assert.Equal("/payments/lists", await life.ListAsync(life.Finance1));
        await life.ApproveAsync(life.Finance3, instalment);
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
        await life.ApproveAsync(Life.Person("Finance 4", Role.FinanceOfficer), instalment);
        Assert.NotEqual("/payments/lists", await life.ListAsync(life.Finance1));
    }

    [Fact]
    public async Task Nobody_approves_while_the_rules_of_the_call_cannot_be_read()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.Db(async db =>
        {
            db.CallVersions.Add(new CallVersion
            {
                CallId = life.CallId,
                Version = 9,
                Programme = "L4C",
                Currency = "BAM",
                TotalBudgetMinor = 1,
                TimeZone = "Europe/Sarajevo",
                Definition = "{ not json",
                DefinitionSha256 = "",
                PublishedAt = default,
            });
            return await db.SaveChangesAsync();
        });
        Assert.Contains("cannot be read", await life.RefusedAsync(life.Finance1, $"/payments/{instalment}/approval", new { }, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal(0, await life.Db(db => db.Approvals.CountAsync()));
    }

    [Fact]
    public async Task A_call_that_asks_for_three_people_gets_three()
    {
        await using var life = await Life.AwardedAsync(approvals: 3);
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        await life.ApproveAsync(life.Finance2, instalment);
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
        await life.ApproveAsync(life.Finance3, instalment);
        Assert.Equal(InstalmentState.Approved, (await life.InstalmentAsync(instalment)).State);
    }

    [Fact]
    public async Task A_call_that_asks_for_one_person_gets_two()
    {
        await using var life = await Life.AwardedAsync(approvals: 1);
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        Assert.Equal(InstalmentState.Requested, (await life.InstalmentAsync(instalment)).State);
    }

    [Fact]
    public async Task The_desk_says_what_waits_for_whom_and_shows_no_whole_account()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        await life.ApproveAsync(life.Finance1, instalment);
        var first = await life.PageAsync(life.Finance1, "/payments");
        Assert.Contains("Waiting for you (0)", first, StringComparison.Ordinal);
        Assert.Contains("You approved it already", first, StringComparison.Ordinal);
        var second = await life.PageAsync(life.Finance2, "/payments");
        Assert.Contains("Waiting for you (1)", second, StringComparison.Ordinal);
        Assert.Contains("1 of 2 so far", second, StringComparison.Ordinal);
        Assert.DoesNotContain("0794", second, StringComparison.Ordinal);
        Assert.Contains("BA39 1290 0794 0102 8494", await life.PageAsync(life.Finance2, $"/payments/{instalment}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_finance_officers_in_scope_approve_and_grantees_do_not_see_the_page()
    {
        await using var life = await Life.AwardedAsync();
        var instalment = await life.InForceAsync();
        var elsewhere = life.Finance1 with { Roles = [new HeldRole(Role.FinanceOfficer, "programme:OTHER")] };
        foreach (var person in new[] { elsewhere, life.President, life.Volunteer, life.Stranger, life.Officer, life.DecisionMaker, life.Auditor })
        {
            using var posted = await life.PostAsync(person, $"/payments/{instalment}/approval", new { });
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        }

        foreach (var person in new[] { elsewhere, life.President, life.Stranger })
            await life.PageAsync(person, $"/payments/{instalment}", HttpStatusCode.NotFound);
        Assert.DoesNotContain("L4C-2026-00042", await life.PageAsync(elsewhere, "/payments"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_planned_instalment_is_nobodys_to_approve()
    {
        await using var life = await Life.AwardedAsync();
        await life.InForceAsync();
        var second = await life.Db(db => db.Instalments.Where(i => i.Number == 2).Select(i => i.Id).SingleAsync());
        using var posted = await life.PostAsync(life.Finance1, $"/payments/{second}/approval", new { });
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }
}

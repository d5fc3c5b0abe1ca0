using System.Net;
using Grants.Contracts.Applications;
using Grants.Contracts.Disbursements;
using Grants.Disbursements.Domain;
using Grants.Platform.Http;
using Microsoft.EntityFrameworkCore;

namespace Grants.Disbursements.Tests.Features.Agreements;

public sealed class AgreementTests
{
    static async Task<Life> OfferedAsync()
    {
        var life = await Life.AwardedAsync();
        await life.GiveAccountAsync();
        await life.OfferAsync();
        return life;
    }

    [Fact]
    public async Task Both_sides_accept_the_text_that_was_offered_with_name_position_and_moment()
    {
        await using var life = await OfferedAsync();
        await life.AcceptAsync(life.President);
        life.Service.Clock.Advance(TimeSpan.FromHours(3));
        await life.AcceptAsync(life.DecisionMaker);
        var agreement = await life.Db(db => db.Agreements.SingleAsync());
        var acceptances = await life.Db(db => db.Acceptances.OrderBy(acceptance => acceptance.At).ToListAsync());
        Assert.Equal([AgreementSide.Grantee, AgreementSide.Funder], acceptances.Select(acceptance => acceptance.Side));
        Assert.All(acceptances, acceptance => Assert.Equal((agreement.TextSha256, "Amela Ćurić", "Predsjednica"), (acceptance.TextSha256, acceptance.FullName, acceptance.Position)));
        Assert.Equal(TimeSpan.FromHours(3), acceptances[1].At - acceptances[0].At);
        Assert.Equal(GrantState.InForce, await life.StateAsync());
    }

    [Fact]
    public async Task The_funder_cannot_accept_before_the_grantee()
    {
        await using var life = await OfferedAsync();
        Assert.Contains("does not wait for you", await life.RefusedAsync(life.DecisionMaker, $"{life.GrantUrl}/agreement", await life.AcceptanceAsync()), StringComparison.Ordinal);
        Assert.Equal(GrantState.AgreementOffered, await life.StateAsync());
    }

    [Fact]
    public async Task Another_text_than_the_one_offered_is_never_accepted()
    {
        await using var life = await OfferedAsync();
        var words = await life.RefusedAsync(
            life.President, $"{life.GrantUrl}/agreement", new { fullName = "Amela", position = "P", accept = "yes", textSha256 = new string('0', 64) });
        Assert.Contains("another text than the one that was offered", words, StringComparison.Ordinal);
        Assert.Equal(0, await life.Db(db => db.Acceptances.CountAsync()));
    }

    [Theory]
    [InlineData("", "P", "yes", "fullName")]
    [InlineData("Amela", "", "yes", "position")]
    [InlineData("Amela", "P", "", "accept")]
    public async Task What_is_missing_is_told_beside_its_field(string fullName, string position, string accept, string field)
    {
        await using var life = await OfferedAsync();
        var hash = await life.Db(db => db.Agreements.Select(agreement => agreement.TextSha256).SingleAsync());
        using var answer = await life.PostAsync(life.President, $"{life.GrantUrl}/agreement", new { fullName, position, accept, textSha256 = hash });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains($"id=\"{field}-error\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_accepts_for_both_sides_or_for_a_grantee_they_are_tied_to()
    {
        await using var life = await OfferedAsync();
        var both = life.President with { Roles = [new HeldRole(Role.DecisionMaker, "*")] };
        await life.AcceptAsync(both);
        await life.DoAsync(both, $"{life.GrantUrl}/agreement", await life.AcceptanceAsync());
        Assert.Equal(1, await life.Db(db => db.Acceptances.CountAsync()));

        var volunteer = life.Volunteer with { Roles = [new HeldRole(Role.DecisionMaker, "*")] };
        Assert.Contains("You act or acted for the grantee", await life.RefusedAsync(volunteer, $"{life.GrantUrl}/agreement", await life.AcceptanceAsync()), StringComparison.Ordinal);
        Assert.Equal(GrantState.AcceptedByGrantee, await life.StateAsync());
    }

    [Fact]
    public async Task A_decision_maker_who_left_the_grantee_is_still_tied_to_it()
    {
        await using var life = await OfferedAsync();
        await life.Service.DeliverAsync(life.Organisation(2, [.. life.Members, new OrganisationMember(life.DecisionMaker.PersonId, false)]));
        await life.Service.DeliverAsync(life.Organisation(3));
        await life.AcceptAsync(life.President);
        await life.RefusedAsync(life.DecisionMaker, $"{life.GrantUrl}/agreement", await life.AcceptanceAsync());
        Assert.Equal(GrantState.AcceptedByGrantee, await life.StateAsync());
    }

    [Fact]
    public async Task Only_those_who_may_sign_find_the_form()
    {
        await using var life = await OfferedAsync();
        foreach (var person in new[] { life.Volunteer, life.Officer, life.Finance1, life.Auditor })
        {
            Assert.DoesNotContain("Accept agreement", await life.PageAsync(person, $"{life.GrantUrl}/agreement"), StringComparison.Ordinal);
            using var posted = await life.PostAsync(person, $"{life.GrantUrl}/agreement", await life.AcceptanceAsync());
            Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        }

        using var shown = await life.GetAsync(life.Stranger, $"{life.GrantUrl}/agreement");
        using var text = await life.GetAsync(life.Stranger, $"{life.GrantUrl}/agreement/text");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shown.StatusCode, text.StatusCode));
    }

    [Fact]
    public async Task Twenty_acceptances_at_once_are_one_acceptance_and_one_request_for_payment()
    {
        await using var life = await OfferedAsync();
        foreach (var person in new[] { life.President, life.DecisionMaker })
        {
            var fields = await life.AcceptanceAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => life.PostAsync(person, $"{life.GrantUrl}/agreement", fields))));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        }

        Assert.Equal(2, (await life.Service.Events<AgreementSigned>()).Count);
        Assert.Single(await life.Service.Events<InstalmentRequested>());
    }

    [Fact]
    public async Task A_text_changed_on_disk_is_neither_shown_nor_accepted()
    {
        await using var life = await OfferedAsync();
        var hash = await life.Db(db => db.Agreements.Select(agreement => agreement.TextSha256).SingleAsync());
        var fields = await life.AcceptanceAsync();
        await File.AppendAllTextAsync(Path.Combine(life.Service.Folder, "files", "agreements", hash), " ");
        using var shown = await life.GetAsync(life.President, $"{life.GrantUrl}/agreement");
        using var posted = await life.PostAsync(life.President, $"{life.GrantUrl}/agreement", fields);
        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (shown.StatusCode, posted.StatusCode));
        Assert.Equal(0, await life.Db(db => db.Acceptances.CountAsync()));
    }
}
